"""A PubMed that changes from day to day, and a review that is searched, decided on and updated against it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from reviewkit.model.protocol import Protocol
from reviewkit.steps.dedup import deduplicate
from reviewkit.steps.search import run_searches
from reviewkit.steps.standing import Standing, standing
from reviewkit.steps.update import Updated, update_review
from reviewkit.steps.update_report import UpdateReport, report_update
from reviewkit.steps.update_window import Window
from reviewkit.store import Store
from reviewkit.workspace import Folders
from tests.build import decision
from tests.servers.entrez_terms import select_dates
from tests.servers.eutils import EutilsServer
from tests.servers.pubmed_records import Record
from tests.sources.conftest import Clock, access_to

FIRST, DECIDED, LATER, AFTER = "2024-05-01", "2024-05-03", "2024-05-11", "2024-05-20"


def made(*numbers: int, **given: object) -> list[Record]:
    """Records whose PMIDs end with the given numbers."""
    return [Record(30_000_000 + number, **given) for number in numbers]  # type: ignore[arg-type]


@dataclass
class Changing(EutilsServer):
    """A PubMed in which some records are there and found by no search: `unlisted` holds their PMIDs."""

    unlisted: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        super().__post_init__()
        self.select = self._listed

    def _listed(self, parameters: Mapping[str, str], records: Sequence[Record]) -> Sequence[Record]:
        return [r for r in select_dates(parameters["term"], records) if r.pmid not in self.unlisted]

    def put(self, *records: Record) -> None:
        """Add records, or put them in the place of those with their PMIDs."""
        assert not isinstance(self.records, int)
        held = {record.pmid: record for record in self.records}
        self.records = list({**held, **{record.pmid: record for record in records}}.values())

    def drop(self, *pmids: int) -> None:
        """Take records out of PubMed altogether."""
        assert not isinstance(self.records, int)
        self.records = [record for record in self.records if record.pmid not in pmids]


@dataclass
class Review:
    """One review and the server that it asks."""

    folders: Folders
    protocol: Protocol
    store: Store
    server: Changing
    clock: Clock = field(default_factory=Clock)
    email: str = "ann@example.org"

    def search(self, day: str = FIRST) -> None:
        asking = self.clock.asking(access_to(self.server.url, email=self.email))
        run_searches(self.folders, self.protocol, self.store, asking, now=lambda: f"{day}T10:00:00Z")
        deduplicate(self.store, f"{day}T10:00:00Z")

    def update(self, day: str = LATER, since: str = "", **given: object) -> Updated:
        window = Window(last=since == "last", since=date.fromisoformat(since) if since not in ("", "last") else None)
        access = access_to(self.server.url, email=self.email, **given.pop("access", {}))  # type: ignore[arg-type]
        return update_review(
            self.folders, self.protocol, self.store, self.clock.asking(access),
            now=lambda: f"{day}T10:00:00Z", window=window, **given,  # type: ignore[arg-type]
        )  # fmt: skip

    def decide(self, records: Iterable[int], verdict: str, day: str = DECIDED, stage: str = "title-abstract") -> None:
        self.store.add_protocol(self.protocol.version, self.protocol.source, day)
        criterion = "E1" if verdict == "exclude" else ""
        rows = [decision(r, verdict, stage=stage, criterion=criterion, protocol=self.protocol.version) for r in records]
        self.store.add([replace(row, at=f"{day}T12:00:00Z") for row in rows])

    def decide_all(self, include: Iterable[int], day: str = DECIDED) -> None:
        """Exclude everything that waits but the given records, which are included as full texts, too."""
        wanted = set(include)
        waiting = [r for r, found in self.stand.screening.stages["title-abstract"].items() if found.state == "pending"]
        self.decide([r for r in waiting if r not in wanted], "exclude", day)
        self.decide([r for r in waiting if r in wanted], "include", day)
        self.decide([r for r in waiting if r in wanted], "include", day, "full-text")

    @property
    def stand(self) -> Standing:
        return standing(self.store, self.protocol)

    def report(self, update: int = 1) -> UpdateReport:
        return report_update(self.store, self.protocol, self.stand, update)

    def pmids(self, citations: Iterable[int]) -> set[int]:
        """The last digits of the PMIDs of citations or records."""
        return {int(citation.pmid) - 30_000_000 for citation in self.store.citations(citations)}
