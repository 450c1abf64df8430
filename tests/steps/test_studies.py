"""Studies: reports that people link, and links worth making."""

import pytest

from reviewkit.errors import NothingToLink, NothingToUndo, NotLinkable, NotLinked, UnknownRecord
from reviewkit.model.protocol import Protocol
from reviewkit.model.studies import Link
from reviewkit.steps.dedup import deduplicate
from reviewkit.steps.standing import Standing, standing
from reviewkit.steps.studies import (
    link_reports,
    list_studies,
    list_waiting_links,
    suggest_links,
    take_back_link,
    unlink_report,
)
from reviewkit.store import Store
from tests.build import AT, add_run, citation, decision

LATER = "2024-05-02T10:00:00Z"
REGISTER = {"authors": (), "year": None, "journal": "ClinicalTrials.gov"}


@pytest.fixture
def reports(store: Store) -> Store:
    """Five different records: 1 to 3 included, 4 waiting for its full text, 5 excluded."""
    titles = ("Exosomes in backs", "Register entry", "Follow-up in knees", "A later report", "Mice on wheels")
    add_run(store, [citation(title=title, authors=(f"{title[:6]} A",)) for title in titles])
    first = [decision(record, "include") for record in (1, 2, 3, 4)] + [decision(5, "exclude", criterion="E1")]
    store.add([*first, *(decision(record, "include", stage="full-text") for record in (1, 2, 3))])
    return store


@pytest.fixture
def now(reports: Store, protocol: Protocol):
    """Derive where the review stands at this moment."""
    return lambda: standing(reports, protocol)


def members(found: Standing) -> list[tuple[int, ...]]:
    return list(found.studies.members.values())


def test_without_links_every_included_report_is_a_study(now):
    assert members(now()) == [(1,), (2,), (3,)]


def test_linked_reports_are_one_study(reports: Store, now):
    rows = link_reports(reports, now(), [2, 1], "ann", AT, "same trial")
    assert [(r.left, r.right, r.by, r.at, r.note) for r in rows] == [(1, 2, "ann", AT, "same trial")]
    assert members(now()) == [(1, 2), (3,)]
    studies = list_studies(reports, now())
    assert [(s.id, [r.id for r in s.reports]) for s in studies] == [(1, [1, 2]), (3, [3])]


def test_linking_what_is_linked_adds_nothing(reports: Store, now):
    link_reports(reports, now(), [1, 2], "ann", AT)
    assert link_reports(reports, now(), [2, 1], "ann", AT) == []
    assert reports.count(Link) == 1


def test_linking_two_studies_makes_one_of_all_their_reports(reports: Store, now):
    link_reports(reports, now(), [1, 2], "ann", AT)
    link_reports(reports, now(), [2, 3], "ann", AT)
    assert members(now()) == [(1, 2, 3)]


def test_a_report_that_is_not_included_yet_counts_once_it_is(reports: Store, now):
    link_reports(reports, now(), [1, 4], "ann", AT)
    assert members(now()) == [(1,), (2,), (3,)]
    assert [[r.id for r in group] for group in list_waiting_links(reports, now())] == [[1, 4]]
    reports.add([decision(4, "include", stage="full-text")])
    assert members(now()) == [(1, 4), (2,), (3,)]
    assert list_waiting_links(reports, now()) == []


def test_an_excluded_record_cannot_be_linked_and_nothing_is_kept(reports: Store, now):
    with pytest.raises(NotLinkable, match="r5 was excluded at title and abstract"):
        link_reports(reports, now(), [1, 5], "ann", AT)
    reports.add([decision(4, "exclude", stage="before-screening", note="not in English")])
    assert reports.count(Link) == 0


def test_a_record_is_not_linked_to_itself_or_to_what_is_not_there(reports: Store, now):
    with pytest.raises(NothingToLink):
        link_reports(reports, now(), [1, 1], "ann", AT)
    with pytest.raises(NothingToLink):
        link_reports(reports, now(), [1], "ann", AT)
    with pytest.raises(UnknownRecord):
        link_reports(reports, now(), [1, 99], "ann", AT)


def test_an_unlinked_report_leaves_and_the_others_stay_together(reports: Store, now):
    link_reports(reports, now(), [1, 2], "ann", AT)
    link_reports(reports, now(), [2, 3], "ann", AT)
    unlink_report(reports, now(), 2, "ann", AT)
    assert members(now()) == [(1, 3), (2,)]
    link_reports(reports, now(), [2, 3], "ann", AT)
    assert members(now()) == [(1, 2, 3)]


def test_what_is_not_linked_cannot_be_unlinked(reports: Store, now):
    with pytest.raises(NotLinked):
        unlink_report(reports, now(), 1, "ann", AT)
    link_reports(reports, now(), [1, 2], "ann", AT)
    unlink_report(reports, now(), 1, "ann", AT)
    with pytest.raises(NotLinked):
        unlink_report(reports, now(), 2, "ann", AT)


def test_one_undo_takes_back_one_act_whole(reports: Store, now):
    link_reports(reports, now(), [1, 2, 3], "ann", AT)
    assert members(now()) == [(1, 2, 3)]
    unlink_report(reports, now(), 2, "ann", LATER)
    take_back_link(reports, "ann", LATER)
    assert members(now()) == [(1, 2, 3)]
    with pytest.raises(NothingToUndo):
        take_back_link(reports, "bob", LATER)
    take_back_link(reports, "ann", LATER)
    assert members(now()) == [(1,), (2,), (3,)]
    with pytest.raises(NothingToUndo):
        take_back_link(reports, "ann", LATER)


def test_links_made_in_the_same_second_between_other_records_are_taken_back_apart(reports: Store, now):
    link_reports(reports, now(), [1, 2], "ann", AT)
    link_reports(reports, now(), [3, 4], "ann", AT)
    assert [(row.left, row.right) for row in take_back_link(reports, "ann", AT)] == [(3, 4)]
    assert members(now()) == [(1, 2), (3,)]


@pytest.fixture
def registered(store: Store) -> Store:
    """An article and its register entry (in two copies), and an article on another trial."""
    article = citation(title="Exosomes in backs", registrations=("NCT01234567",), doi="10.1/a")
    entry = citation(title="A trial of exosomes", **REGISTER, registrations=("nct 01234567",))
    other = citation(title="Knees", registrations=("NCT07654321",), doi="10.1/b")
    add_run(store, [article, entry, entry, other])
    deduplicate(store, AT)
    return store


def test_an_article_and_its_register_entry_are_offered_as_a_link_and_not_linked(registered: Store, protocol: Protocol):
    now = standing(registered, protocol)
    assert now.records.members == {1: (1,), 2: (2, 3), 4: (4,)}
    [found] = suggest_links(registered, now)
    assert (found.registration, [record.id for record in found.records]) == ("NCT01234567", [1, 2])
    assert registered.count(Link) == 0


def test_a_suggestion_ends_when_a_person_links_parts_or_excludes(registered: Store, protocol: Protocol):
    link_reports(registered, standing(registered, protocol), [1, 2], "ann", AT)
    assert suggest_links(registered, standing(registered, protocol)) == []
    unlink_report(registered, standing(registered, protocol), 2, "ann", AT)
    assert suggest_links(registered, standing(registered, protocol)) == []
    take_back_link(registered, "ann", LATER)
    take_back_link(registered, "ann", LATER)
    assert len(suggest_links(registered, standing(registered, protocol))) == 1
    registered.add([decision(1, "exclude", criterion="E1")])
    assert suggest_links(registered, standing(registered, protocol)) == []
