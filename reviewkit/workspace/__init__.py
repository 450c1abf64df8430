"""The workspace on disk: the only code that knows folder and file names."""

import os
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from reviewkit.errors import NoProtocol, NotWritable, NoWorkspace, SearchGoingOn, UnknownReview, WhichReview
from reviewkit.model.runs import SearchRun
from reviewkit.workspace.runs import RUN_FILE, RUNNING, read_run

__all__ = ["Folders", "Workspace", "find_workspace"]


@dataclass(frozen=True, slots=True)
class Workspace:
    """A folder that holds reviews: `protocols/`, `searches/`, `exports/` and the embedded database."""

    root: Path

    @property
    def protocols(self) -> Path:
        """The folder of the protocol files; what makes a folder a workspace."""
        return self.root / "protocols"

    @property
    def database(self) -> Path:
        """The embedded database, used where the team has no server."""
        return self.root / "reviewkit.db"

    @property
    def cache(self) -> Path:
        """The folder of what is kept for speed alone; it may be deleted at any time."""
        return self.root / ".cache"

    def database_url(self, environment: Mapping[str, str] = os.environ) -> str:
        """The team's database where REVIEWKIT_DATABASE_URL names one, else the workspace's own file."""
        return environment.get("REVIEWKIT_DATABASE_URL", "").strip() or f"sqlite:///{self.database}"

    def reviews(self) -> list[str]:
        """The names of the reviews, one a protocol file, sorted."""
        found = self.protocols.glob("*.toml")  # hidden ones are what macOS and editors leave beside a file
        return sorted(path.stem for path in found if path.is_file() and not path.name.startswith("."))

    def choose(self, review: str | None) -> "Folders":
        """Return the folders of the review asked for, or of the only one.

        Raises:
            NoProtocol, WhichReview, UnknownReview: there is none, there are several, or not this one.
        """
        names = self.reviews()
        if not names:
            raise NoProtocol(folder=self.protocols)
        if review is None:
            if len(names) > 1:
                raise WhichReview(names=", ".join(names))
            review = names[0]
        if review not in names:
            raise UnknownReview(name=review, names=", ".join(names))
        return Folders(self, review)


@dataclass(frozen=True, slots=True)
class Folders:
    """The files of one review."""

    workspace: Workspace
    review: str

    @property
    def protocol(self) -> Path:
        """The protocol file."""
        return self.workspace.protocols / f"{self.review}.toml"

    @property
    def searches(self) -> Path:
        """The folder of the review's search runs."""
        return self.workspace.root / "searches" / self.review

    @property
    def exports(self) -> Path:
        """The folder of everything that can be made again."""
        return self.workspace.root / "exports" / self.review

    @property
    def archive(self) -> Path:
        """The folder of the deposit."""
        return self.exports / "archive"

    @property
    def report(self) -> Path:
        """The report, which an export writes anew whenever anything was done since the last one."""
        return self.exports / "report.html"

    @property
    def features(self) -> Path:
        """What the order of relevance reads of the records' texts."""
        return self.workspace.cache / f"{self.review}-features.npz"

    def ranking(self, whose: str) -> Path:
        """The order of relevance as it was last; `whose` is made of letters and digits."""
        return self.workspace.cache / f"{self.review}-order-{whose}.json"

    def run(self, run: str) -> Path:
        """The folder of one search run."""
        return self.searches / run

    def running(self, run: str) -> Path:
        """The folder of a search run that is still being received."""
        return self.searches / f"{RUNNING}{run}"

    def runs(self) -> list[SearchRun]:
        """Read every finished run, in the order of their first citation.

        Raises:
            DamagedRun: a `search.toml` is not readable.
        """
        found = [
            read_run(path.parent)
            for path in self.searches.glob(f"*/{RUN_FILE}")
            if not path.parent.name.startswith(".")
        ]
        return sorted(found, key=lambda run: (run.first, run.id))

    def unfinished(self) -> list[Path]:
        """The folders of runs that are being received, or whose process was killed before they finished."""
        return sorted(path for path in self.searches.glob(f"{RUNNING}*") if path.is_dir())

    def free_run_id(self, date: str, database: str, taken: Collection[str] = ()) -> str:
        """Return `<date>-<database>`, with -2, -3 ... appended when there is one already, here or in `taken`."""
        name, count = f"{date}-{database}", 1
        while self.run(name).exists() or name in taken:
            count += 1
            name = f"{date}-{database}-{count}"
        return name

    @contextmanager
    def searching(self) -> Iterator[None]:
        """Hold the right to search: one search of a review at a time, since they share folders and NCBI's patience.

        Raises:
            SearchGoingOn: another process holds it.
            NotWritable: there is no permission in the workspace.
        """
        from filelock import FileLock, Timeout

        lock = FileLock(self.searches / f"{RUNNING}lock")
        try:
            self.searches.mkdir(parents=True, exist_ok=True)
            lock.acquire(blocking=False)
        except Timeout:
            raise SearchGoingOn(review=self.review) from None
        except OSError as error:
            raise NotWritable(path=self.searches, reason=error.strerror or error) from error
        try:
            yield
        finally:
            lock.release()

    @contextmanager
    def numbering(self) -> Iterator[int]:
        """Hold the review's lock and yield the next free citation id; finish the run inside the block.

        Raises:
            DamagedRun: a `search.toml` is not readable.
            NotWritable: there is no permission in the workspace.
        """
        from filelock import FileLock

        try:
            self.searches.mkdir(parents=True, exist_ok=True)
            lock = FileLock(self.searches / ".lock")
            lock.acquire()
        except OSError as error:
            raise NotWritable(path=self.searches, reason=error.strerror or error) from error
        try:
            yield max((run.first + run.retrieved for run in self.runs()), default=1)
        finally:
            lock.release()


def find_workspace(start: Path) -> Workspace:
    """Find the workspace that a folder is in: the nearest folder, here or above, with `protocols/`.

    Raises:
        NoWorkspace: there is none.
    """
    start = start.resolve()
    for folder in (start, *start.parents):
        if (folder / "protocols").is_dir():
            return Workspace(folder)
    raise NoWorkspace(folder=start)
