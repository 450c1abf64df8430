"""One row of a table of citations, asked by field; what is doubtful in it is noted while it is asked."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import chain

from reviewkit.formats.authors import is_et_al, split_authors
from reviewkit.formats.cells import original
from reviewkit.formats.clean import clean, clean_list, clean_paragraphs, has_entity, is_tidy
from reviewkit.formats.columns import Places
from reviewkit.formats.headings import plain
from reviewkit.formats.identifiers import MONTHS, present
from reviewkit.model.citation import Finding

_SAID_OFTEN = 5  # times that one kind of doubt is told with its row; the rest are counted
_EXCEL_ERROR = re.compile(r"#(?:N/A|NAME\?|REF!|VALUE!|DIV/0!|NUM!|NULL!|#{2,})")
_HYPERLINK = re.compile(r'=(?:HYPERLINK\("([^"]*)"(?:[,;]\s*"([^"]*)")?\)|"([^"]*)")', re.I)
_MONTH = "|".join(MONTHS)
_MADE_DATE = re.compile(
    rf"(?:\d{{1,2}}-(?:{_MONTH})|(?:{_MONTH})-\d\d|\d{{4}}-\d\d-\d\d|\d{{1,2}}-(?:{_MONTH})-\d{{2,4}})", re.I
)
MIDNIGHT = re.compile(r"[ T]00:00(?::00(?:\.0+)?)?(?:Z|[+-]00:?00)?$")
WHOLE = re.compile(r"(\d+)\.0+")
_RANGE = re.compile(r"\d+--?\d+")  # pages as most are written, which Excel has not touched
_PARAGRAPHS = frozenset(("abstract", "notes", "own"))  # fields that keep their line breaks
_OTHERS = ("et al", "et. al", "others", "...")  # in ASCII, nothing else is said for authors that are not named
_ONE = re.compile(r"[\w -]+")  # an item that stands alone
_ITEMS = re.compile(r"[;\n]")
_ADDRESS = re.compile(r"\s{0,5}\([^()\s@]{1,100}@[^()\s@]{1,100}\)")  # behind a name, in BIOSIS on Web of Science
_QUOTED_ITEM = re.compile(r"'([^'\n]*)'|\"([^\"\n]*)\"")


class Doubts:
    """Doubts about rows: each kind is told a few times with its row, then only counted."""

    def __init__(self, where: str) -> None:
        self._where = where
        self._told: Counter[str] = Counter()

    def tell(self, line: int, message: str, kind: str = "") -> list[Finding]:
        """Return the doubt as a finding, or nothing where its kind was told often enough."""
        self._told[kind or message] += 1
        return [Finding(self._where + message, line=line)] if self._told[kind or message] <= _SAID_OFTEN else []

    def rest(self) -> list[Finding]:
        """Say how many more rows there were of each kind."""
        more = ((kind, times - _SAID_OFTEN) for kind, times in self._told.items() if times > _SAID_OFTEN)
        return [Finding(f"{self._where}and {times:,} more rows: {kind}") for kind, times in more]


class TableRow:
    """One row, asked by field; `doubts` fills with (message, kind) while it is asked."""

    def __init__(self, places: Places) -> None:
        self._columns = [
            (place, field, field in _PARAGRAPHS) for field, held in places.fields.items() for place in held
        ]
        self._width = max((place + 1 for place, _, _ in self._columns), default=0)
        self.scholar = "gsrank" in map(plain, places.headings)  # Publish or Perish: "JE Wilson, BA Today"
        self.doubts: list[tuple[str, str]] = []
        self._said: dict[str, list[str]] = {}
        self._tidy = False  # all that the row says on one line is as it is when it is cleaned

    def take(self, cells: Sequence[str]) -> None:
        """Turn to the next row."""
        said: dict[str, list[str]] = {}
        self._said = said
        self.doubts = []
        lines = []
        if len(cells) < self._width:
            cells = [*cells, *[""] * (self._width - len(cells))]
        for place, field, long in self._columns:
            if cells[place] and (cell := cells[place].strip()):
                if cell[0] in "'=#":
                    cell = self._unwrapped(field, cell)
                if len(cell) > 4 or cell.isdecimal() or present(cell):
                    if field in said:
                        said[field].append(cell)
                    else:
                        said[field] = [cell]
                    if not long:
                        lines.append(cell)
        # One look at the row spares one at each cell and name; a mark that nothing is joined with stands between cells.
        row = "|".join(lines)
        self._tidy = is_tidy(row) and not has_entity(row)

    @property
    def fields(self) -> Iterable[str]:
        """The fields of which the row says something."""
        return self._said

    def raw(self, field: str) -> Sequence[str]:
        """Every cell of a field that says something, the preferred column first."""
        return self._said.get(field, ())

    def text(self, field: str) -> str:
        """The field's text on one line, '' where it has none."""
        if field in self._said:
            if self._tidy and field not in _PARAGRAPHS:
                return self._said[field][0]
            for cell in self._said[field]:
                if text := clean(cell):
                    return text
        return ""

    def texts(self, field: str) -> list[str]:
        """The text of each of the field's cells."""
        cells = self._said.get(field, [])
        return cells if self._tidy and field not in _PARAGRAPHS else [*map(clean, cells)]

    def names(self, field: str) -> tuple[str, ...]:
        """The names in the field's first cell that has any."""
        for cell in self._said.get(field, ()):
            listed = _listed_names(cell)
            if self._tidy and ";" in listed and not self.scholar:  # as split_authors, but there is nothing to clean
                parts = [name for part in listed.split(";") if (name := part.strip(" ,"))]
                many = not listed.isascii() or any(map(listed.lower().__contains__, _OTHERS))
                names = tuple([name for name in parts if not is_et_al(name)] if many else parts)
            else:
                names = split_authors(listed, self.scholar)
            if names:
                return names
        return ()

    def number(self, field: str) -> str:
        """The text of a field that Excel and its kind spoil: "12.0" is 12, and a date is doubted."""
        text = self.text(field)
        if self.scholar and text == "0":  # what Publish or Perish writes where there is none
            return ""
        if text and not text.isdigit() and not _RANGE.fullmatch(text):
            if whole := WHOLE.fullmatch(text):
                return whole.group(1)
            text = MIDNIGHT.sub("", text)
            if _MADE_DATE.fullmatch(text):
                said = f"the {field.replace('_', ' ')} '{text}' may be a date that Excel made of something like '3-12'"
                self.doubt(said, f"{field.replace('_', ' ')} that may be a date made by Excel")
        return text

    def items(self, field: str) -> tuple[str, ...]:
        """The items of all the field's cells."""
        if field not in self._said:
            return ()
        if (
            self._tidy
            and field not in _PARAGRAPHS
            and len(cells := self._said[field]) == 1
            and _ONE.fullmatch(cells[0])
        ):
            return (cells[0],)
        return clean_list(list(chain.from_iterable(map(_parts, self._said[field]))))

    def paragraphs(self, field: str) -> str:
        """The field's text with its line breaks."""
        return next(filter(None, map(clean_paragraphs, self._said[field])), "") if field in self._said else ""

    def doubt(self, message: str, kind: str) -> None:
        """Note what is doubtful in this row."""
        self.doubts.append((message, kind))

    def _unwrapped(self, field: str, cell: str) -> str:
        if cell.startswith("="):
            if linked := _HYPERLINK.fullmatch(cell):
                return next(filter(None, linked.groups()), "")
        elif _EXCEL_ERROR.fullmatch(cell):
            self.doubt(f"Excel's error {cell[:12]} stands in place of the {field}", "Excel's error in place of a text")
            return ""
        return original(cell).strip()


def _listed_names(cell: str) -> str:
    """Return a list of names with semicolons between them, where it has bars (OpenAlex) or is one of a program's.

    Addresses of e-mail behind the names are left out.
    """
    if "@" in cell:
        cell = _ADDRESS.sub("", cell).strip() or cell
    if cell[0] == "[" and cell[-1] == "]" and cell.count("'") + cell.count('"') > 1:
        return ";".join(a or b for a, b in _QUOTED_ITEM.findall(cell)) or cell
    return cell.replace("|", ";") if "|" in cell and ";" not in cell else cell


def _parts(cell: str) -> list[str]:
    return _ITEMS.split(_listed_names(cell))
