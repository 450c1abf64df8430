"""Tables with whatever in their cells, and damaged ones: no row goes missing, and no bytes are too much."""

import csv
import io
import zipfile

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from reviewkit.formats.clean import clean
from reviewkit.formats.rows import parse_with_ids, read_rows, recognised
from reviewkit.model.citation import Finding
from tests.formats.reading import DATA, read
from tests.formats.test_workbook import workbook

TABLES = sorted(path for path in DATA.iterdir() if path.suffix in (".csv", ".tsv"))
HEAD = ["id", "title", "year", "abstract"]
TEXT = st.text(st.sampled_from("ab \"',;|\t\n\r=é漢\u200b\x00.-#"), max_size=12)


def written(rows: list[list[str]], separator: str, quoting: int, end: str) -> bytes:
    made = io.StringIO(newline="")
    csv.writer(made, delimiter=separator, quoting=quoting, lineterminator=end).writerows([HEAD, *rows])
    return made.getvalue().encode()


def check(body: bytes, format: str = "csv") -> int:
    """The number of rows that were kept or rejected."""
    citations, findings = read(format, body)
    assert all(f.message and f.line >= 0 for f in findings)
    assert all(f.line >= 1 for f in findings if f.rejected)
    assert all(
        c.line >= 1 and (c.title or c.doi or c.pmid or c.pmcid or c.registrations or c.accession) for c in citations
    )
    for reader in (read_rows, parse_with_ids):
        assert all(isinstance(found, (Finding, tuple)) for found in reader(io.BytesIO(body)))
    assert isinstance(recognised(body), list)
    return len(citations) + sum(f.rejected for f in findings)


@given(
    st.lists(st.tuples(TEXT, TEXT), max_size=8),
    st.sampled_from(",;\t|"),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC]),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_whatever_is_in_the_cells_every_row_is_kept_or_rejected(cells, separator, quoting, end, encoding) -> None:
    rows = [[str(n), title, "2020", text] for n, (title, text) in enumerate(cells)]
    if quoting != csv.QUOTE_ALL:  # Python's csv module quotes no line ends but those that it writes itself
        end = "\r\n"
    body = written(rows, separator, quoting, end).decode().encode(encoding)
    citations, findings = read("csv", body)
    assert len(citations) + sum(f.rejected for f in findings) == len(rows)
    kept = {c.accession: c for c in citations}
    for number, title, _, _ in rows:
        plain = clean(title)
        if len(plain) > 4 and plain[0] not in "=#'":  # what a program put before or in place of a text
            assert kept[number].title == plain


@given(
    st.integers(min_value=20, max_value=700),
    st.sampled_from(['"', '""', '",', '"\n', "'"]),
)
@example(23, '"')
@pytest.mark.parametrize("quoting", [csv.QUOTE_MINIMAL, csv.QUOTE_ALL])
def test_one_stray_mark_costs_no_more_than_the_row_it_is_in_and_the_next(quoting: int, at: int, mark: str) -> None:
    rows = [[str(n), f'The {n}th "title", again', "2020", f"Text number {n}"] for n in range(12)]
    whole = written(rows, ",", quoting, "\n")
    assume(whole.index(b"\n") < at < len(whole))
    citations, findings = read("csv", whole[:at] + mark.encode() + whole[at:])
    right = {(c.accession, c.title, c.abstract) for c in citations}
    assert len(right & {(n, title, text) for n, title, _, text in rows}) >= 10
    if len(right) < 12:
        assert findings


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_damaged_table_of_any_program_is_survived(data: st.DataObject) -> None:
    body = data.draw(st.sampled_from(TABLES)).read_bytes()
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(body)))
        gone = data.draw(st.integers(0, 30))
        new = data.draw(
            st.sampled_from([b"", b'"', b'"\n', b"\n", b"\r", b",", b";", b"\t", b"\x00", b"\xff\xfe", b"\xe4"])
        )
        body = body[:at] + new + body[at + gone :]
    check(body)


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.name)
def test_a_table_cut_off_anywhere_is_survived(path) -> None:
    body = path.read_bytes()
    for at in range(0, len(body), 7):
        check(body[:at])


@given(st.binary(max_size=300))
def test_any_bytes_are_no_danger_to_the_other_readers(body: bytes) -> None:
    check(body)
    check(b"PK\x03\x04" + body, "xlsx")


CELL = st.one_of(
    st.none(), TEXT.map(lambda text: text.replace("\x00", "")), st.integers(0, 10**9), st.floats(allow_nan=False)
)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(CELL, min_size=1, max_size=6), max_size=8))
def test_whatever_is_in_the_cells_of_a_workbook_every_row_is_kept_or_rejected(cells) -> None:
    body = workbook(a=[HEAD, *([f"n{n}", *row] for n, row in enumerate(cells))])
    assert check(body, "xlsx") == len(cells)


XLSX = workbook(a=[HEAD, ["1", "Vesicles", 2020, "Text"], ["2", "Pain", 2021.0, None]], b=[HEAD, ["3", "x", 1, "y"]])


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_damaged_workbook_is_survived(data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(XLSX) - 1))
    check(XLSX[:at] + data.draw(st.binary(max_size=8)) + XLSX[at + data.draw(st.integers(0, 60)) :], "xlsx")


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_a_workbook_with_damaged_xml_is_survived(data: st.DataObject) -> None:
    with zipfile.ZipFile(io.BytesIO(XLSX)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = data.draw(
        st.sampled_from([name for name in sorted(parts) if "docProps" not in name and "theme" not in name])
    )
    part = parts[name]
    at = data.draw(st.integers(0, len(part)))
    new = data.draw(
        st.sampled_from([b"", b"<", b"&", b"&#0;", b'"', b"99999999999", b"-1", b"\x00", b"</row>", b"<v>", b"E9"])
    )
    parts[name] = part[:at] + new + part[at + data.draw(st.integers(0, 30)) :]
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for member, content in parts.items():
            if data.draw(st.integers(0, 30)):  # now and then a part is missing
                archive.writestr(member, content)
    check(made.getvalue(), "xlsx")
