"""Notices: retractions, expressions of concern, corrections and updates that a database lists for included records."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from reviewkit.model.citation import Citation
from reviewkit.model.journal import Row, standing
from reviewkit.model.partition import Partition
from reviewkit.model.runs import Response


class NoticeKind(StrEnum):
    """What a notice says of a publication; the value is its wording."""

    RETRACTION = "retraction"
    PART = "retraction of a part"
    CONCERN = "expression of concern"
    CORRECTION = "correction"
    REPUBLICATION = "republication"
    UPDATE = "newer version"
    WITHDRAWN = "no longer in PubMed"


GRAVE = frozenset({NoticeKind.RETRACTION, NoticeKind.PART, NoticeKind.CONCERN})
"""What bears on whether a study can be relied on (MECIR C48)."""

_KINDS: Mapping[str, NoticeKind] = {
    # PubMed's CommentsCorrections that stand with the publication that they are about
    "RetractionIn": NoticeKind.RETRACTION,
    "RetractedandRepublishedIn": NoticeKind.RETRACTION,
    "PartialRetractionIn": NoticeKind.PART,
    "ExpressionOfConcernIn": NoticeKind.CONCERN,
    "ErratumIn": NoticeKind.CORRECTION,
    "CorrectedandRepublishedIn": NoticeKind.CORRECTION,
    "RepublishedIn": NoticeKind.REPUBLICATION,
    "UpdateIn": NoticeKind.UPDATE,
}
RETRACTED = "Retracted Publication"  # a publication type; at times there without the notice


@dataclass(frozen=True, slots=True)
class Said:
    """One notice as a database gives it: what it is, and where it stands (a PMID, or a source in words)."""

    kind: NoticeKind
    reference: str = ""

    def __str__(self) -> str:
        where = f"PMID {self.reference}" if self.reference.isdigit() else self.reference
        return f"{self.kind.value} ({where})" if where else self.kind.value


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice(Row):
    """One notice on a record, first seen in a check; taken back by a later check in which it is listed no more.

    `by` is the database that lists it, `at` when it was asked.
    """

    record: int
    pmid: str
    kind: NoticeKind
    reference: str = ""
    check: str = ""  # the folder of the check in searches/

    @property
    def said(self) -> Said:
        """What the notice says, without whom it was asked for."""
        return Said(self.kind, self.reference)


@dataclass(frozen=True, slots=True, kw_only=True)
class Check(Row):
    """PubMed was asked about included records: which ones by which PMID, and which it could not be asked about.

    `records` and `pmids` go together, place by place; a record with two PMIDs is there twice.
    """

    folder: str  # its place in searches/, with the answers as received
    records: tuple[int, ...]
    pmids: tuple[str, ...]
    unchecked: tuple[int, ...] = ()  # included records without a PMID


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckFile:
    """What `check.toml` says: what was asked and when, and the answers as received."""

    id: str  # "2027-03-28-pubmed-check": the folder's name
    date: str
    started: str
    finished: str
    platform: str = ""
    client: str = ""
    records: tuple[int, ...] = ()
    pmids: tuple[str, ...] = ()
    unchecked: tuple[int, ...] = ()
    responses: tuple[Response, ...] = ()

    def as_row(self) -> Check:
        """The row that stands for this check in the store."""
        return Check(
            folder=self.id, records=self.records, pmids=self.pmids, unchecked=self.unchecked, by="PubMed",
            at=self.finished,
        )  # fmt: skip


def said_of(citation: Citation) -> tuple[Said, ...]:
    """Return the notices that a database lists with a publication, each once, the gravest kinds first."""
    found = []
    for related in citation.related:
        name, _, reference = related.partition(":")
        if name in _KINDS:
            found.append(Said(_KINDS[name], reference))
    if RETRACTED in citation.types and not any(said.kind is NoticeKind.RETRACTION for said in found):
        found.append(Said(NoticeKind.RETRACTION))
    order = list(NoticeKind)
    return tuple(sorted(dict.fromkeys(found), key=lambda said: (order.index(said.kind), said.reference)))


def told_once(found: Iterable[Said]) -> tuple[Said, ...]:
    """Return one for each kind, with the best reference: a PMID, else where it stands in words, else none.

    One retraction is said by PubMed's notice, and by the publication type that another database gives a copy.
    """
    best: dict[NoticeKind, Said] = {}
    for said in found:
        if said.kind not in best or _worth(said) > _worth(best[said.kind]):
            best[said.kind] = said
    return tuple(best.values())


def _worth(said: Said) -> tuple[bool, bool]:
    return (said.reference.isdigit(), bool(said.reference))


def changes(check: CheckFile, answers: Mapping[str, Citation], notices: Sequence[Notice]) -> Iterator[Notice]:
    """Yield the rows by which a check changes what is known: new notices, and undos of those listed no more.

    Args:
        answers: PMID -> what PubMed gave; a PMID that is not among them is no longer there.
        notices: every notice row ever stored, in order.
    """
    held: dict[tuple[int, str], dict[Said, Notice]] = {}
    for notice in standing(notices):
        held.setdefault((notice.record, notice.pmid), {})[notice.said] = notice
    for record, pmid in zip(check.records, check.pmids, strict=True):
        answer = answers.get(pmid)
        now = said_of(answer) if answer else (Said(NoticeKind.WITHDRAWN),)
        before = held.get((record, pmid), {})
        about = {"record": record, "pmid": pmid, "check": check.id, "by": "PubMed", "at": check.finished}
        for said in now:
            if said not in before:
                yield Notice(**about, kind=said.kind, reference=said.reference)  # type: ignore[arg-type]
        for said, notice in before.items():
            if said not in now and (answer or said.kind is NoticeKind.WITHDRAWN):
                yield Notice(**about, kind=said.kind, reference=said.reference, undoes=notice.n)  # type: ignore[arg-type]


def by_record(notices: Iterable[Notice], record_of: Partition) -> dict[int, tuple[Notice, ...]]:
    """Return record -> its notices that stand, each said once, in the order in which they were found."""
    found: dict[int, dict[Said, Notice]] = {}
    for notice in standing(list(notices)):
        record = record_of.group.get(notice.record)
        if record is not None:
            found.setdefault(record, {}).setdefault(notice.said, notice)
    return {record: tuple(said.values()) for record, said in found.items()}
