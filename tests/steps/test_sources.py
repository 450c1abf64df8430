"""What is known of every database: what it needs and has, and how it is searched by hand; never a key itself."""

from pathlib import Path

import pytest

from reviewkit.errors import UnknownDatabase
from reviewkit.formats import FORMATS
from reviewkit.model.runs import DATABASES, SourceKind
from reviewkit.sources import SOURCES, Access, find_source
from reviewkit.steps.sources import find_one, list_sources

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "sources.md").read_text(encoding="utf-8")
SECRET = "0123456789abcdef"


def access(**values: str) -> Access:
    return Access(lambda variable: values.get(variable, ""), Path("config.toml"))


def test_every_database_is_listed_once_and_websites_are_not() -> None:
    found = list_sources(access())
    names = [entry.database for entry in (*found.searchable, *found.by_hand)]
    assert sorted(names) == sorted(name for name, (_, kind) in DATABASES.items() if kind is not SourceKind.OTHER)
    assert {entry.database for entry in found.searchable} == set(SOURCES)


@pytest.mark.parametrize("database", SOURCES)
def test_a_database_is_ready_once_all_is_set_that_it_cannot_do_without(database: str) -> None:
    empty, _ = find_one(database, access())
    assert empty
    required = [held.need.variable for held in empty.needs if held.need.required]
    assert empty.is_ready == (not required)
    full, _ = find_one(database, access(**dict.fromkeys(required, SECRET)))
    assert full and full.is_ready
    assert SECRET not in repr(full)


@pytest.mark.parametrize("database", SOURCES)
def test_every_source_says_of_itself_what_a_person_must_know(database: str) -> None:
    source = find_source(database)
    assert source
    about = source.ABOUT
    assert about.platform and about.documentation.startswith("https://")
    assert about.address.startswith("https://") and not about.address.endswith("/")
    assert about.address_variable.startswith("REVIEWKIT_") and about.address_variable.endswith("_URL")
    assert not about.note or (about.note[0].isupper() and about.note.endswith("."))
    for need in about.needs:
        assert need.what.startswith(("a ", "an "))
        assert need.benefit or need.required
        assert need.where or "e-mail" in need.what


def test_no_two_sources_share_the_variable_of_their_address() -> None:
    variables = [find_source(database).ABOUT.address_variable for database in SOURCES]  # type: ignore[union-attr]
    assert len(set(variables)) == len(variables)


@pytest.mark.parametrize("database", SOURCES)
def test_the_page_for_users_tells_every_source_and_what_it_asks_for(database: str) -> None:
    (row,) = (line for line in PAGE.splitlines() if line.startswith(f"| `{database}` |"))
    entry, _ = find_one(database, access())
    assert entry
    assert all(f"`{held.need.variable}`" in row for held in entry.needs)


@pytest.mark.parametrize("text", ["web-of-science", "Web of Science", "WEB OF SCIENCE"])
def test_a_database_is_found_by_name_and_by_label(text: str) -> None:
    entry, by_hand = find_one(text, access())
    assert entry and entry.database == "web-of-science"
    assert by_hand and by_hand.export.lines


def test_a_database_that_is_searched_by_hand_comes_with_advice() -> None:
    entry, by_hand = find_one("google-scholar", access())
    assert entry is None
    assert by_hand and "Publish or Perish" in " ".join(by_hand.export.lines)


@pytest.mark.parametrize("text", ["nonsense", "websites", ""])
def test_what_is_no_database_is_refused_with_those_that_are(text: str) -> None:
    with pytest.raises(UnknownDatabase, match="web-of-science"):
        find_one(text, access())


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("http://127.0.0.1:8080/", "127.0.0.1:8080"),
        (f"http://ann:{SECRET}@mirror.example.org/x", "mirror.example.org"),
        (f"http://[{SECRET}", "no address"),
        ("https://api.crossref.org/", ""),
        ("", ""),
    ],
)
def test_another_server_is_told_by_its_host_alone(address: str, host: str) -> None:
    entry, _ = find_one("crossref", access(REVIEWKIT_CROSSREF_URL=address))
    assert entry and entry.host == host


def test_every_source_has_a_format_that_reads_its_answers() -> None:
    named = {"pubmed": "pubmed-xml", "web-of-science": "wos-json", "clinicaltrials-gov": "clinicaltrials-json"}
    assert {named.get(database, f"{database}-json") for database in SOURCES} <= set(FORMATS)
