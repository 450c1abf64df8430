"""Duplicates among export files, without a workspace: clusters, what a person has to judge, the records that remain."""

import csv
import io
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO

from reviewkit.errors import AmbiguousIds, NamedTwice, OverwritesInput, UnknownOutput
from reviewkit.formats import FORMATS
from reviewkit.formats.cells import inert
from reviewkit.model import matches as matching
from reviewkit.model.citation import Citation, Finding
from reviewkit.model.duplicates import find_matches
from reviewkit.model.matches import Match
from reviewkit.model.partition import Partition
from reviewkit.model.represent import represent
from reviewkit.steps.outside import Entry, FileRead, Progress, Reading
from reviewkit.steps.rule_counts import BY_RULE, RuleCount, count_by_rule, likeliest_first
from reviewkit.workspace.files import replacing

READING, COMPARING, WRITING = "Reading", "Comparing", "Writing"


@dataclass(frozen=True, slots=True)
class Outputs:
    """Where to write: the clusters, the records that remain, the pairs for a person; what is None is not written."""

    clusters: Path | None = None
    records: Path | None = None
    unsure: Path | None = None

    @property
    def given(self) -> tuple[Path, ...]:
        """Those that are to be written."""
        return tuple(path for path in (self.clusters, self.records, self.unsure) if path is not None)


@dataclass(frozen=True, slots=True)
class FilesDeduplicated:
    """What was found in files: entry counts, matches by rule, clusters, and how many pairs a person has to judge.

    `prefixed`: ids of several tables were the same, so that each has its file's name before it.
    """

    files: tuple[FileRead, ...]
    findings: tuple[Finding, ...]
    more_findings: int
    kept: int
    records: int
    duplicates: int
    clusters: int
    rules: tuple[RuleCount, ...]
    unsure: int
    related: int
    prefixed: bool
    written: tuple[Path, ...]

    @property
    def rejected(self) -> int:
        """Entries of all files that could not be read."""
        return sum(file.rejected for file in self.files)


def deduplicate_files(paths: Sequence[Path], outputs: Outputs, progress: Progress) -> FilesDeduplicated:
    """Find the duplicates within and between export files, and write what was asked for.

    The files are read as a stream; for the records that remain they are read a second time, so that never more
    than the copies of unfinished clusters are held.

    Raises:
        NotReadable, UnreadableFile, AmbiguousIds, UnknownOutput, OverwritesInput: nothing was written.
    """
    writer = _writer(outputs.records) if outputs.records else None
    _check_places(paths, outputs)
    names = _Names(paths)
    reading = Reading(paths, READING, progress)

    def citations() -> Iterator[Citation]:
        yield from names.noting(reading.entries())
        progress(COMPARING, len(names.numbers), 1.0)

    rows = [
        Match(left=f.left, right=f.right, judgement=f.judgement, rule=f.rule, evidence=f.evidence, by=BY_RULE, at="")
        for f in find_matches(citations())
    ]
    records = matching.records(names.numbers, rows)
    unsure = likeliest_first(matching.unsure(records, rows))
    groups = [group for group in records.members.values() if len(group) > 1]
    shown, prefixed = names.shown()
    again = Reading(paths, WRITING, progress)
    with ExitStack() as files:
        if outputs.clusters:
            file = files.enter_context(replacing(outputs.clusters))
            _write_rows(file, ("ids",), ((";".join(shown[number] for number in group),) for group in groups))
        titles = dict.fromkeys((end for match in unsure for end in match.pair), "") if outputs.unsure else {}
        if writer and outputs.records:
            file = files.enter_context(replacing(outputs.records))
            file.writelines(writer(_records(_noting_titles(again.entries(), titles), records)))
        elif titles:
            for _ in _noting_titles(again.entries(), titles):
                pass
        if outputs.unsure:
            file = files.enter_context(replacing(outputs.unsure))
            _write_rows(file, ("id", "other_id", "rule", "evidence", "title", "other_title"), (
                (shown[m.left], shown[m.right], m.rule, m.evidence, titles[m.left], titles[m.right]) for m in unsure
            ))  # fmt: skip
    rules = count_by_rule((row.rule, row.judgement) for row in rows)
    return FilesDeduplicated(
        files=tuple(reading.files),
        findings=tuple(reading.findings),
        more_findings=reading.more_findings,
        kept=len(names.numbers),
        records=len(records.members),
        duplicates=len(names.numbers) - len(records.members),
        clusters=len(groups),
        rules=rules,
        unsure=len(unsure),
        related=sum(rule.related for rule in rules),
        prefixed=prefixed,
        written=outputs.given,
    )


