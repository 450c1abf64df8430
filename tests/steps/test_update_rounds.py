"""However often a review is updated: nothing that was decided is asked again, and the numbers always add up."""

from dataclasses import replace
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from reviewkit.model.citation import Citation
from reviewkit.model.decisions import State
from reviewkit.model.equations import check_flow
from reviewkit.model.protocol import Protocol
from reviewkit.model.rounds import next_round
from reviewkit.model.runs import SearchRun, database_kind
from reviewkit.protocol import parse_protocol
from reviewkit.steps.dedup import deduplicate
from reviewkit.steps.flags import find_flags
from reviewkit.steps.flow import count_flow
from reviewkit.steps.screen import queue
from reviewkit.steps.standing import standing
from reviewkit.steps.update_report import report_update
from reviewkit.store import Store, open_store
from tests.build import decision, protocol_text

TITLE = "title-abstract"
WORDS = ("knees", "discs", "tendons", "nerves", "muscles", "skin", "bones", "cartilage", "ligaments", "fat")

# A search finds some of ten publications, each as it is that day (its title as first given, or reworded)
found = st.dictionaries(st.integers(0, 9), st.booleans(), max_size=10)
searches = st.lists(
    st.tuples(st.sampled_from(["pubmed", "pubmed", "scopus"]), found, st.booleans(), st.integers(0, 10)),
    min_size=1,
    max_size=6,
)


def entry(number: int, database: str, reworded: bool) -> Citation:
    """A publication as a database gives it; both know its DOI."""
    name = WORDS[number]
    title = f"Revised: what vesicles do for {name} in grown people" if reworded else f"Exosomes and {name}, a trial"
    own = {"pmid": str(31_000_000 + number)} if database == "pubmed" else {"accession": f"2-s2.0-{number}"}
    return Citation(
        title=title, authors=(f"Doe{number} J",), year=2000 + number, journal="Spine", volume=str(number + 1),
        pages=f"{number}1-{number}9", doi=f"10.1000/{name}", **own,
    )  # fmt: skip


def search(store: Store, day: int, database: str, entries: dict[int, bool], update: int) -> SearchRun:
    date = f"2024-01-{day:02}"
    first = max((run.first + run.retrieved for run in store.runs()), default=1)
    run = SearchRun(
        id=f"{date}-{database}", database=database, kind=database_kind(database), date=date, origin="api",
        started=f"{date}T10:00:00Z", finished=f"{date}T10:00:00Z", reported=len(entries), retrieved=len(entries),
        first=first, update=update, strategy="exosomes AND (knees OR discs)",
    )  # fmt: skip
    made = [entry(number, database, reworded) for number, reworded in entries.items()]
    store.add_run(run, [replace(c, id=first + place, run=run.id) for place, c in enumerate(made)])
    deduplicate(store, run.finished)
    return run


def states(store: Store, protocol: Protocol) -> dict[int, State]:
    return {r: o.state for r, o in standing(store, protocol).screening.stages[TITLE].items()}


@settings(max_examples=25, deadline=None)
@given(searches)
def test_updates_queue_only_what_is_new_and_every_number_adds_up(
    made: list[tuple[str, dict[int, bool], bool, int]],
) -> None:
    protocol = parse_protocol(protocol_text(1), Path("backpain.toml"))
    store = open_store("sqlite://", "backpain")
    seen: set[int] = set()

    for day, (database, entries, decides, some) in enumerate(made, start=1):
        before = states(store, protocol)
        decided = {record for record, state in before.items() if state is not State.PENDING}
        stand = standing(store, protocol)
        update = next_round(count_flow(protocol, stand), stand.runs, f"2024-01-{day:02}")
        assert update in (
            0,
            max((run.update for run in stand.runs), default=0),
            max((r.update for r in stand.runs), default=0) + 1,
        )
        run = search(store, day, database, entries, update)

        after, stand = states(store, protocol), standing(store, protocol)
        assert {record: after[record] for record in decided} == {record: before[record] for record in decided}
        waiting = queue(stand, protocol, TITLE, "ann")
        assert not decided.intersection(waiting)
        new = {record for record in stand.records.members if record in run.ids}
        assert len(new) == len({*entries} - seen)  # exactly the publications that no search had brought
        seen |= {*entries}
        assert len(stand.records.members) == len(seen)

        flow = count_flow(protocol, stand)
        assert check_flow(flow) == []
        flows = (flow, *flow.updates)
        assert sum(each.new for each in flows) == len(seen)
        came = [i for each in flows for c in each.columns for i in (*c.identified.ids, *c.found_again.ids)]
        assert sorted(came) == sorted(stand.run_of)  # each in exactly one place
        for part in (part for each in flows for part in each.databases.identified.walk() if not part.parts):
            its = [stand.records.group[c] for c in part.ids]
            assert len(its) == len({*its})  # however often a round searches a database, it identifies a record once

        for number in {run.update for run in stand.runs}:
            for source in report_update(store, protocol, stand, number).sources:
                if source.before:
                    assert source.known + len(source.new) >= source.count
                    brought = {stand.records.group[c] for c in run.ids} if source.run == run.id else set[int]()
                    assert brought.isdisjoint(source.gone)
        flagged = find_flags(store, stand)
        assert {*flagged} <= decided
        if decides:
            chosen = [*waiting[:some], *flagged]
            at = f"2024-01-{day:02}T12:00:00Z"
            store.add(
                [
                    replace(decision(r, "include" if r % 3 else "exclude", criterion="" if r % 3 else "E1"), at=at)
                    for r in chosen
                ]
            )
            assert not find_flags(store, standing(store, protocol))
    store.close()
