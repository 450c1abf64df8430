"""Groups from pairwise judgements."""

from hypothesis import given
from hypothesis import strategies as st

from reviewkit.model.partition import Pair, partition

IDS = range(1, 13)
pairs = st.lists(
    st.tuples(st.sampled_from(IDS), st.sampled_from(IDS))
    .filter(lambda p: p[0] != p[1])
    .map(lambda p: tuple(sorted(p))),
    max_size=15,
)


def test_ids_that_nothing_joins_are_groups_of_their_own():
    groups = partition([3, 1], [])
    assert groups.members == {1: (1,), 3: (3,)}
    assert groups.group == {1: 1, 3: 3}


def test_a_group_is_named_by_its_smallest_id_and_keeps_the_name_as_it_grows():
    assert partition([1, 2, 3], [(2, 3)]).members == {1: (1,), 2: (2, 3)}
    assert partition([1, 2, 3, 4], [(2, 3), (3, 4)]).members == {1: (1,), 2: (2, 3, 4)}


def test_pairs_that_name_other_ids_are_left_alone():
    assert partition([1, 2], [(1, 9), (8, 9)], [(1, 7)]).members == {1: (1,), 2: (2,)}


def test_a_chain_that_would_join_what_is_apart_is_cut_at_the_less_trusted_pair():
    groups = partition([1, 2, 3], [(1, 2), (2, 3)], [(1, 3)])
    assert groups.members == {1: (1, 2), 3: (3,)}
    assert groups.refused == ((2, 3),)


def test_a_pair_both_joined_and_apart_stays_apart():
    assert partition([1, 2], [(1, 2)], [(1, 2)]).refused == ((1, 2),)


@given(pairs, st.randoms(use_true_random=False))
def test_without_parted_pairs_the_order_of_the_pairs_does_not_matter(together: list[Pair], random):
    shuffled = together[:]
    random.shuffle(shuffled)
    assert partition(IDS, together) == partition(reversed(IDS), shuffled)


@given(pairs, pairs, st.randoms(use_true_random=False))
def test_the_order_of_the_parted_pairs_never_matters(together: list[Pair], apart: list[Pair], random):
    shuffled = apart[:]
    random.shuffle(shuffled)
    assert partition(IDS, together, apart) == partition(IDS, together, shuffled)


@given(pairs, pairs)
def test_groups_are_disjoint_complete_and_named_by_their_smallest_id(together: list[Pair], apart: list[Pair]):
    groups = partition(IDS, together, apart)
    assert sorted(i for members in groups.members.values() for i in members) == list(IDS)
    for name, members in groups.members.items():
        assert name == min(members)
        assert list(members) == sorted(members)
        assert all(groups.group[i] == name for i in members)


@given(pairs, pairs)
def test_what_is_apart_stays_apart_and_every_other_pair_is_joined_or_named_as_refused(
    together: list[Pair], apart: list[Pair]
):
    groups = partition(IDS, together, apart)
    assert all(groups.group[a] != groups.group[b] for a, b in apart)
    for a, b in together:
        assert groups.group[a] == groups.group[b] or (a, b) in groups.refused


@given(pairs, pairs)
def test_nobody_is_kept_from_a_group_without_a_reason(together: list[Pair], apart: list[Pair]):
    """A refused pair would have brought two ids together that are apart."""
    groups = partition(IDS, together, apart)
    for a, b in groups.refused:
        united = set(groups.members[groups.group[a]]) | set(groups.members[groups.group[b]])
        assert any(c in united and d in united for c, d in apart)


@given(pairs)
def test_more_ids_never_rename_the_groups_of_earlier_ones(together: list[Pair]):
    early = [i for i in IDS if i <= 8]
    before = partition(early, together)
    after = partition(IDS, [p for p in together if max(p) <= 8])
    assert all(after.group[i] == before.group[i] for i in early)
