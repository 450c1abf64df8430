"""What may be said of a search beside an earlier one: nothing is called missing that was not searched for again."""

from dataclasses import replace

import pytest

from reviewkit.model.protocol import Protocol
from reviewkit.model.runs import SearchRun, database_kind
from reviewkit.steps.dedup import deduplicate
from reviewkit.steps.export.update_text import to_markdown
from reviewkit.steps.standing import standing
from reviewkit.steps.update_report import report_update, rounds
from reviewkit.steps.update_sources import SourceReport
from reviewkit.store import Store
from tests.build import citation

WORDS = ("knees", "discs", "tendons", "nerves", "muscles", "skin", "bones", "cartilage", "ligaments", "fat")


def search(store: Store, date: str, numbers: str, strategy: str = "exosomes", update: int = 0, **given: object) -> None:
    """Store a search that found the publications of these numbers (digits)."""
    database = str(given.pop("database", "scopus"))
    first = max((run.first + run.retrieved for run in store.runs()), default=1)
    name = f"{date}-{database}-{first}"
    made = [
        citation(
            title=f"A trial of vesicles for {WORDS[int(n)]}", accession=f"2-s2.0-{n}", doi=f"10.1000/{n}", year=2001
        )
        for n in numbers
    ]
    run = SearchRun(
        id=name, database=database, kind=database_kind(database), date=date, finished=f"{date}T10:00:00Z",
        strategy=strategy, reported=len(made), retrieved=len(made), first=first, update=update, **given,  # type: ignore[arg-type]
    )  # fmt: skip
    store.add_run(run, [replace(c, id=first + place, run=name) for place, c in enumerate(made)])
    deduplicate(store, run.finished)


def compared(store: Store, protocol: Protocol, update: int = 1) -> SourceReport:
    (source,) = report_update(store, protocol, standing(store, protocol), update).sources
    return source


def text(store: Store, protocol: Protocol) -> str:
    return to_markdown(report_update(store, protocol, standing(store, protocol), 1), protocol).decode()


def test_what_the_very_same_search_does_not_find_again_is_told_as_no_longer_returned(
    store: Store, protocol: Protocol
) -> None:
    search(store, "2024-01-01", "0123")
    search(store, "2025-01-01", "0124", update=1)
    source = compared(store, protocol)
    assert (source.incomparable, source.strategy_changed, source.gone) == ("", False, (4,))
    assert (source.before_count, source.count, source.known, source.new) == (4, 4, 3, (8,))
    assert "Records that the same search returned before and returns no longer" in text(store, protocol)


@pytest.mark.parametrize(
    ("then", "now", "why"),
    [
        ({}, {"strategy": "vesicles"}, "the strategy or its limits changed"),
        ({}, {"limits": ("language: english",)}, "the strategy or its limits changed"),
        ({"strategy": ""}, {}, "the strategy or its limits changed"),
        ({"strategy": ""}, {"strategy": ""}, "its strategy is not on record"),
        ({}, {"since": "2024-12-01"}, "only what was added since 2024-12-01 was asked for"),
        ({}, {"complete": False}, "this search is incomplete"),
    ],
)
def test_otherwise_nothing_is_called_missing_and_the_report_says_why(
    store: Store, protocol: Protocol, then: dict[str, str], now: dict[str, object], why: str
) -> None:
    search(store, "2024-01-01", "0123", origin="import", **then)
    search(store, "2025-01-01", "045", update=1, origin="import", **now)  # type: ignore[arg-type]
    source = compared(store, protocol)
    assert (source.incomparable, source.gone, source.left_out) == (why, (), ())
    assert (source.known, len(source.new)) == (1, 2)  # which is true of any two searches
    written = text(store, protocol)
    assert f"not comparable: {why}" in written
    assert "returns no longer" not in written and WORDS[2] not in written


def test_what_a_changed_strategy_does_not_find_is_listed_as_that(store: Store, protocol: Protocol) -> None:
    search(store, "2024-01-01", "0123")
    search(store, "2025-01-01", "045", "vesicles", update=1)
    source = compared(store, protocol)
    assert (source.gone, source.left_out, source.strategy_changed) == ((), (2, 3, 4), True)
    written = text(store, protocol)
    assert "## Found by the old strategy and not by the new one" in written
    assert "returns no longer" not in written


def test_the_files_of_one_export_are_one_search(store: Store, protocol: Protocol) -> None:
    for date, update, files in (("2024-01-01", 0, ("012", "34")), ("2025-01-01", 1, ("01", "4"))):
        for numbers in files:
            search(store, date, numbers, update=update, origin="import")
    source = compared(store, protocol)
    assert (source.before_count, source.count, source.incomparable, source.gone) == (5, 3, "", (3, 4))


def test_a_window_and_a_whole_search_of_one_day_are_two_searches(store: Store, protocol: Protocol) -> None:
    search(store, "2024-01-01", "0123")
    search(store, "2025-01-01", "4", "exosomes AND added", update=1, since="2024-12-01")
    assert compared(store, protocol).incomparable.startswith("only what was added since")
    search(store, "2025-01-01", "0124", update=1)
    source = compared(store, protocol)
    assert (source.strategy_changed, source.incomparable, source.gone, source.count) == (False, "", (4,), 4)


def test_searches_that_a_timer_repeats_are_compared_by_the_last_whole_one(store: Store, protocol: Protocol) -> None:
    search(store, "2024-01-01", "0123")
    for day, found in (("06", "0123"), ("13", "01234"), ("20", "0134")):
        search(store, f"2025-01-{day}", found, update=1)
    source = compared(store, protocol)
    assert (source.date, source.count, source.known, source.gone) == ("2025-01-20", 4, 4, (3,))
    assert standing(store, protocol).records.members.keys() == {1, 2, 3, 4, 13}
    assert (source.new, source.records) == ((17,), (13,))


def test_going_on_with_citation_searching_is_no_repetition(store: Store, protocol: Protocol) -> None:
    search(store, "2024-01-01", "01", "from r1", database="citation-searching")
    search(store, "2024-01-09", "12", "from r2", database="citation-searching")
    assert rounds(standing(store, protocol)) == []
    search(store, "2024-02-01", "12", "from r2", database="citation-searching")
    assert rounds(standing(store, protocol)) == [0]
