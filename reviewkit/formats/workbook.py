"""Excel workbooks of citations, read like the tables they hold."""

from collections.abc import Iterator, Mapping
from itertools import chain, islice
from types import MappingProxyType
from typing import IO

from reviewkit.formats.clean import clean
from reviewkit.formats.columns import choose, no_title, score
from reviewkit.formats.delimited import PREFACE
from reviewkit.formats.detect import describe
from reviewkit.formats.entries import entries
from reviewkit.formats.headings import plain
from reviewkit.formats.old_spreadsheet import OLE, OldWorkbook
from reviewkit.formats.spreadsheet import SheetName, Unreadable, Workbook
from reviewkit.model.citation import Citation, Finding

ZIP = b"PK\x03\x04"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_LOOKED_AT = 1 << 20
_NONE: Mapping[str, str] = MappingProxyType({})


def parse_xlsx(file: IO[bytes], columns: Mapping[str, str] = _NONE) -> Iterator[Citation | Finding]:
    """Read every visible sheet that has a heading for the title; each row that is not blank is an entry.

    Cells are taken as they were last shown: a formula's value as the workbook keeps it, a date as YYYY-MM-DD. `line`
    is the row's number in its sheet. Of several sheets it is told which are read. Hidden rows and columns are read
    like the others; hidden sheets only where no visible one has a title.

    Args:
        file: the workbook.
        columns: heading -> field, as for `parse_csv`.
    """
    for found in parse_xlsx_with_ids(file, columns):
        yield found if isinstance(found, Finding) else found[1]


def parse_xlsx_with_ids(
    file: IO[bytes], columns: Mapping[str, str] = _NONE
) -> Iterator[tuple[str, Citation] | Finding]:
    """Read a workbook like `parse_xlsx`, each citation with the id that its own row has, as `parse_csv_with_ids`."""
    opened = open_sheets(file, columns)
    headings = {plain(text) for sheet in opened if isinstance(sheet, Sheet) for text in sheet.head}
    for sheet in opened:
        if isinstance(sheet, Finding):
            yield sheet
            continue
        if not sheet.headed:
            yield Finding(sheet.where + no_title(sheet.head), line=sheet.line, rejected=True)
            continue
        own = set(map(plain, sheet.head))  # a heading that is only in another sheet is no mistake
        chosen = choose(
            sheet.head,
            {named: field for named, field in columns.items() if plain(named) in own or plain(named) not in headings},
            sheet.line,
            sheet.where,
        )
        if isinstance(chosen, Finding):
            yield chosen
            continue
        if sheet.preface:
            passed = clean(sheet.preface)[:200]
            yield Finding(f"{sheet.where}the rows before the headings were passed over: {passed}", line=1)
        yield from entries(chosen, sheet, sheet.where)


class Sheet:
    """One sheet: its heading row, and the rows after it, each at least as wide."""

    def __init__(self, book: Workbook | OldWorkbook, name: SheetName, columns: Mapping[str, str]) -> None:
        self.name = name.name
        self.hidden = name.hidden
        self.where = f"sheet '{clean(name.name)[:40]}': " if len(book.sheets) > 1 else ""
        rows = book.rows(name)
        first = list(islice(rows, PREFACE))
        scores = [0 if isinstance(row, Finding) else score(row[1], columns) for row in first]
        start = scores.index(max(scores)) if any(scores) else 0
        self.headed = any(scores)
        self.head: list[str] = []
        self.line = 1
        before: list[str] = []
        for row in first[:start]:
            before += [] if isinstance(row, Finding) else [cell for cell in row[1] if cell]
        self.preface = " / ".join(before)
        broken = [row for row in first[:start] if isinstance(row, Finding)]
        rest = first[start:]
        if rest and not isinstance(rest[0], Finding):
            self.line, self.head = rest[0]
            rest = rest[1:]
        self._rows = chain(broken, rest, rows)

    def __iter__(self) -> Iterator[tuple[int, list[str]] | Finding]:
        width = len(self.head)
        for row in self._rows:
            if not isinstance(row, Finding) and len(row[1]) < width:
                row[1].extend([""] * (width - len(row[1])))
            yield row


def open_sheets(file: IO[bytes], columns: Mapping[str, str] = _NONE) -> list[Sheet | Finding]:
    """Open the sheets of a workbook that are to be read, with findings about the others.

    Where no sheet has a heading for the title it is the first that holds anything, with `headed` False.
    """
    begin = file.tell()
    head = file.read(len(ZIP))
    file.seek(begin)
    if head not in (ZIP, OLE) or _is_encrypted(file):
        return [_no_workbook(file)]
    try:
        book = Workbook(file) if head == ZIP else OldWorkbook(file)
    except Unreadable as error:
        return [Finding(str(error), line=1, rejected=True)]
    sheets = [Sheet(book, name, columns) for name in book.sheets]
    visible = [sheet for sheet in sheets if sheet.headed and not sheet.hidden]
    chosen = visible or [sheet for sheet in sheets if sheet.headed]
    if not chosen:
        filled = [sheet for sheet in sheets if sheet.head]
        broken = [found for sheet in sheets for found in sheet if isinstance(found, Finding)]
        empty = Finding("the workbook is empty", line=1, rejected=True)
        return [*filled[:1]] or [*broken] or [empty]
    return [*chosen, *_told(sheets, chosen)]


def _told(sheets: list[Sheet], chosen: list[Sheet]) -> list[Finding]:
    """Say which of several sheets are read."""
    others = [sheet for sheet in sheets if sheet not in chosen and sheet.head]
    read = ", ".join(f"'{clean(sheet.name)}'" for sheet in chosen)
    told = []
    if len(chosen) > 1 or others or chosen[0].hidden:
        hidden = " (hidden)" if chosen[0].hidden else ""
        told.append(f"of {len(sheets)} sheets, {read}{hidden} {'were' if len(chosen) > 1 else 'was'} read")
    if others:
        names = ", ".join(f"'{clean(other.name)}'{' (hidden)' if other.hidden else ''}" for other in others)
        told.append(f"{names} {'were' if len(others) > 1 else 'was'} not")
    return [Finding("; ".join(told)[:400], line=1)] if told else []


def _is_encrypted(file: IO[bytes]) -> bool:
    begin = file.tell()
    head = file.read(_LOOKED_AT)
    file.seek(begin)
    return head.startswith(OLE) and _ENCRYPTED in head


def _no_workbook(file: IO[bytes]) -> Finding:
    head = file.read(_LOOKED_AT)
    if head.startswith(OLE):
        what = "the workbook is protected by a password; save it without one, and read that file"
    else:
        what = f"it is no Excel workbook but {describe(head)}; read it as what it is, or save it as .xlsx"
    return Finding(what, line=1, rejected=True)
