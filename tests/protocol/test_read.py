from pathlib import Path

import pytest

from reviewkit.errors import InvalidProtocol, NotReadable
from reviewkit.protocol import load_protocol, parse_protocol
from tests.build import protocol_text

FILE = Path("protocols/backpain.toml")
SOUND = protocol_text()


def mistakes(text: str) -> list[str]:
    with pytest.raises(InvalidProtocol) as caught:
        parse_protocol(text, FILE)
    return list(caught.value.problems)


def changed(before: str, after: str) -> str:
    assert before in SOUND
    return SOUND.replace(before, after, 1)


def test_a_sound_protocol_is_named_for_its_file_and_keeps_its_text() -> None:
    protocol = parse_protocol(SOUND, FILE)
    assert (protocol.review, protocol.title, protocol.source) == ("backpain", "Exosomes for back pain", SOUND)
    assert [stage.reviewers for stage in protocol.stage] == [1, 1]


def test_comments_and_layout_make_no_new_version_but_content_does() -> None:
    version = parse_protocol(SOUND, FILE).version
    assert parse_protocol("# a comment\n" + SOUND.replace("\n", "\r\n"), FILE).version == version
    assert parse_protocol(changed('reasons = "optional"\n', ""), FILE).version != version
    assert parse_protocol(changed('label = "No exosomes"', 'label = "No exosome"'), FILE).version != version


def test_a_protocol_that_says_nothing_of_the_order_keeps_the_version_it_had_and_the_order_of_ids() -> None:
    plain = parse_protocol(SOUND, FILE)
    assert plain.version == "2e1c843b6f40"
    assert [(stage.order, stage.learn_from) for stage in plain.stage] == [("id", "own")] * 2
    spelled_out = changed("reviewers = 1", 'reviewers = 1\norder = "id"\nlearn_from = "own"')
    assert parse_protocol("must_find = []\n" + spelled_out, FILE).version == plain.version
    assert parse_protocol(spelled_out.replace('"id"\n', '"newest"\n'), FILE).version != plain.version


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (changed('title = "Exosomes for back pain"', "title = 3"), ":1: title: 3 should be a text in quotes"),
        (changed('title = "Exosomes for back pain"', 'title = " "'), ":1: title: is empty; give the review's title"),
        (changed('authors = ["A. Reviewer"]', 'authors = "A"'), ":2: authors: 'A' should be a list in square brackets"),
        (changed('authors = ["A. Reviewer"]', 'authors = ["A", 3]'), ":2: authors[2]: 3 should be a text in quotes"),
        (changed("authors =", "autors ="), ":2: autors: there is no such key; did you mean 'authors'?"),
        ('version = "3"\n' + SOUND, ":1: version: there is no such key"),
        (
            changed("population =", "populaton ="),
            ":7: question.populaton: there is no such key; did you mean 'population'",
        ),
        (changed("[[search]]", "[search]"), "of tables, write [[double brackets]]"),
        (changed('database = "pubmed"', 'database = "Web of Science"'), "such as pubmed or web-of-science"),
        (
            changed("published_to = 2024-03-18", 'published_to = "March"'),
            ":14: search[1].published_to: 'March' should be a date such as 2024-03-18, without quotes",
        ),
        (
            changed("published_to = 2024-03-18", "published_to = 2024-03-18T10:00:00Z"),
            "should be a date such as 2024-03-18, without a time",
        ),
        (
            changed("published_to = 2024-03-18", "published_to = 2024-03-18\npublished_from = 2024-03-19"),
            ":15: search[1].published_from: 2024-03-19 is later than published_to 2024-03-18; swap them",
        ),
        (changed('id = "E1"', 'id = "I1"'), ":21: exclude[1].id: 'I1' is used before; every criterion has its own id"),
        (changed('id = "E1"', 'id = "e2"'), ":26: exclude[2].id: 'E2' is used before"),
        (changed('id = "E1"', 'id = "E 1"'), ":21: exclude[1].id: 'E 1' should be short, a letter and digits"),
        (changed("reviewers = 1", "reviewers = 0"), ":31: stage[1].reviewers: 0 is not possible; write how many"),
        (changed("reviewers = 1", "reviewers = 1.5"), ":31: stage[1].reviewers: 1.5 should be a whole number"),
        (changed("reviewers = 1", 'reviewers = "two"'), ":31: stage[1].reviewers: 'two' should be a whole number"),
        (changed('id = "full-text"', 'id = "fulltext"'), 'not possible here; write "title-abstract" or "full-text"'),
        (
            changed("reviewers = 1", 'reviewers = 1\norder = "best"'),
            ':32: stage[1].order: \'best\' is not possible here; write "id", "relevance", "newest", "random"',
        ),
        (
            changed("reviewers = 1", 'reviewers = 1\nlearn_from = "bob"'),
            ':32: stage[1].learn_from: \'bob\' is not possible here; write "own" or "all"',
        ),
        (
            changed("authors =", 'must_find = ["10.1/x", "Doe 2020"]\nauthors ='),
            ":2: must_find[2]: 'Doe 2020' is no PMID",
        ),
        (changed("authors =", 'must_find = ["PMID 12", "12"]\nauthors ='), ":2: must_find[2]: '12' is listed before"),
        (changed('type = "integer"', 'type = "int"'), 'write "text", "integer", "number", "date", "yes-no", "choice"'),
        (changed('choices = ["trial", "case series"]', ""), "a field of type choice needs a list of at least two"),
        (changed('type = "choice"', 'type = "text"'), 'needs type = "choice" or "choices", and the type is "text"'),
        (changed('key = ["name", "time"]', ""), "extraction.group[2].key: is missing; name the fields that tell"),
        (changed('key = ["name", "time"]', 'key = ["nam"]'), "'nam' is not a field of this group; its fields are name"),
        (changed("repeated = true\n", ""), "extraction.group[2].key: belongs to a repeated group only"),
    ],
)
def test_a_mistake_is_told_with_its_line_its_key_and_what_to_write(text: str, problem: str) -> None:
    (found,) = mistakes(text)
    assert found.startswith(f"{FILE}:")
    assert problem in found