# --- ids -----------------------------------------------------------------------------------------


class _Names:
    """What each entry is called in the outputs: the id that its table gives it, or its running number over all files.

    A table's ids must tell its rows apart. Where the ids of a table are also found in another file, every table's
    ids get the name of their file before them.
    """

    def __init__(self, paths: Sequence[Path]) -> None:
        self.numbers: list[int] = []
        self._paths = paths
        self._own: list[str] = []  # of the kept entries, in the order of `numbers`
        self._file: list[int] = []
        self._seen: set[str] = set()  # the ids of the file that is being read

    def noting(self, entries: Iterable[Entry]) -> Iterator[Citation]:
        """Pass the citations on and note what they are called."""
        for entry in entries:
            if not self._file or entry.file != self._file[-1]:
                self._seen = set()
            elif bool(entry.own_id) != bool(self._own[-1]):
                self._refuse(entry, "has an id, and rows before it have none" if entry.own_id else "has no id")
            if entry.own_id in self._seen:
                self._refuse(entry, f"has the id '{entry.own_id}', which another row has too")
            if ";" in entry.own_id:
                self._refuse(entry, f"has the id '{entry.own_id}', and ids are joined by semicolons in the output")
            if entry.own_id:
                self._seen.add(entry.own_id)
            self.numbers.append(entry.number)
            self._own.append(entry.own_id)
            self._file.append(entry.file)
            yield entry.citation

    def shown(self) -> tuple[Mapping[int, str], bool]:
        """Return number -> name, and whether the names of files had to go before the ids of tables."""
        plain = [own or str(number) for number, own in zip(self.numbers, self._own, strict=True)]
        prefixed = len(set(plain)) < len(plain)
        if prefixed:
            files = _distinct_names(self._paths)
            parts = zip(plain, self._own, self._file, strict=True)
            plain = [f"{files[file]}:{name}" if own else name for name, own, file in parts]
        return dict(zip(self.numbers, plain, strict=True)), prefixed

    def _refuse(self, entry: Entry, reason: str) -> None:
        raise AmbiguousIds(file=self._paths[entry.file], line=entry.citation.line, reason=reason)


def _distinct_names(paths: Sequence[Path]) -> list[str]:
    """Name files shortly, and in full where two are called the same; without semicolons, which join ids."""
    short = Counter(path.name for path in paths)
    return [(path.name if short[path.name] == 1 else str(path)).replace(";", ",") for path in paths]


# --- writing -------------------------------------------------------------------------------------


def _check_places(paths: Sequence[Path], outputs: Outputs) -> None:
    read = {path.resolve() for path in paths}
    for path in outputs.given:
        if path.resolve() in read:
            raise OverwritesInput(path=path)
    if len(read) < len(paths) or len({path.resolve() for path in outputs.given}) < len(outputs.given):
        named = [*map(str, paths), *map(str, outputs.given)]
        raise NamedTwice(path=next(name for name, count in Counter(named).items() if count > 1))


def _writer(path: Path) -> Callable[[Iterable[Citation]], Iterator[bytes]]:
    """Return what writes the format that a file's name asks for: the first suffix of a format is its own."""
    made = {known.suffixes[0]: known.write for known in FORMATS.values() if known.write}
    if path.suffix.lower() not in made:
        raise UnknownOutput(path=path, suffixes=", ".join(made))
    return made[path.suffix.lower()]


def _records(entries: Iterable[Entry], records: Partition) -> Iterator[Citation]:
    """Yield one record for each cluster, where its last copy stands; the copies are held until then."""
    held: dict[int, list[Citation]] = {}
    for entry in entries:
        group = records.group.get(entry.number)
        if group is None:
            return  # a file has grown meanwhile
        copies = held.setdefault(group, [])
        copies.append(entry.citation)
        if len(copies) == len(records.members[group]):
            made = represent(held.pop(group))
            yield replace(made, id=0) if entry.own_id else made  # a running number that is used nowhere else


def _noting_titles(entries: Iterable[Entry], titles: dict[int, str]) -> Iterator[Entry]:
    for entry in entries:
        if entry.number in titles:
            titles[entry.number] = entry.citation.title
        yield entry


def _write_rows(file: IO[bytes], header: Iterable[str], rows: Iterable[Iterable[str]]) -> None:
    """Write a CSV for programs: no byte-order mark, which would be taken for a part of the first heading."""
    text = io.TextIOWrapper(file, encoding="utf-8", newline="", write_through=True)
    table = csv.writer(text, lineterminator="\n")
    table.writerow(header)
    table.writerows(map(inert, row) for row in rows)
    text.detach()
