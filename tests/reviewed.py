"""A small review with something of everything in it, as files and in a database; and what a database holds."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, select

from reviewkit.model.decisions import Basis, Decision
from reviewkit.model.extractions import Extraction
from reviewkit.model.matches import PERSON, Judgement, Match
from reviewkit.model.notices import CheckFile, Notice, NoticeKind
from reviewkit.model.protocol import Protocol
from reviewkit.model.stops import Sample, Stop
from reviewkit.model.studies import Link
from reviewkit.protocol import load_protocol
from reviewkit.steps.importing import Said, import_files
from reviewkit.store import Store, open_store
from reviewkit.store.tables import metadata
from reviewkit.workspace import Folders, find_workspace
from reviewkit.workspace.checks import write_check
from tests.build import AT, decision, make_workspace

NASTY = (
    "=1+1",
    "'quoted",
    "''twice",
    "+49",
    "-",
    "@here",
    "a\r\nb",
    "lone\rreturn",
    "\ttab",
    '"q", ;',
    "😀 é\u2028",
    "",
)


def ris(count: int, prefix: str = "Exosomes for back pain") -> str:
    """An export file of different entries."""
    return "".join(
        f"TY  - JOUR\nTI  - {prefix}, part {n}\nAU  - Doe, J.\nPY  - {2000 + n % 25}\nJO  - Spine\n"
        f"DO  - 10.1000/{prefix[:3].lower()}.{n}\nER  - \n\n"
        for n in range(1, count + 1)
    )


def add_import(folders: Folders, store: Store, protocol: Protocol, text: str, database: str, date: str) -> None:
    """Import an export file, as the command does."""
    path = folders.workspace.root / f"{database}.ris"
    path.write_text(text, encoding="utf-8")
    import_files(folders, protocol, store, [path], Said(date=date, database=database), now=lambda: AT)
    path.unlink()


def make_review(root: Path, url: str = "", reviewers: int = 1) -> tuple[Folders, Protocol, Store]:
    """A review of two search runs (r1 to r6, r7 to r9) with matches, decisions, links and extractions, some undone.

    With one reviewer a stage, r1 and r2 are included as one study. With two, `ann` alone has decided on r3, and she
    alone has extracted.
    """
    folders = find_workspace(make_workspace(root, reviewers)).choose(None)
    protocol = load_protocol(folders.protocol)
    store = open_store(url or folders.workspace.database_url({}), folders.review)
    add_import(folders, store, protocol, ris(6), "scopus", "2024-03-18")
    add_import(folders, store, protocol, ris(3, "Other work"), "embase", "2024-03-19")
    store.add_protocol(protocol.version, protocol.source, AT)
    version = {"protocol": protocol.version}
    store.add([
        Match(left=5, right=9, judgement=Judgement.SAME, rule="doi", evidence="=doi 10.1/x", by="rules", at=AT),
        Match(left=4, right=8, judgement=Judgement.DIFFERENT, rule=PERSON, by="ann", at=AT, note="'not the same"),
        Match(left=4, right=8, judgement=Judgement.DIFFERENT, rule=PERSON, by="ann", at=AT, undoes=2),
    ])  # fmt: skip
    people = ("ann", "bob")[:reviewers]
    for stage in ("title-abstract", "full-text"):
        for record in (1, 2):
            store.add([decision(record, "include", by=name, stage=stage, **version) for name in people])
    store.add([decision(3, "exclude", criterion="E2", note="ann's own view: mice", **version)])
    store.add([decision(4, "exclude", by=name, criterion="E1", **version) for name in people])
    store.add([decision(6, "exclude", by=people[0], criterion="E1", note=text, **version) for text in NASTY])
    store.add([Decision(record=6, stage="title-abstract", by="ann", at=AT, undoes=store.count(Decision), **version)])
    store.add([decision(7, "exclude", stage="before-screening", note="a poster", **version)])
    store.add([Link(left=1, right=2, by="ann", at=AT), Link(left=1, right=3, by="ann", at=AT, joined=False)])
    cell = {"study": 1, "by": "ann", "at": AT, **version}
    store.add([
        Extraction(group="design", field="n", value="20", source="p. 3: 'twenty people'", **cell),
        Extraction(group="design", field="kind", value="trial", **cell),
        Extraction(group="outcome", row="pain | 1 month", field="name", value="pain", **cell),
        Extraction(group="outcome", row="pain | 1 month", field="change", value="-65.04", source=NASTY[6], **cell),
        Extraction(group="design", field="kind", basis=Basis.REVIEWER, undoes=2, **cell),
    ])  # fmt: skip
    act = {"by": "ann", "at": AT, "stage": "title-abstract", "through": 9, "decided": 9, "waiting": 2}
    drawn = Sample(**act, seed=7, records=(9, 8), note=NASTY[5])
    stopped = Stop(**act, screened=5, relevant=2, method="hypergeometric", said=NASTY[6], note=NASTY[9])
    store.add([drawn, replace(drawn, undoes=1)])
    store.add([stopped, replace(stopped, undoes=1)])
    asked = {"by": "PubMed", "at": AT}
    check = CheckFile(
        id="2024-05-01-pubmed-check", date="2024-05-01", started=AT, finished=AT, records=(1,), pmids=("11",),
        unchecked=(2,),
    )  # fmt: skip
    write_check(folders.run(check.id), check)
    store.add([check.as_row()])
    retracted = Notice(record=1, pmid="11", kind=NoticeKind.RETRACTION, reference=NASTY[0], check="c", **asked)
    store.add([retracted, replace(retracted, undoes=1)])
    return folders, protocol, store


def dump(url: str) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table of a database, in a fixed order."""
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
    with engine.connect() as connection:
        held = {t.name: sorted(map(repr, connection.execute(select(t)))) for t in metadata.sorted_tables}
    engine.dispose()
    return held