def test_every_mistake_is_told_at_once_in_the_order_of_the_file() -> None:
    text = SOUND.replace('title = "', 'title = 3 # "').replace("reviewers = 1", 'reviewers = "x"')
    text = text.replace('id = "E2"', 'id = "E1"').replace('type = "number"', 'tpye = "number"')
    found = mistakes(text)
    assert [line.split(": ")[1] for line in found] == [
        "title", "exclude[2].id", "stage[1].reviewers", "stage[2].reviewers", "extraction.reviewers",
        "extraction.group[2].field[3].tpye",
    ]  # fmt: skip
    assert [int(line.split(":")[1]) for line in found] == sorted(int(line.split(":")[1]) for line in found)


def test_an_empty_file_lists_all_that_must_be_given() -> None:
    assert {line.split(": ")[1] for line in mistakes("")} == {"title", "question", "include", "exclude"}


def test_a_line_is_found_behind_strings_and_lists_that_look_like_tables() -> None:
    text = changed('strategy = "exosomes AND back pain"', 'strategy = """\n[[stage]]\nid = 3\n[highlight]\n"""')
    text = text.replace('languages = ["english"]', 'languages = [\n  "english",  # [x]\n  3,\n]').replace(
        '"E1"', '"E 1"'
    )
    language, criterion = mistakes(text)
    assert language == f"{FILE}:17: search[1].languages[2]: 3 should be a text in quotes"
    assert criterion.startswith(f"{FILE}:28: exclude[1].id: ")
    assert text.splitlines()[27] == 'id = "E 1"'


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('title = "a\n', ":1: a text has no closing quote on this line"),
        ("title = a\n", ":1: what stands after = is no value; a text needs quotes"),
        ('title "a"\n', ":1: this line is no key = value"),
        ('title = "a"\ntitle = "b"\n', ":2: this key was given before in the same table"),
        ('authors = ["a"\n', ": a list has no closing bracket ]"),
        ('title = "C:\\dir"', ":1: a backslash in double quotes means something else"),
        ("[search]\n[search]\n", ":2: [search] was there before; where there are several, write [[search]]"),
        ('title = """abc', ": a text has no closing quotes"),
    ],
)
def test_broken_toml_is_told_in_plain_words(text: str, problem: str) -> None:
    (found,) = mistakes(text)
    assert found.startswith(f"{FILE}{problem}")


def test_a_file_that_is_no_utf8_text_is_named(tmp_path: Path) -> None:
    file = tmp_path / "a.toml"
    file.write_bytes("# Öl\ntitle = 'é'".encode().replace("é".encode(), b"\xe9"))
    with pytest.raises(NotReadable, match=r"a\.toml:2: it is not UTF-8 text\. Save it"):
        load_protocol(file)
    with pytest.raises(NotReadable, match="No such file"):
        load_protocol(tmp_path / "b.toml")


def test_a_byte_order_mark_from_a_windows_editor_is_no_mistake(tmp_path: Path) -> None:
    file = tmp_path / "a.toml"
    file.write_text("\ufeff" + SOUND, encoding="utf-8")
    assert load_protocol(file).version == parse_protocol(SOUND, FILE).version
