"""Small reviews for tests: a protocol, citations, search runs, decisions; every default can be overruled."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from reviewkit.model.citation import Citation
from reviewkit.model.decisions import Decision, Verdict
from reviewkit.model.runs import SearchRun, database_kind
from reviewkit.store import Store

AT = "2024-05-01T10:00:00Z"

PROTOCOL = """\
title = "Exosomes for back pain"
authors = ["A. Reviewer"]
registration = "not registered"

[question]
text = "Do exosomes help people with back pain?"
population = "adults with back pain"
intervention = "exosomes"

[[search]]
database = "pubmed"
strategy = "exosomes AND back pain"
languages = ["english"]
published_to = 2024-03-18

[[include]]
id = "I1"
text = "Uses exosomes for back pain"

[[exclude]]
id = "E1"
text = "Exosomes not used"
label = "No exosomes"

[[exclude]]
id = "E2"
text = "Back pain not targeted"

[[stage]]
id = "title-abstract"
reviewers = {reviewers}
reasons = "optional"

[[stage]]
id = "full-text"
reviewers = {reviewers}

[highlight]
include = ["exosom*"]
exclude = ["mice"]

[extraction]
reviewers = {reviewers}

[[extraction.group]]
id = "design"
label = "Study design"

[[extraction.group.field]]
id = "n"
label = "Participants"
type = "integer"
unit = "people"
required = true

[[extraction.group.field]]
id = "kind"
label = "Design"
type = "choice"
choices = ["trial", "case series"]

[[extraction.group]]
id = "outcome"
label = "Outcomes"
repeated = true
key = ["name", "time"]

[[extraction.group.field]]
id = "name"
label = "Outcome"

[[extraction.group.field]]
id = "time"
label = "Time point"

[[extraction.group.field]]
id = "change"
label = "Change"
type = "number"
unit = "%"
"""


def protocol_text(reviewers: int = 1) -> str:
    """A small valid protocol with as many reviewers at every stage."""
    return PROTOCOL.replace("{reviewers}", str(reviewers))


def make_workspace(root: Path, reviewers: int = 1, review: str = "backpain") -> Path:
    """A workspace folder with one protocol and nothing else."""
    (root / "protocols").mkdir(parents=True, exist_ok=True)
    (root / "protocols" / f"{review}.toml").write_text(protocol_text(reviewers), encoding="utf-8")
    return root


def citation(**given: object) -> Citation:
    """A citation with a title, an author and a year unless told otherwise."""
    usual = {"title": "Exosomes for back pain", "authors": ("Doe J", "Roe R"), "year": 2020, "journal": "Spine"}
    return Citation(**{**usual, **given})  # type: ignore[arg-type]


def add_run(
    store: Store,
    citations: Iterable[Citation],
    database: str = "pubmed",
    date: str = "2024-03-18",
    update: int = 0,
) -> SearchRun:
    """Store a search run with these citations, numbered after what is there. No files are made."""
    first = max((run.first + run.retrieved for run in store.runs()), default=1)
    name = f"{date}-{database}"
    taken = sum(run.id.startswith(name) for run in store.runs())
    name += f"-{taken + 1}" if taken else ""
    numbered = [replace(c, id=first + place, run=name) for place, c in enumerate(citations)]
    run = SearchRun(
        id=name, database=database, kind=database_kind(database), date=date, started=AT, finished=AT,
        strategy="exosomes AND back pain", reported=len(numbered), retrieved=len(numbered), first=first, update=update,
    )  # fmt: skip
    store.add_run(run, numbered)
    return run


def decision(record: int, verdict: str, by: str = "ann", stage: str = "title-abstract", **given: object) -> Decision:
    """A decision, ready to be stored."""
    return Decision(record=record, verdict=Verdict(verdict), by=by, stage=stage, at=AT, **given)  # type: ignore[arg-type]
