"""What the store promises, on SQLite and on PostgreSQL alike."""

from dataclasses import replace

import pytest
from sqlalchemy.exc import IntegrityError

from reviewkit.errors import LoadedMeanwhile
from reviewkit.model.citation import Citation
from reviewkit.model.decisions import Basis, Decision
from reviewkit.model.extractions import Extraction
from reviewkit.model.journal import last_standing, standing
from reviewkit.model.matches import Judgement, Match
from reviewkit.model.runs import Response, SearchRun, SourceKind
from reviewkit.model.stops import Sample, Stop
from reviewkit.model.studies import Link
from reviewkit.store import Store, open_store
from tests.build import AT, add_run, citation, decision

HOSTILE = 'It\'s "100 %" \\ 😀 𝒳 ß \u202e ; DROP TABLE runs; -- {x} :name %s $1 \t\n é \x1b[31m'


def match(left: int, right: int, **given: object) -> Match:
    usual = {"judgement": Judgement.SAME, "rule": "doi", "by": "rule", "at": AT}
    return Match(left=left, right=right, **{**usual, **given})  # type: ignore[arg-type]


def link(left: int, right: int, **given: object) -> Link:
    return Link(left=left, right=right, by="ann", at=AT, **given)  # type: ignore[arg-type]


def extraction(study: int, **given: object) -> Extraction:
    usual = {"group": "design", "field": "n", "value": "20", "by": "ann", "at": AT}
    return Extraction(study=study, **{**usual, **given})  # type: ignore[arg-type]


def sample(*records: int, **given: object) -> Sample:
    usual = {"stage": "title-abstract", "seed": 3, "through": 9, "decided": 4, "waiting": 5, "by": "ann", "at": AT}
    return Sample(records=records, **{**usual, **given})  # type: ignore[arg-type]


def stop(**given: object) -> Stop:
    usual = {"stage": "title-abstract", "through": 9, "decided": 4, "waiting": 5, "by": "ann", "at": AT}
    return Stop(screened=4, relevant=2, **{**usual, **given})  # type: ignore[arg-type]


def full_run(**given: object) -> SearchRun:
    """A run in which no field has its default."""
    usual: dict[str, object] = {
        "id": "2024-03-18-trials",
        "database": "trials",
        "kind": SourceKind.REGISTER,
        "platform": HOSTILE,
        "origin": "import",
        "file": HOSTILE,
        "date": "2024-03-18",
        "started": AT,
        "finished": AT,
        "strategy": HOSTILE,
        "translation": HOSTILE,
        "limits": ("language: english", HOSTILE),
        "warnings": (HOSTILE,),
        "reported": 3,
        "retrieved": 1,
        "rejected": 1,
        "complete": False,
        "first": 1,
        "update": 2,
        "client": "reviewkit 0.1.0",
        "protocol": "abc",
        "responses": (Response(name="0001.xml.gz", format="pubmed-xml", bytes=12, sha256="0" * 64),),
    }
    return SearchRun(**{**usual, **given})  # type: ignore[arg-type]


def full_citation(**given: object) -> Citation:
    """A citation in which every field is filled with hostile text."""
    filled: dict[str, object] = {
        name: HOSTILE if kind == "str" else (HOSTILE, "", "plain")
        for name, kind in ((f, "str" if isinstance(v, str) else "tuple") for f, v in _defaults().items())
        if name not in ("id", "run", "year", "line")
    }
    return Citation(**{**filled, "id": 1, "run": "2024-03-18-trials", "year": -44, "line": 7, **given})  # type: ignore[arg-type]


def _defaults() -> dict[str, object]:
    return {name: getattr(Citation(), name) for name in Citation.__dataclass_fields__}


def test_texts_and_years_are_those_of_the_citations_in_their_order(store: Store):
    add_run(store, [citation(title=HOSTILE, abstract="A", year=None, doi="10.1/x"), citation(title="T", pmid="7")])
    add_run(Store(store._engine, "another"), [citation(title="Elsewhere")])
    assert list(store.texts()) == [(c.id, c.title, c.abstract, c.year, c.doi, c.pmid) for c in store.citations()]
    wanted = [c.id for c in store.citations()][1:]
    assert wanted
    assert list(store.wordings(reversed(wanted))) == [
        (c.id, c.title, c.abstract, c.types, c.related) for c in store.citations(wanted)
    ]
    assert store.years() == {1: None, 2: 2020}


def test_a_run_and_its_citations_come_back_as_they_were_given(store: Store) -> None:
    run, given = full_run(), full_citation()

    store.add_run(run, [given])

    assert store.runs() == [run]
    assert list(store.citations()) == [given]
    assert store.citation_runs() == {1: run.id}


