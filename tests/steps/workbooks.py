"""For tests of extraction: a review with included studies, and a hand that fills in a workbook as a person would."""

import io
from collections.abc import Mapping
from pathlib import Path

from openpyxl import Workbook, load_workbook

from reviewkit.model.citation import Citation
from reviewkit.model.extractions import Extraction, by_reviewer, study_of_citation
from reviewkit.model.protocol import Protocol
from reviewkit.protocol import parse_protocol
from reviewkit.steps.extract.read import SheetRead, read_sheet
from reviewkit.steps.extract.write import consensus_sheet, extraction_sheet
from reviewkit.steps.standing import Standing, standing
from reviewkit.store import Store
from tests.build import add_run, citation, decision, protocol_text

AT = "2024-06-01T08:00:00Z"
LATER = "2024-06-02T08:00:00Z"

FORM = """
[[extraction.group]]
id = "design"
label = "Study design"

[[extraction.group.field]]
id = "n"
label = "Participants"
type = "integer"
unit = "people"
required = true
help = "How many were treated."

[[extraction.group.field]]
id = "kind"
label = "Design"
type = "choice"
choices = ["trial", "case series"]

[[extraction.group.field]]
id = "dose"
label = "Dose"
type = "number"
unit = "ml"

[[extraction.group.field]]
id = "start"
label = "Start"
type = "date"

[[extraction.group.field]]
id = "blinded"
label = "Blinded"
type = "yes-no"

[[extraction.group.field]]
id = "routes"
label = "Routes"
type = "choices"
choices = ["epidural", "facet joint"]

[[extraction.group.field]]
id = "comment"
label = "Comment"

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

TITLES = ("Exosomes for facet pain", "Vesicles for disc pain", "Exosomes for radiculopathy")


def extraction_protocol(reviewers: int = 1, settled_by: str = "consensus", form: str = FORM) -> Protocol:
    """The usual small protocol with a form of every type of field."""
    head = protocol_text(1).split("[extraction]")[0]
    text = f'{head}[extraction]\nreviewers = {reviewers}\nsettled_by = "{settled_by}"\n{form}'
    return parse_protocol(text, Path("protocols/backpain.toml"))


def include_studies(store: Store, protocol: Protocol, citations: list[Citation] | None = None) -> Standing:
    """Store three studies (s1 Wilson 2024, s2 Phillips 2022, s3 Doe 2020) and include them."""
    usual = [
        citation(title=TITLES[0], authors=("Wilson JE",), year=2024, pmid="38345678", doi="10.2217/rme-2023-0214"),
        citation(title=TITLES[1], authors=("Phillips D",), year=2022),
        citation(title=TITLES[2], authors=("Doe J",), year=2020),
    ]
    run = add_run(store, citations or usual)
    ids = range(run.first, run.first + run.retrieved)
    store.add([decision(i, "include", stage=stage) for stage in ("title-abstract", "full-text") for i in ids])
    return standing(store, protocol)


class Desk:
    """A store with a protocol, and the steps as a person uses them."""

    def __init__(self, store: Store, protocol: Protocol) -> None:
        self.store, self.protocol = store, protocol

    @property
    def standing(self) -> Standing:
        return standing(self.store, self.protocol)

    def sheet(self, person: str = "ann") -> bytes:
        return extraction_sheet(self.store, self.protocol, self.standing, person)

    def consensus(self, person: str = "ann") -> bytes:
        return consensus_sheet(self.store, self.protocol, self.standing, person)

    def read(self, body: bytes, **options: object) -> SheetRead:
        options = {"at": AT, **options}
        return read_sheet(self.store, self.protocol, self.standing, body, "sheet.xlsx", **options)  # type: ignore[arg-type]

    def stored(self) -> int:
        return self.store.count(Extraction)

    def values(self, person: str = "ann") -> dict[str, str]:
        """Every value that stands under a name: "s1 design.n" or "s1 pain | 1 month outcome.change" -> value."""
        stand = self.standing
        table = by_reviewer(self.store.all(Extraction), study_of_citation(stand.records, stand.studies))
        return {
            " ".join(part for part in (f"s{c.study}", c.row, f"{c.group}.{c.field}") if part): values[person].value
            for c, values in sorted(table.items())
            if person in values
        }

    def sources(self, person: str = "ann") -> dict[str, str]:
        """Every quote that stands under a name."""
        return {
            f"s{row.study} {row.group}.{row.field}": row.source
            for row in self.store.all(Extraction)
            if row.by == person and row.source
        }


def opened(body: bytes) -> Workbook:
    """Open a workbook as a spreadsheet program does."""
    return load_workbook(io.BytesIO(body))


def saved(workbook: Workbook) -> bytes:
    """Save it."""
    body = io.BytesIO()
    workbook.save(body)
    return body.getvalue()


def columns(workbook: Workbook, sheet: str) -> dict[str, int]:
    """Machine id -> number of its column."""
    cells = [cell for row in workbook[sheet].iter_rows() for cell in row if cell.value == "reviewkit.study"]
    assert len(cells) == 1
    return {str(cell.value): cell.column for cell in workbook[sheet][cells[0].row] if cell.value}


def row_of(workbook: Workbook, sheet: str, study: str) -> int:
    """The first row of a study."""
    number = columns(workbook, sheet)["reviewkit.study"]
    for row in range(1, workbook[sheet].max_row + 1):
        if str(workbook[sheet].cell(row, number).value or "").split(" ")[0] == study:
            return row
    raise AssertionError(f"{study} is not on {sheet}")


def put(workbook: Workbook, study: str, values: Mapping[str, object], sheet: str = "Studies") -> None:
    """Type values into a study's row: machine id -> value."""
    where, row = columns(workbook, sheet), row_of(workbook, sheet, study)
    for column, value in values.items():
        workbook[sheet].cell(row, where[column]).value = value  # type: ignore[union-attr]


def add_row(workbook: Workbook, study: str, values: Mapping[str, object], sheet: str = "Outcomes") -> int:
    """Type values into the first unused row of a repeated group's sheet; return the row's number."""
    where = columns(workbook, sheet)
    row = 4
    while any(workbook[sheet].cell(row, n).value for name, n in where.items() if name != "reviewkit.study") or (
        str(workbook[sheet].cell(row, 1).value or study).split(" ")[0] != study
    ):
        row += 1
    for column, value in {"reviewkit.study": study, **values}.items():
        workbook[sheet].cell(row, where[column]).value = value  # type: ignore[union-attr]
    return row


def filled(body: bytes, values: Mapping[str, Mapping[str, object]]) -> bytes:
    """Type values into the studies' rows and save: study -> machine id -> value."""
    workbook = opened(body)
    for study, given in values.items():
        put(workbook, study, given)
    return saved(workbook)
