"""Whoever searches a database on its website is told what to export, and how many at a time."""

import pytest

from reviewkit.formats import FORMATS
from reviewkit.model.runs import DATABASES
from reviewkit.sources import SOURCES
from reviewkit.sources.by_hand import how_to_export


def test_google_scholar_is_never_asked_and_the_reason_is_told() -> None:
    assert "google-scholar" not in SOURCES
    told = " ".join(how_to_export("google-scholar").lines)
    assert "no API and forbids programs" in told
    assert "Publish or Perish" in told
    assert "Zotero" in told
    assert "1,000 results" in told


@pytest.mark.parametrize(
    ("database", "said"),
    [
        ("scopus", ("www.scopus.com", "RIS", "Abstract & keywords", "20,000")),
        ("web-of-science", ("www.webofscience.com", "plain text", "Full Record", "1,000", "500 with cited")),
        ("embase", ("www.embase.com", "RIS", "Full record", "10,000")),
        ("cinahl", ("EBSCOhost", "RIS", "25,000")),
        ("psycinfo", ("Ovid", "Complete Reference")),
        ("central", ("www.cochranelibrary.com", "Include abstract")),
        ("lilacs", ("pesquisa.bvsalud.org", "RIS")),
        ("ictrp", ("trialsearch.who.int", "CSV")),
    ],
)
def test_each_site_s_own_boxes_and_batches_are_named(database: str, said: tuple[str, ...]) -> None:
    told = " ".join(how_to_export(database).lines)
    assert all(part in told for part in said), told


def test_a_key_that_is_wanting_still_leaves_a_way_for_every_source() -> None:
    for database in SOURCES:
        assert how_to_export(database).lines


@pytest.mark.parametrize("database", [*DATABASES, "no-such-database"])
def test_the_advice_is_short_sentences(database: str) -> None:
    lines = how_to_export(database).lines
    assert 2 <= len(lines) <= 5
    assert all(line.endswith(".") and len(line) < 260 and "\n" not in line for line in lines)
    assert any(name in " ".join(lines) for name in ("RIS", "CSV", "nbib", "plain text"))
    assert "ris" in FORMATS