def test_a_year_that_is_not_known_stays_unknown(store: Store) -> None:
    store.add_run(full_run(), [full_citation(year=None)])
    assert next(store.citations()).year is None


@pytest.mark.parametrize(
    "row",
    [
        decision(1, "exclude", by=HOSTILE, criterion="E1", note=HOSTILE, protocol="v1", order=HOSTILE),
        decision(2, "not-retrieved", stage="full-text", basis=Basis.CONSENSUS),
        match(1, 2, judgement=Judgement.UNSURE, rule=HOSTILE, evidence=HOSTILE, note=HOSTILE),
        link(1, 2, joined=False, note=HOSTILE),
        extraction(1, row=HOSTILE, value=HOSTILE, source=HOSTILE, basis=Basis.AUTOMATION, protocol="v1"),
        sample(9, 2, 7, note=HOSTILE),
        stop(method=HOSTILE, reference=HOSTILE, said=HOSTILE, enough=True, note=HOSTILE),
    ],
    ids=["decision", "decision-settled", "match", "link", "extraction", "sample", "stop"],
)
def test_a_row_comes_back_as_it_was_given_with_its_number(store: Store, row: Decision) -> None:
    added = store.add([row, row])

    assert added == [replace(row, n=1), replace(row, n=2)]
    assert store.all(type(row)) == added
    assert store.count(type(row)) == 2


def test_text_that_no_database_can_hold_is_kept_with_the_mark_for_a_lost_character(store: Store) -> None:
    # NUL ends a PostgreSQL text; a lone surrogate (an undecodable byte of a command line) is no Unicode text at all.
    added = store.add([decision(1, "include", note="a\x00b \udcff c")])
    store.add_run(full_run(), [full_citation(title="a\x00b", authors=("Mu\x00ller \ud800",))])

    assert added[0].note == "a\ufffdb \ufffd c"
    assert store.all(Decision) == added
    kept = next(store.citations())
    assert (kept.title, kept.authors) == ("a\ufffdb", ("Mu\ufffdller \ufffd",))


def test_each_kind_of_row_is_numbered_from_one_without_gaps(store: Store) -> None:
    store.add([match(1, 2)])
    store.add([decision(n, "include") for n in (1, 2)])
    store.add([decision(3, "exclude")])

    assert [row.n for row in store.all(Decision)] == [1, 2, 3]
    assert [row.n for row in store.all(Match)] == [1]


def test_rows_can_be_read_from_a_number_on_or_newest_first_over_many_pages(store: Store) -> None:
    made = store.add([decision(record, "include") for record in range(1, 4_102)])
    store.add([match(1, 2)])
    assert store.all(Decision, after=4_100) == made[4_100:]
    assert store.all(Decision, after=4_101) == []
    assert list(store.newest_first(Decision)) == made[::-1]
    assert next(store.newest_first(Decision)) == made[-1]
    assert list(store.newest_first(Link)) == []


def test_what_stands_in_a_column_is_named_once_in_the_order_of_first_rows(store: Store, url: str) -> None:
    store.add([decision(1, "include", by) for by in ("bob", "ann", "bob", "Zoë", "ann")])
    open_store(url, "another").add([decision(1, "include", "eve")])
    assert store.distinct(Decision, "by") == ["bob", "ann", "Zoë"]
    assert store.distinct(Link, "by") == []


def test_reviews_in_one_database_do_not_see_each_other(store: Store, url: str) -> None:
    other = open_store(url, "neckpain")
    store.add([decision(1, "include")])
    add_run(store, [citation()])
    store.add_protocol("v1", "text", AT)

    assert other.is_empty()
    assert (other.runs(), list(other.citations()), other.all(Decision), other.protocols()) == ([], [], [], {})
    assert other.add([decision(1, "exclude")])[0].n == 1
    assert store.count(Decision) == 1
    other.close()


def test_an_undo_is_one_more_row_and_can_be_undone_itself(store: Store) -> None:
    first, second = store.add([decision(1, "include"), decision(1, "exclude")])

    store.add([replace(second, undoes=second.n, n=0)])
    assert standing(store.all(Decision)) == [first]
    assert last_standing(store.all(Decision), "ann") == first

    store.add([replace(second, undoes=3, n=0)])
    assert standing(store.all(Decision)) == [first, second]
    assert store.count(Decision) == 4


def test_nothing_is_added_for_no_rows(store: Store) -> None:
    assert store.add([]) == []
    assert store.is_empty()


