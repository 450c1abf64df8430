"""The PRISMA 2020 flow as data: every number of the diagram with its wording and the ids that it counts."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Literal

Unit = Literal["citations", "records", "reports", "studies"]


@dataclass(frozen=True, slots=True)
class Box:
    """One number of the flow: its key for `reviewkit flow --list`, PRISMA's wording, and the ids it counts.

    `parts` split the same ids further (per database, per reason); together they hold every id once.
    """

    key: str
    label: str
    unit: Unit
    ids: tuple[int, ...] = ()
    parts: tuple["Box", ...] = ()

    @property
    def n(self) -> int:
        """The number to print."""
        return len(self.ids)

    def walk(self) -> Iterator["Box"]:
        """Yield this box and all its parts, outermost first."""
        yield self
        for part in self.parts:
            yield from part.walk()


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of the diagram in PRISMA's order, from identification to what it contributed to the review.

    `found_again` is ours: what a search that was repeated within the same round brought once more. It is counted in no
    other box, so that a search is counted once however often it is made.

    PRISMA has no boxes for a review in progress: `not_yet_screened`, `conflicts`, `awaiting_full_text` and
    `full_text_conflicts` are ours, empty once every record is decided. `not_screened` is ours too: records that nobody
    screened because a person stopped; they are not excluded, and no model decided on them.
    """

    identified: Box  # citations; per database, register or other method
    found_again: Box  # citations; not among those identified
    duplicates: Box  # citations that are further copies of a record
    removed_by_automation: Box
    removed_for_other_reasons: Box
    not_yet_screened: Box
    not_screened: Box
    screened: Box
    conflicts: Box
    excluded: Box  # by humans and by automation tools, each per reason
    sought: Box
    not_retrieved: Box
    awaiting_full_text: Box
    assessed: Box
    full_text_conflicts: Box
    excluded_full_text: Box  # per reason
    awaiting_classification: Box  # a category of its own (Cochrane Handbook 4.6.4)
    ongoing: Box
    contributed: Box

    @property
    def boxes(self) -> tuple[Box, ...]:
        """Every box, in order."""
        return tuple(getattr(self, f.name) for f in fields(self))

    @property
    def waiting(self) -> tuple[Box, ...]:
        """The boxes that still wait for a person, without the empty ones."""
        waiting = (self.not_yet_screened, self.conflicts, self.awaiting_full_text, self.full_text_conflicts)
        return tuple(box for box in waiting if box.n)


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """What PRISMA's template for updated reviews counts beside the latest update: the previous version, and the whole.

    The previous version is the original review with every update but the latest. `withdrawn_...` was included when the
    searches of the latest update began and is no longer: total = previous + new - withdrawn. PRISMA has no box for it,
    none for `added_reports`: of the previous ones, those that were included only after these searches had begun, and
    none for `further_reports`: of the new ones, those of studies that were included before.
    """

    update: int  # the latest
    began: str  # when its searches began
    previous_studies: Box
    previous_reports: Box
    withdrawn_studies: Box
    withdrawn_reports: Box
    added_reports: Box
    further_reports: Box
    total_studies: Box
    total_reports: Box

    @property
    def boxes(self) -> tuple[Box, ...]:
        """Every box, in order."""
        return tuple(box for f in fields(self) if isinstance(box := getattr(self, f.name), Box))

    @property
    def always(self) -> tuple[Box, ...]:
        """Those that PRISMA prints."""
        return (self.previous_studies, self.previous_reports, self.total_studies, self.total_reports)


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """The flow of the original review (`update` 0) or of one update, each with only what it brought anew.

    A record belongs to the earliest update that one of its citations came with, and there to the column of
    databases and registers when one of these found it, else to the column of other methods. A study belongs
    to the earliest update of its reports.
    """

    update: int
    searched: str  # day of the last search, YYYY-MM-DD; '' when there was none
    databases: Column
    other: Column
    included: Box  # reports
    studies: Box
    updates: tuple["Flow", ...] = ()  # of the original review: its updates, in order
    totals: Totals | None = None  # of the original review, where it has updates

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns in use; the one of databases and registers always is."""
        return (self.databases, self.other) if self.other.identified.n else (self.databases,)

    @property
    def boxes(self) -> tuple[Box, ...]:
        """The boxes of the columns in use and the two of included reports and studies, in order."""
        return (*(box for column in self.columns for box in column.boxes), self.included, self.studies)

    @property
    def waiting(self) -> tuple[Box, ...]:
        """The boxes that still wait for a person; none when this flow is finished."""
        return tuple(box for column in self.columns for box in column.waiting)

    @property
    def latest(self) -> "Flow":
        """The flow that is counted box by box: that of the latest update, or of the original review without one."""
        return self.updates[-1] if self.updates else self

    @property
    def earlier(self) -> tuple["Flow", ...]:
        """The flows of the previous version of the review: all but the latest."""
        return (self, *self.updates[:-1]) if self.updates else ()

    @property
    def new(self) -> int:
        """The number of records that this flow brought, all columns together."""
        return sum(column.identified.n - column.duplicates.n for column in self.columns)

    def walk(self) -> Iterator[Box]:
        """Yield every box and part, then those of the updates, the totals last."""
        for box in self.boxes:
            yield from box.walk()
        for update in self.updates:
            yield from update.walk()
        if self.totals:
            yield from self.totals.boxes

    def find(self, key: str) -> Box | None:
        """Return the box or part with this key, whatever its case, here or in an update; or None."""
        return next((box for box in self.walk() if box.key.casefold() == key.strip().casefold()), None)
