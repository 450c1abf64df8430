"""What an update asks of whom: half a failure is made up for, and no window leaves a gap."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from reviewkit.errors import NothingToSearch, SinceFuture
from reviewkit.model.citation_search import Direction
from reviewkit.model.protocol import Protocol
from reviewkit.model.runs import Line
from reviewkit.protocol import load_protocol
from reviewkit.steps.update_chores import citations_again
from reviewkit.store import Store
from reviewkit.workspace import find_workspace
from tests.build import add_run, protocol_text
from tests.servers import faults
from tests.steps.updating import AFTER, FIRST, LATER, Changing, Review, made


@pytest.fixture
def server() -> Iterator[Changing]:
    with Changing(records=made(*range(1, 11))) as running:
        yield running


@pytest.fixture
def review(workspace: Path, protocol: Protocol, store: Store, server: Changing) -> Review:
    found = Review(find_workspace(workspace).choose(None), protocol, store, server)
    found.search()
    found.decide_all({1})
    return found


def rewrite(review: Review, old: str, new: str) -> None:
    """Change the protocol."""
    path = review.folders.protocol
    path.write_text(protocol_text().replace(old, new, 1), encoding="utf-8")
    review.protocol = load_protocol(path)


def test_a_search_that_fails_half_way_goes_on_with_the_next_call(review: Review) -> None:
    review.server.put(*made(*range(101, 1300)))  # three pages
    review.server.fail(faults.server_error(), on="efetch", times=1000, after=1)
    done = review.update()
    (asked,) = done.asked
    assert (done.failed, asked.run, done.new, done.unsure) == (True, None, (), 0)
    assert "PubMed" in asked.problem
    fetched = len(review.server.asked("efetch"))
    review.server._troubles.clear()
    again = review.update()
    assert (again.failed, again.update, len(again.new)) == (False, 1, 1199)
    run = again.asked[0].run
    assert run is not None
    pages = [file for file in run.responses if file.format == "pubmed-xml"]
    assert len(pages) > 2
    asked_again = len(review.server.asked("efetch")) - fetched - 1  # less that of the check of r1
    assert asked_again == len(pages) - 1  # the first was there


def test_since_the_last_search_asks_for_everything_where_the_strategy_was_changed(review: Review) -> None:
    rewrite(review, "exosomes AND back pain", "exosomes AND (back pain OR sciatica)")
    assert review.update(since="last").asked[0].since == ""
    assert review.update(AFTER, since="last").asked[0].since == "2024-04-27"  # since the one of LATER, less 14 days


def test_since_the_last_search_closes_the_gap_that_a_window_left(review: Review) -> None:
    assert review.update(LATER, since="2024-05-08").asked[0].since == "2024-05-08"  # a week after the first
    assert review.update(AFTER, since="last").asked[0].since == "2024-04-17"  # so the first still tells what is there
    assert review.update("2024-06-30", since="last").asked[0].since == "2024-05-06"  # which closed it


def test_since_the_last_search_asks_for_everything_where_there_was_none(
    workspace: Path, protocol: Protocol, store: Store, server: Changing
) -> None:
    review = Review(find_workspace(workspace).choose(None), protocol, store, server)
    done = review.update(since="last")
    assert (done.update, done.asked[0].since, len(done.new)) == (0, "", 10)


def test_a_day_that_is_still_to_come_is_refused_before_anything_is_asked(review: Review) -> None:
    asked = len(review.server.log)
    with pytest.raises(SinceFuture, match=r"2024-06-01 is still to come \(today is 2024-05-11"):
        review.update(since="2024-06-01")
    assert len(review.server.log) == asked


def test_a_database_is_named_as_people_name_it_and_an_unknown_one_is_refused(review: Review) -> None:
    assert [each.database for each in review.update(database="PubMed").asked] == ["pubmed"]
    with pytest.raises(NothingToSearch, match="none for 'nowhere', only for pubmed"):
        review.update(database="nowhere")


def test_citation_searches_of_earlier_rounds_are_mentioned_until_they_are_made_again(review: Review) -> None:
    run = add_run(review.store, [], "citation-searching", FIRST)
    lines = (Line(label="1", text="forward from r1 (W1)", count=3),)
    old = replace(run, strategy="Citation searching in Europe PMC.\nForward ...", lines=lines)
    (found,) = citations_again([old], 1)
    assert (found.index, found.last, found.directions) == ("europe-pmc", FIRST, (Direction.FORWARD,))
    assert citations_again([old], 0) == ()
    assert citations_again([old, replace(old, update=1)], 1) == ()
    assert [each.index for each in citations_again([old, replace(old, update=1)], 2)] == ["europe-pmc"]