def test_rows_are_added_all_together_or_not_at_all(store: Store) -> None:
    store.add([replace(decision(1, "include"), n=5)])

    with pytest.raises(IntegrityError):
        store.add([replace(decision(2, "include"), n=4), replace(decision(3, "include"), n=5)])

    assert [row.n for row in store.all(Decision)] == [5]
    assert store.add([decision(4, "include")])[0].n == 6


def test_a_run_is_stored_with_its_citations_or_not_at_all(store: Store) -> None:
    def breaking():
        yield from (full_citation(id=n) for n in range(1, 5_001))
        raise RuntimeError("the file ends here")

    with pytest.raises(RuntimeError):
        store.add_run(full_run(retrieved=10_000), breaking())

    assert store.is_empty()
    assert list(store.citations()) == []


def test_a_run_cannot_be_stored_twice(store: Store) -> None:
    store.add_run(full_run(), [full_citation()])
    with pytest.raises(LoadedMeanwhile, match="someone else loaded it"):
        store.add_run(full_run(), [full_citation(id=2)])
    with pytest.raises(LoadedMeanwhile):
        store.add_run(full_run(id="other"), [full_citation(run="other")])
    assert store.citation_runs() == {1: "2024-03-18-trials"}


def test_runs_come_in_the_order_of_their_first_citation(store: Store) -> None:
    store.add_run(full_run(id="b", first=3), [])
    store.add_run(full_run(id="c", first=1), [])
    store.add_run(full_run(id="a", first=3), [])
    assert [run.id for run in store.runs()] == ["c", "a", "b"]


def test_citations_are_read_by_id_in_ascending_order_and_unknown_ids_bring_nothing(store: Store) -> None:
    add_run(store, [citation(title=str(place)) for place in range(1, 4_502)])

    assert [c.id for c in store.citations([4_000, 2, 2, 9_999])] == [2, 4_000]
    assert [c.id for c in store.citations()] == list(range(1, 4_502))
    assert [c.title for c in store.citations(range(1, 4_502))] == [str(place) for place in range(1, 4_502)]
    assert list(store.citations([])) == []


def test_a_protocol_version_is_kept_once_with_the_time_it_was_first_used(store: Store) -> None:
    store.add_protocol("v2", HOSTILE, "2024-02-01T00:00:00Z")
    store.add_protocol("v1", "first", "2024-01-01T00:00:00Z")
    store.add_protocol("v2", "another text", "2024-03-01T00:00:00Z")

    assert list(store.protocols().items()) == [
        ("v1", ("first", "2024-01-01T00:00:00Z")),
        ("v2", (HOSTILE, "2024-02-01T00:00:00Z")),
    ]


def test_a_review_is_restored_with_the_numbers_its_rows_had(store: Store) -> None:
    rows = [replace(decision(1, "include"), n=2), replace(decision(2, "exclude"), n=7)]

    store.restore({"v1": ("text", AT)}, [(full_run(), [full_citation()])], [rows, [replace(link(1, 2), n=1)], []])

    assert store.all(Decision) == rows
    assert store.all(Link) == [replace(link(1, 2), n=1)]
    assert (store.runs(), list(store.citations())) == ([full_run()], [full_citation()])
    assert store.protocols() == {"v1": ("text", AT)}
    assert store.add([decision(3, "include")])[0].n == 8


def test_a_restore_that_fails_half_way_leaves_nothing(store: Store) -> None:
    twice = [replace(decision(1, "include"), n=1), replace(decision(2, "include"), n=1)]
    with pytest.raises(IntegrityError):
        store.restore({"v1": ("text", AT)}, [(full_run(), [full_citation()])], [twice])
    assert store.is_empty()


@pytest.mark.parametrize("what", ["run", "protocol", "match", "decision", "link", "extraction", "sample", "stop"])
def test_a_review_is_empty_until_anything_at_all_is_stored(store: Store, what: str) -> None:
    assert store.is_empty()
    {
        "run": lambda: store.add_run(full_run(), []),
        "protocol": lambda: store.add_protocol("v1", "text", AT),
        "match": lambda: store.add([match(1, 2)]),
        "decision": lambda: store.add([decision(1, "include")]),
        "link": lambda: store.add([link(1, 2)]),
        "extraction": lambda: store.add([extraction(1)]),
        "sample": lambda: store.add([sample(1)]),
        "stop": lambda: store.add([stop()]),
    }[what]()
    assert not store.is_empty()


def test_what_was_stored_is_there_after_the_database_was_closed(store: Store, url: str) -> None:
    store.add([decision(1, "include", note=HOSTILE)])
    store.close()

    again = open_store(url, "backpain")
    assert again.all(Decision)[0].note == HOSTILE
    again.close()
