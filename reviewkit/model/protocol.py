"""The protocol: the predefined question, searches, criteria, stages and extraction form, as frozen data.

Field names are the keys of `protocols/<review>.toml`; `reviewkit.protocol` reads and checks that file.
"""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, ClassVar, Literal

_STRICT: dict[str, Any] = {"extra": "forbid"}  # an unknown key is a mistake, not an extra

CONSENSUS = "consensus"  # conflicts are settled by the reviewers together, whoever records it


class StageId(StrEnum):
    """The stages of screening, in their order."""

    TITLE_ABSTRACT = "title-abstract"
    FULL_TEXT = "full-text"


class Order(StrEnum):
    """In which order records are shown at a stage."""

    ID = "id"  # as they came
    RELEVANCE = "relevance"  # the likeliest first, learned from decisions and the protocol's own words
    NEWEST = "newest"  # by year of publication
    RANDOM = "random"  # another one for each reviewer, always the same for each
    DATABASE = "database"  # by the database that brought them, in the order of the protocol's searches


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """The review question and its PICO elements; an element that does not apply stays empty."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    text: str
    population: str = ""
    intervention: str = ""
    comparator: str = ""
    outcomes: str = ""
    study_design: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Strategy:
    """One `[[search]]`: the strategy for one database and its limits (PRISMA-S items 1, 8, 9)."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    database: str
    strategy: str
    platform: str = ""
    languages: tuple[str, ...] = ()  # English names: "english"
    published_from: date | None = None
    published_to: date | None = None
    note: str = ""

    @property
    def limits(self) -> tuple[str, ...]:
        """The limits in words, as a search report prints them."""
        return tuple(filter(None, (self.language_limit, self.published_limit)))

    @property
    def language_limit(self) -> str:
        """The limit to languages in words, or ''."""
        return f"language: {' or '.join(self.languages)}" if self.languages else ""

    @property
    def published_limit(self) -> str:
        """The limit to days of publication in words, or ''."""
        window = [f"{word} {day}" for word, day in (("from", self.published_from), ("to", self.published_to)) if day]
        return f"published {' '.join(window)}" if window else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchReport:
    """What only the authors can tell of their searches, printed under the items of PRISMA-S that ask for it."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    online_resources: str = ""  # item 4: websites and other sources that were browsed, and how
    citation_searching: str = ""  # item 5: by hand
    contacts: str = ""  # item 6
    other_methods: str = ""  # item 7
    limits: str = ""  # item 9: why the limits were set
    filters: str = ""  # item 10: published search filters
    prior_work: str = ""  # item 11: strategies taken over from other reviews
    updates: str = ""  # item 12: what was done besides running searches again, such as e-mail alerts
    peer_review: str = ""  # item 14
    deduplication: str = ""  # item 16: what was done outside of this program


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """One inclusion or exclusion criterion; its short id is what decisions cite and diagrams print."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    id: str
    text: str
    label: str = ""  # short wording for the PRISMA diagram; `text` when empty

    @property
    def short(self) -> str:
        """The wording for diagrams and tables."""
        return self.label or self.text


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One screening stage: how many people decide on each record, who settles their conflicts, what comes first.

    `settled_by` is "consensus" (the reviewers together) or the name of one person. `learn_from` says what a reviewer's
    order of relevance is learned from: "own" verdicts and what he may see anyway, or "all", which lets verdicts that
    he may not see yet shine through (see `reviewkit.model.lessons`).
    """

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    id: StageId
    reviewers: int = 2
    settled_by: str = CONSENSUS
    reasons: Literal["required", "optional"] = "required"  # must an exclusion name its criterion?
    order: Order = Order.ID
    learn_from: Literal["own", "all"] = "own"

    @property
    def label(self) -> str:
        """The stage's name as printed."""
        return {StageId.TITLE_ABSTRACT: "Title and abstract", StageId.FULL_TEXT: "Full text"}[self.id]


@dataclass(frozen=True, slots=True, kw_only=True)
class Highlight:
    """Terms shown in colour while screening: towards inclusion, towards exclusion. `*` ends a stem."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()


class FieldType(StrEnum):
    """What values a field of the extraction form takes."""

    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    DATE = "date"
    YES_NO = "yes-no"
    CHOICE = "choice"  # one of `choices`
    CHOICES = "choices"  # any of `choices`


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field of the extraction form (Cochrane Handbook, table 5.3.a)."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    id: str
    label: str
    type: FieldType = FieldType.TEXT
    unit: str = ""
    choices: tuple[str, ...] = ()
    help: str = ""
    required: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Fields that belong together; a repeated group has one row per value of its `key` fields in each study."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    id: str
    label: str
    repeated: bool = False
    key: tuple[str, ...] = ()  # field ids that name a row of a repeated group, e.g. outcome, time_point
    field: tuple[Field, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """The extraction form: how many people extract each study, who settles differences, and what is extracted."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    reviewers: int = 1
    settled_by: str = CONSENSUS
    group: tuple[Group, ...] = ()

    def find(self, group: str, field_id: str) -> Field | None:
        """Return one field of one group, or None."""
        return next((f for g in self.group if g.id == group for f in g.field if f.id == field_id), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Protocol:
    """A whole protocol. `review` is the file's stem, `version` the first 12 hex digits of its content's SHA-256.

    The hash is taken over the content, not the text: comments and layout may change without a new version.
    """

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    title: str
    question: Question
    authors: tuple[str, ...] = ()
    registration: str = ""  # "PROSPERO CRD42...", "not registered"
    summary: str = ""  # what a reader of the report must know first
    must_find: tuple[str, ...] = ()  # known relevant papers: "PMID 12345678", "10.1000/x"
    search: tuple[Strategy, ...] = ()
    search_report: SearchReport = SearchReport()
    include: tuple[Criterion, ...] = ()
    exclude: tuple[Criterion, ...] = ()
    stage: tuple[Stage, ...] = field(
        default=(Stage(id=StageId.TITLE_ABSTRACT, reasons="optional"), Stage(id=StageId.FULL_TEXT))
    )
    highlight: Highlight = Highlight()
    extraction: Form = Form()
    review: str = ""
    version: str = ""
    source: str = field(default="", repr=False)  # the TOML text that this was read from

    def criterion(self, criterion_id: str) -> Criterion | None:
        """Return the criterion with this id, whatever its case, or None."""
        wanted = criterion_id.casefold()
        return next((c for c in (*self.exclude, *self.include) if c.id.casefold() == wanted), None)

    def find_stage(self, stage: str) -> Stage | None:
        """Return the stage with this id, or None."""
        return next((s for s in self.stage if s.id == stage), None)
