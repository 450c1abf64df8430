"""Line-by-line strategies are read as search appendices print them; anything else stays one query."""

from hashlib import sha256

import pytest

from reviewkit.model.strategy_lines import LONGEST, line_mistakes, line_query, one_query, read_lines, unused_lines

SHARP = '#1 "low back pain"[mesh]\n#2 lumbago[tiab] OR backache[tiab]\n#3 #1 OR #2\n#4 exosom*[tiab]\n#5 #3 AND #4'
ONE = '("low back pain"[mesh] OR (lumbago[tiab] OR backache[tiab])) AND exosom*[tiab]'


@pytest.mark.parametrize(
    "text",
    [
        SHARP,
        SHARP.replace("#1 ", "#1. ", 1),
        SHARP.replace("\n", "\r\n"),
        SHARP.replace("\n", "\n\n  "),
        SHARP.replace("#3 #1 OR #2", "#3 or/1-2").replace("#5 #3 AND #4", "#5 {and #3-#4}"),
        SHARP.replace("#5 #3 AND #4", "#3 AND #4"),  # a last line without a number of its own
        SHARP.replace("OR backache", "OR\n   backache").replace("#5 #3 AND", "#5 #3 AND\n"),
        SHARP.replace("exosom*[tiab]", "exosom*[tiab]   // the product\n// nothing else here"),
        SHARP.replace("\n", "\t1,234\n") + "\t 5 ",  # with the column of hits of a copied table
        "\n".join(reversed(SHARP.split("\n"))),  # as PubMed's history is printed
        SHARP.replace("#1 ", "1. ", 1).replace("#2 l", "2. l").replace("#3 #1 OR #2", "3. 1 or 2").replace(
            "#4 e", "4. e").replace("#5 #3 AND #4", "5. and/3-4"),
        SHARP.replace("#1 ", "1 ", 1).replace("#2 l", "2 l").replace("#3 #1 OR #2", "3 or/1-2").replace(
            "#4 e", "4 e").replace("#5 #3 AND #4", "5 3 and 4"),
    ],
)  # fmt: skip
def test_the_same_strategy_in_every_usual_way_of_printing_makes_the_same_query(text: str) -> None:
    assert [line.label for line in read_lines(text)] == ["1", "2", "3", "4", "5"]
    assert one_query(text) == ONE
    assert line_mistakes(text) == ()


@pytest.mark.parametrize(
    "text",
    [
        'exosomes AND "low back pain"',
        '("low back pain"[MeSH Terms] OR lumbago[tiab])\nAND exercis*[tiab]\n',
        "2 years[tiab] OR\n3 years[tiab]",
        "1 year[tiab]\n2 years[tiab]",  # numbered, but nothing is combined
        "#1 pain",  # one line alone
        "2019[dp] AND pain\n2020[dp]",
        "",
    ],
)
def test_a_strategy_that_only_wraps_stays_as_it_is(text: str) -> None:
    assert read_lines(text) == ()
    assert one_query(text) == " ".join(text.split())


def test_brackets_go_where_the_meaning_would_change_without_them() -> None:
    text = '#1 a b\n#2 "c d"[ti]\n#3 (e OR f)\n#4 (g) OR (h)\n#5 #1 AND #2 AND #3 AND #4\n#6 #5 OR (#2 NOT #1)'
    assert one_query(text) == '((a b) AND "c d"[ti] AND (e OR f) AND ((g) OR (h))) OR ("c d"[ti] NOT (a b))'


def test_a_lines_own_query_holds_only_what_it_rests_on() -> None:
    assert line_query(read_lines(SHARP), "3") == '"low back pain"[mesh] OR (lumbago[tiab] OR backache[tiab])'
    assert line_query(read_lines(SHARP), "4") == "exosom*[tiab]"


def test_numbers_are_no_references_among_words_and_in_quotation_marks() -> None:
    text = '1. interleukin 2.mp.\n2. "1 and 2".ti.\n3. type 1 or 2 diabetes\n4. 1 and 2\n5. limit 4 to english language'
    assert [[label for r in line.references for label in r.labels] for line in read_lines(text)] == [
        [], [], [], ["1", "2"], ["4"],
    ]  # fmt: skip
    assert one_query(text).startswith("limit ((interleukin 2.mp.) AND ")
    assert one_query('#1 "see #2"[ti]\n#2 b\n#3 #1 OR #2') == '"see #2"[ti] OR b'


@pytest.mark.parametrize(
    ("text", "row", "message"),
    [
        ("#1 a\n#2 b\n#3 #1 AND #7", 2, "line #3 refers to #7, which is not there (the lines are #1 to #3)"),
        ("#1 a AND #2\n#2 b\n#3 #1", 0, "line #1 refers to #2, which comes after it; put #2 before it"),
        ("#1 a\n\n#2 b OR #2", 2, "line #2 refers to itself"),
        ("#1 a\n#1 b\n#2 #1", 1, "line #1 is there twice"),
        ("1. a\n2. or/1-3\n3. b", 1, "line #2 refers to itself"),
    ],
)
def test_what_cannot_be_meant_is_found_with_its_row(text: str, row: int, message: str) -> None:
    first = line_mistakes(text)[0]
    assert first.row == row
    assert first.message.startswith(message)
    assert one_query(text) == " ".join(text.split())  # nothing is put in wrongly


def test_references_that_grow_like_powers_are_refused_before_they_are_written_out() -> None:
    text = "#1 pain\n" + "\n".join(f"#{n} #{n - 1} OR #{n - 1}" for n in range(2, 60))
    (mistake,) = line_mistakes(text)
    assert f"longer than {LONGEST:,} characters" in mistake.message


def test_a_line_that_the_last_one_does_not_rest_on_is_named() -> None:
    assert [line.label for line in unused_lines(read_lines("#1 a\n#2 b\n#3 c\n#4 #1 AND #3"))] == ["2"]
    assert unused_lines(read_lines(SHARP)) == ()


def test_any_text_is_read_without_failing() -> None:
    signs = [
        "#1 ",
        "#2 ",
        "1. ",
        "or/1-9",
        "#",
        "\n",
        '"',
        "(",
        ")",
        "AND ",
        "limit 1 to ",
        "//",
        "\t9",
        "{or #1}",
        "é",
    ]
    for seed in range(400):
        digest = sha256(str(seed).encode()).digest()
        text = "#1 a\n" + "".join(signs[byte % len(signs)] for byte in digest)
        assert one_query(text) is not None
        line_mistakes(text)
