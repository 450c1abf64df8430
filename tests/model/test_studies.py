"""Studies out of links between reports."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from reviewkit.model.partition import partition
from reviewkit.model.studies import Link, joining, linked, parting, studies

IDS = range(1, 8)
ALONE = partition(IDS, [])


def link(left: int, right: int, joined: bool = True) -> Link:
    return Link(left=left, right=right, joined=joined, by="ann", at="2024-05-01")


def stored(*links: Link) -> list[Link]:
    return [replace(each, n=n) for n, each in enumerate(links, start=1)]


def test_linked_reports_are_one_study_named_by_the_earliest():
    assert studies([2, 4, 5], stored(link(2, 4)), ALONE).members == {2: (2, 4), 5: (5,)}


def test_the_last_word_on_two_reports_counts():
    assert studies([2, 4], stored(link(2, 4), link(2, 4, joined=False)), ALONE).members == {2: (2,), 4: (4,)}
    rows = stored(link(2, 4), link(2, 4, joined=False), link(2, 4))
    assert studies([2, 4], rows, ALONE).members == {2: (2, 4)}


def test_reports_linked_through_one_that_is_not_included_are_one_study():
    rows = stored(link(2, 3), link(3, 4))
    assert studies([2, 4], rows, ALONE).members == {2: (2, 4)}


def test_a_study_is_named_by_its_earliest_included_report():
    assert studies([4, 5], stored(link(2, 4), link(4, 5)), ALONE).members == {4: (4, 5)}


def test_links_follow_reports_through_merges():
    merged = partition(IDS, [(1, 4)])
    assert studies([1, 2], stored(link(2, 4)), merged).members == {1: (1, 2)}
    assert studies([1], stored(link(1, 4)), merged).members == {1: (1,)}


pairs = st.tuples(st.sampled_from(IDS), st.sampled_from(IDS)).filter(lambda p: p[0] < p[1])
histories = st.lists(st.tuples(pairs, st.booleans()).map(lambda s: link(*s[0], joined=s[1])), max_size=10).map(
    lambda rows: stored(*rows)
)
merges = st.lists(pairs, max_size=3).map(lambda joined: partition(IDS, joined))
everyday = settings(max_examples=200, deadline=None)


@everyday
@given(histories, merges, st.lists(st.sampled_from(IDS), min_size=2, max_size=3))
def test_linking_makes_one_study_of_all_that_was_linked_to_any(rows, record_of, records):
    records = [record_of.group[r] for r in records]
    before = linked(rows, record_of)
    wanted = {other for r in records for other in before.members.get(before.group.get(r, 0), (r,))}
    said = [link(*pair) for pair in joining(records, before)]
    after = studies(record_of.members, stored(*rows, *said), record_of)
    assert wanted <= set(after.members[after.group[records[0]]])


@everyday
@given(histories, merges, st.sampled_from(IDS))
def test_an_unlinked_report_is_a_study_of_its_own_and_the_others_stay_together(rows, record_of, record):
    before = linked(rows, record_of)
    members = before.members.get(before.group.get(record, 0), ())
    if record not in members or len(members) < 2:
        return
    said = [link(*pair, joined=j) for pair, j in parting(record, before, rows, record_of).items()]
    after = linked(stored(*rows, *said), record_of)
    rest = set(members) - {record}
    assert not rest & set(after.members[after.group[record]])
    assert rest <= set(after.members[after.group[min(rest)]])
