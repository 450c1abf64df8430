"""Tagged text damaged as files are on their way: whatever happened to it, each entry is kept or told."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.formats.reading import DATA, read

# format -> what begins an entry, looked for apart from the parser
BEGINS = {
    "ris": re.compile(r"^[ \ufeff]{0,4}(?:TY|ty) {0,2}[-–]", re.M),
    "isi": re.compile(r"^PT [A-Z]$", re.M),
    "refer": re.compile(r"^%0 ", re.M),
    "ovid": re.compile(r"^<\d+\. >$", re.M),
    "cochrane": re.compile(r"^Record #\d+ of \d+$", re.M),
}
SUFFIXES = {".ris": "ris", ".ciw": "isi", ".enw": "refer", ".cgi": "ovid", ".txt": "cochrane", ".nbib": "nbib"}
FILES = sorted(path.name for path in DATA.iterdir() if path.suffix in SUFFIXES and path.name != "quirks.ris")
WHOLE = {name: (DATA / name).read_text().replace("\r\n", "\n").replace("\r", "\n") for name in FILES}
COUNTED = [name for name in FILES if not name.endswith(".nbib")]


def entries(kind: str, text: str) -> int:
    """How many entries are kept or rejected; a file without any is one rejected finding."""
    citations, findings = read(kind, text.encode())
    rejected = [f for f in findings if f.rejected]
    if not citations and len(rejected) == 1 and rejected[0].message.startswith("no entry found"):
        return 0
    return len(citations) + len(rejected)


def begun(kind: str, text: str) -> int:
    return len(BEGINS[kind].findall(text))


def format_of(name: str) -> str:
    return SUFFIXES["." + name.rpartition(".")[2]]


@pytest.mark.parametrize("name", COUNTED)
def test_kept_and_rejected_are_what_the_file_holds(name: str) -> None:
    assert entries(format_of(name), WHOLE[name]) == begun(format_of(name), WHOLE[name]) > 0


@pytest.mark.parametrize("name", COUNTED)
def test_a_file_cut_off_anywhere_keeps_or_tells_every_entry_that_had_begun(name: str) -> None:
    kind, lines = format_of(name), WHOLE[name].splitlines(keepends=True)
    for place in range(len(lines)):
        text = "".join(lines[:place])
        assert entries(kind, text) == begun(kind, text), text[-200:]


@pytest.mark.parametrize("name", COUNTED)
@settings(max_examples=20)
@given(data=st.data())
def test_lines_that_come_twice_or_get_lost_cost_no_other_entry(name: str, data: st.DataObject) -> None:
    kind, lines = format_of(name), WHOLE[name].splitlines(keepends=True)
    place = data.draw(st.integers(0, len(lines) - 1))
    twice = "".join((*lines[: place + 1], *lines[place:]))
    assert entries(kind, twice) == begun(kind, twice)
    lost = "".join((*lines[:place], *lines[place + 1 :]))
    # RIS and Web of Science entries also end, so that one without its first line stands alone and is kept.
    assert begun(kind, lost) <= entries(kind, lost) <= begun(kind, WHOLE[name])


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-32"])
def test_every_encoding_reads_the_same(name: str, encoding: str) -> None:
    text = WHOLE[name].lstrip("\ufeff")
    assert read(format_of(name), text.encode(encoding)) == read(format_of(name), text.encode())


@pytest.mark.parametrize("name", FILES)
@settings(max_examples=25)
@given(data=st.data())
def test_flipped_bytes_cost_no_other_entry(name: str, data: st.DataObject) -> None:
    kind, body = format_of(name), bytearray(WHOLE[name].encode())
    before = read(kind, bytes(body))
    for _ in range(data.draw(st.integers(1, 3))):
        body[data.draw(st.integers(0, len(body) - 1))] = data.draw(st.integers(0, 255))
    citations, findings = read(kind, bytes(body))
    kept = sum(c.title in {other.title for other in before[0]} for c in citations)
    told = sum(f.rejected for f in findings)
    # A byte can spoil one title, or the line between two entries.
    assert kept + told >= len(before[0]) - 6
    assert all(1 <= c.line <= body.count(b"\n") + body.count(b"\r") + 1 for c in citations)
