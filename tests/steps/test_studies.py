"""Studies: reports that people link, and links worth making."""

import pytest

from reviewkit.errors import NothingToLink, NothingToUndo, NotLinkable, NotLinked, UnknownRecord
from reviewkit.formats.journal import parse_journal, to_journal
from reviewkit.model.matches import Judgement, Match
from reviewkit.model.protocol import Protocol
from reviewkit.model.studies import Link
from reviewkit.steps.dedup import deduplicate
from reviewkit.steps.dedup import waiting as waiting_pairs
from reviewkit.steps.judge import judge, take_back
from reviewkit.steps.standing import Standing, standing
from reviewkit.steps.studies import (
    link_reports,
    list_rule_links,
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
    """Two articles on one trial (the second in two copies), and an article on another trial."""
    article = citation(title="Exosomes in backs", registrations=("NCT01234567",), doi="10.1/a")
    later = citation(title="Two years after", authors=("Poe E",), registrations=("nct 01234567",), doi="10.1/c")
    other = citation(title="Knees", registrations=("NCT07654321",), doi="10.1/b")
    add_run(store, [article, later, later, other])
    deduplicate(store, AT)
    return store


def test_articles_that_name_one_registration_are_offered_as_a_link_and_not_linked(
    registered: Store, protocol: Protocol
):
    now = standing(registered, protocol)
    assert now.records.members == {1: (1,), 2: (2, 3), 4: (4,)}
    [found] = suggest_links(registered, now)
    assert (found.registration, [record.id for record in found.records]) == ("NCT01234567", [1, 2])
    assert now.relations == ()
    assert registered.count(Link) == 0


def test_an_article_and_its_register_entry_are_linked_by_rule_and_stay_two_records(store: Store, protocol: Protocol):
    article = citation(title="Exosomes in backs", registrations=("NCT01234567",), doi="10.1/a")
    entry = citation(title="A trial of exosomes", **REGISTER, registrations=("nct 01234567",))
    add_run(store, [article, entry, entry])
    deduplicate(store, AT)
    now = standing(store, protocol)
    assert now.records.members == {1: (1,), 2: (2, 3)}
    assert [relation.pair for relation in now.relations] == [(1, 2)]
    assert suggest_links(store, now) == []
    assert store.count(Link) == 0  # it follows from the match


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


# --- what rules link -----------------------------------------------------------------------------


def relate(store: Store, *pairs: tuple[int, int]) -> None:
    """Store what a rule says of two reports of one study."""
    said = {"judgement": Judgement.RELATED, "rule": "preprint", "evidence": "same title", "by": "reviewkit", "at": AT}
    store.add([Match(left=left, right=right, **said) for left, right in pairs])


def test_what_a_rule_relates_is_one_study_and_stays_two_records(reports: Store, now):
    relate(reports, (1, 2))
    assert now().records.members == {r: (r,) for r in range(1, 6)}
    assert members(now()) == [(1, 2), (3,)]
    assert [(link.pair, link.match.rule, link.match.evidence) for link in list_rule_links(reports, now())] == [
        ((1, 2), "preprint", "same title")
    ]
    assert waiting_pairs(reports)[1] == []


def test_a_person_outranks_the_rule_before_and_after(reports: Store, now):
    relate(reports, (1, 2), (2, 3))
    unlink_report(reports, now(), 2, "ann", AT)
    assert members(now()) == [(1, 3), (2,)]
    relate(reports, (1, 2))
    assert members(now()) == [(1, 3), (2,)]
    assert list_rule_links(reports, now()) == []
    take_back_link(reports, "ann", LATER)
    assert members(now()) == [(1, 2, 3)]
    assert [link.pair for link in list_rule_links(reports, now())] == [(1, 2), (2, 3)]


def test_linking_what_a_rule_linked_adds_nothing_and_linking_more_makes_one_study_of_all(reports: Store, now):
    relate(reports, (1, 2))
    assert link_reports(reports, now(), [1, 2], "ann", AT) == []
    link_reports(reports, now(), [2, 3], "ann", AT)
    assert members(now()) == [(1, 2, 3)]


def test_relations_follow_their_citations_when_records_are_merged_and_split(reports: Store, now):
    relate(reports, (2, 4))
    assert members(now()) == [(1,), (2,), (3,)]
    judge(reports, 3, 4, Judgement.SAME, "ann", AT)
    assert members(now()) == [(1,), (2, 3)]
    take_back(reports, "ann", LATER)
    assert members(now()) == [(1,), (2,), (3,)]


def test_of_what_rules_linked_only_reports_that_may_still_come_in_are_listed_as_waiting(reports: Store, now):
    relate(reports, (1, 4), (2, 5))  # 4 waits for its full text, 5 is excluded
    assert [[r.id for r in group] for group in list_waiting_links(reports, now())] == [[1, 4]]


def test_an_article_on_two_trials_of_one_register_does_not_chain_them_into_one_study(store: Store, protocol: Protocol):
    numbers = (("NCT01",), ("NCT02",), ("NCT01", "NCT02"), ("NCT01",), ("nct 02", "ISRCTN5"))
    add_run(store, [citation(title=f"Report {n}", registrations=named) for n, named in enumerate(numbers)])
    for stage in ("title-abstract", "full-text"):
        store.add([decision(record, "include", stage=stage) for record in range(1, 6)])
    relate(store, (1, 3), (2, 3), (1, 4), (2, 5))
    stand = standing(store, protocol)
    assert members(stand) == [(1, 4), (2, 5), (3,)]
    assert any({1, 3} <= {r.id for r in each.records} for each in suggest_links(store, stand))
    relate(store, (4, 5))  # a slip of a rule: through it two trials would meet
    assert members(standing(store, protocol)) == [(1, 4), (2, 5), (3,)]


@pytest.mark.parametrize(
    ("one", "other", "together"),
    [
        ((), (), True),
        (("NCT01234567",), ("NCT 01234567",), True),
        (("NCT01234567",), ("NCT01234568",), False),
        (("NCT01234567",), ("ISRCTN12345678",), True),  # one trial, registered twice
        (("2010-012345-67",), ("EUCTR2010-012345-67-GB",), True),
        (("2010-012345-67",), ("EUCTR2010-012345-68-GB",), False),
        (("ChiCTR-IOR-17000001",), ("ChiCTR1800000002",), False),
    ],
)
def test_records_on_two_trials_of_one_register_are_not_linked_by_rule(
    store: Store, protocol: Protocol, one: tuple[str, ...], other: tuple[str, ...], together: bool
):
    add_run(store, [citation(registrations=one), citation(registrations=other)])
    relate(store, (1, 2))
    assert len(standing(store, protocol).relations) == together


def test_what_rules_link_survives_archive_and_restore(reports: Store, protocol: Protocol, now):
    relate(reports, (1, 2))
    text = to_journal(Match, reports.all(Match))
    assert list(parse_journal(Match, text, "matches.csv").rows) == reports.all(Match)
