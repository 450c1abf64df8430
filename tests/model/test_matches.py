"""Records out of matches: what rules and people say, and which of them counts."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from reviewkit.model.matches import PERSON, Judgement, Match, joining, parting, records, splitting, unsure

IDS = range(1, 9)
SAME, DIFFERENT, UNSURE = Judgement.SAME, Judgement.DIFFERENT, Judgement.UNSURE


def match(left: int, right: int, judgement: Judgement = SAME, rule: str = "doi", **given_: object) -> Match:
    by = "ann" if rule == PERSON else "reviewkit"
    return Match(left=left, right=right, judgement=judgement, rule=rule, by=by, at="2024-05-01", **given_)  # type: ignore[arg-type]


def stored(*matches: Match) -> list[Match]:
    return [replace(m, n=n) for n, m in enumerate(matches, start=1)]


def person(left: int, right: int, judgement: Judgement) -> Match:
    return match(left, right, judgement, PERSON)


def groups(*matches: Match) -> list[tuple[int, ...]]:
    return [members for members in records(IDS, stored(*matches)).members.values() if len(members) > 1]


def waiting(*matches: Match) -> list[tuple[int, int]]:
    rows = stored(*matches)
    return [m.pair for m in unsure(records(IDS, rows), rows)]


def said(pairs: dict[tuple[int, int], Judgement]) -> list[Match]:
    return [person(left, right, judgement) for (left, right), judgement in pairs.items()]


def test_citations_that_a_rule_finds_the_same_are_one_record():
    assert groups(match(1, 2), match(2, 4)) == [(1, 2, 4)]


def test_what_a_rule_is_unsure_of_joins_nothing_and_waits():
    assert groups(match(1, 2, UNSURE)) == []
    assert waiting(match(1, 2, UNSURE)) == [(1, 2)]


def test_two_reports_of_one_study_stay_two_records_and_nobody_is_asked():
    assert groups(match(1, 2, Judgement.RELATED)) == []
    assert waiting(match(1, 2, Judgement.RELATED)) == []
    rows = stored(match(1, 2, Judgement.RELATED))
    by_record = records(IDS, rows)
    assert joining(1, 2, by_record, rows) == {(1, 2): SAME}
    assert parting(1, 2, by_record, rows) == {(1, 2): DIFFERENT}


def test_a_person_outranks_a_rule_whoever_comes_first():
    for rows in ((match(1, 2), person(1, 2, DIFFERENT)), (person(1, 2, DIFFERENT), match(1, 2))):
        assert groups(*rows) == []
        assert waiting(*rows) == []


def test_a_persons_last_word_counts():
    assert groups(person(1, 2, DIFFERENT), person(1, 2, SAME)) == [(1, 2)]
    assert groups(person(1, 2, SAME), person(1, 2, DIFFERENT)) == []


def test_undoing_a_person_brings_the_rule_back():
    rows = stored(match(1, 2), person(1, 2, DIFFERENT))
    taken_back = replace(rows[1], n=3, undoes=2)
    assert records(IDS, [*rows, taken_back]).group[2] == 1
    assert records(IDS, [*rows, taken_back, replace(rows[1], n=4, undoes=3)]).group[2] == 2


def test_a_question_answered_by_other_matches_is_not_asked():
    assert waiting(match(1, 2, UNSURE), match(1, 3), match(2, 3)) == []
    assert waiting(match(1, 2, UNSURE), match(2, 3), person(1, 3, DIFFERENT)) == []


def test_two_doubts_between_the_same_two_records_are_one_question():
    assert waiting(match(1, 3), match(1, 2, UNSURE), match(2, 3, UNSURE)) == [(1, 2)]


def test_a_citation_claimed_by_two_records_that_a_person_parted_stays_with_the_first_and_is_asked_about():
    rows = (match(1, 2), match(2, 3), person(1, 3, DIFFERENT))
    assert groups(*rows) == [(1, 2)]
    assert waiting(*rows) == [(2, 3)]
    assert waiting(*rows, person(2, 3, DIFFERENT)) == []


def test_people_who_contradict_each_other_are_asked_again():
    rows = (person(1, 2, SAME), person(2, 3, SAME), person(1, 3, DIFFERENT))
    assert groups(*rows) == [(2, 3)]  # of the two that cannot both hold, the later one
    assert waiting(*rows) == [(1, 2)]


def test_matches_of_a_run_that_is_not_loaded_do_no_harm():
    assert groups(match(1, 99), person(2, 99, DIFFERENT), match(98, 99, UNSURE)) == []
    assert waiting(match(1, 99, UNSURE)) == []


# --- whatever was said before -----------------------------------------------------------------------

pairs = st.tuples(st.sampled_from(IDS), st.sampled_from(IDS)).filter(lambda p: p[0] < p[1])
rule_rows = pairs.flatmap(lambda p: st.sampled_from([match(*p), match(*p, UNSURE)]))
person_rows = pairs.flatmap(lambda p: st.sampled_from([person(*p, SAME), person(*p, DIFFERENT)]))
histories = st.lists(st.one_of(rule_rows, rule_rows, person_rows), max_size=14).map(lambda rows: stored(*rows))
everyday = settings(max_examples=200, deadline=None)


def then(rows: list[Match], pairs_: dict[tuple[int, int], Judgement]) -> list[Match]:
    return stored(*rows, *said(pairs_))


@everyday
@given(histories, pairs)
def test_records_judged_the_same_become_one_record_of_all_their_citations(rows, pair):
    before = records(IDS, rows)
    if before.group[pair[0]] == before.group[pair[1]]:
        return
    after = records(IDS, then(rows, joining(*pair, before, rows)))
    united = set(before.members[before.group[pair[0]]]) | set(before.members[before.group[pair[1]]])
    assert set(after.members[after.group[pair[0]]]) >= united
    assert after.group[pair[0]] <= min(united)


@everyday
@given(histories, pairs)
def test_records_judged_different_stay_as_they_are_and_are_not_asked_about_again(rows, pair):
    before = records(IDS, rows)
    if before.group[pair[0]] == before.group[pair[1]]:
        return
    later = then(rows, parting(*pair, before, rows))
    after = records(IDS, later)
    assert after.members == before.members
    between = {before.group[pair[0]], before.group[pair[1]]}
    assert all({after.group[m.left], after.group[m.right]} != between for m in unsure(after, later))


@everyday
@given(histories, st.sampled_from(IDS))
def test_a_citation_parted_from_its_record_stands_alone_and_the_others_stay_together(rows, citation):
    before = records(IDS, rows)
    members = before.members[before.group[citation]]
    if len(members) == 1:
        return
    after = records(IDS, then(rows, splitting(citation, before, rows)))
    rest = tuple(c for c in members if c != citation)
    assert not set(rest) & set(after.members[after.group[citation]])
    assert set(after.members[after.group[rest[0]]]) >= set(rest)
    assert after.group[rest[0]] <= min(rest)


@everyday
@given(histories, st.sampled_from(IDS))
def test_split_and_rejoined_records_have_their_ids_back(rows, citation):
    before = records(IDS, rows)
    members = before.members[before.group[citation]]
    if len(members) == 1 or before.refused:
        return
    later = then(rows, splitting(citation, before, rows))
    parted = records(IDS, later)
    other = next(c for c in members if c != citation)
    again = records(IDS, then(later, joining(*sorted((citation, other)), parted, later)))
    assert again.members[before.group[citation]] == members


@everyday
@given(histories, pairs)
def test_taking_an_answer_back_restores_the_records_and_the_questions(rows, pair):
    before = records(IDS, rows)
    if before.group[pair[0]] == before.group[pair[1]]:
        return
    later = then(rows, joining(*pair, before, rows))
    undone = stored(*later, *(replace(row, undoes=row.n) for row in reversed(later[len(rows) :])))
    assert records(IDS, undone) == before
    assert unsure(records(IDS, undone), undone) == unsure(records(IDS, rows), rows)


@everyday
@given(histories)
def test_a_record_is_named_by_its_earliest_citation_and_people_keep_apart_what_they_parted(rows):
    found = records(IDS, rows)
    assert all(name == min(members) for name, members in found.members.items())
    last = {m.pair: m.judgement for m in rows if m.rule == PERSON}
    assert all(found.group[a] != found.group[b] for (a, b), judgement in last.items() if judgement is DIFFERENT)


@everyday
@given(st.lists(rule_rows, max_size=12), st.randoms(use_true_random=False))
def test_without_people_the_order_of_the_matches_does_not_matter(rows, random):
    shuffled = rows[:]
    random.shuffle(shuffled)
    assert records(IDS, stored(*rows)).members == records(IDS, stored(*shuffled)).members


@everyday
@given(histories)
def test_every_question_is_about_two_records(rows):
    found = records(IDS, rows)
    asked = [frozenset((found.group[m.left], found.group[m.right])) for m in unsure(found, rows)]
    assert all(len(question) == 2 for question in asked)
    assert len(set(asked)) == len(asked)
