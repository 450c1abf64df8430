"""What all sources have in common: reports can rely on how each tells what it sent, and from where."""

from datetime import date

import pytest

from reviewkit.model.known import read_known
from reviewkit.model.protocol import Strategy
from reviewkit.model.runs import database_label
from reviewkit.sources import SOURCES, find_source, host_of

SINCE = date(2024, 1, 2)


def strategy(database: str, **given: object) -> Strategy:
    return Strategy(database=database, strategy="exosomes\n  AND pain", **given)  # type: ignore[arg-type]


@pytest.mark.parametrize("database", SOURCES)
def test_line_ends_and_runs_of_blanks_are_folded(database: str) -> None:
    source = find_source(database)
    assert source
    assert "exosomes AND pain" in source.as_sent(strategy(database)).strategy
    assert source.as_sent(strategy(database)).limits == ()


@pytest.mark.parametrize("database", SOURCES)
def test_a_window_of_addition_is_sent_and_told_or_neither(database: str) -> None:
    source = find_source(database)
    assert source
    whole, window = source.as_sent(strategy(database)), source.as_sent(strategy(database), SINCE)
    if not source.ABOUT.since:
        assert window == whole
        return
    assert window.strategy != whole.strategy
    (told,) = window.limits
    assert told.startswith(f"added to {database_label(database)} ")
    assert "on or after 2024-01-02 (" in told


@pytest.mark.parametrize("database", SOURCES)
def test_every_limit_of_the_protocol_is_told_with_what_became_of_it(database: str) -> None:
    source = find_source(database)
    assert source
    limited = strategy(database, languages=("english",), published_to=date(2024, 3, 18))
    language, published = source.as_sent(limited).limits
    assert language.startswith("language: english")
    assert "(not sent: " in language or "eng" in source.as_sent(limited).strategy.lower() or "(sent as " in language
    assert published.startswith("published to 2024-03-18 (sent as ")


@pytest.mark.parametrize("database", SOURCES)
def test_what_is_sent_does_not_depend_on_the_day(database: str) -> None:
    source = find_source(database)
    assert source
    limited = strategy(database, languages=("english",), published_from=date(2010, 1, 1))
    assert source.as_sent(limited, SINCE) == source.as_sent(limited, SINCE)


@pytest.mark.parametrize("database", SOURCES)
def test_a_known_paper_is_asked_for_by_its_own_number_or_not_at_all(database: str) -> None:
    source = find_source(database)
    doi, pmid = read_known("10.1000/x"), read_known("PMID 12345")
    assert source and doi and pmid
    assert "10.1000/x" in source.known_term(doi) or source.known_term(doi) == ""
    assert "12345" in source.known_term(pmid) or source.known_term(pmid) == ""


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("http://127.0.0.1:8080/api", "127.0.0.1:8080"),
        ("https://ann:secret@mirror.example.org/api", "mirror.example.org"),
        ("https://ann:p@ss@mirror.example.org", "mirror.example.org"),
        ("http://[::1", "no address"),
        ("nonsense", "no address"),
    ],
)
def test_a_server_is_told_without_user_and_password(address: str, host: str) -> None:
    assert host_of(address) == host
