"""Why a decision should be looked at again."""

import pytest

from reviewkit.model.flags import flag
from reviewkit.model.notices import Notice, NoticeKind, Said, told_once
from reviewkit.model.runs import SearchRun, SourceKind
from tests.build import citation

DECIDED = "2024-05-03T12:00:00Z"


def run(name: str, database: str, finished: str) -> SearchRun:
    return SearchRun(
        id=name, database=database, kind=SourceKind.DATABASE, date=finished[:10], started=finished, finished=finished,
        reported=1, retrieved=1, first=1,
    )  # fmt: skip


RUNS = {
    each.id: each
    for each in (
        run("before", "europe-pmc", "2024-05-01T10:00:00Z"),
        run("since", "europe-pmc", "2024-05-11T10:00:00Z"),
        run("pubmed", "pubmed", "2024-05-11T10:05:00Z"),
    )
}


def notice(reference: str, kind: NoticeKind = NoticeKind.RETRACTION) -> Notice:
    return Notice(record=1, pmid="30000001", kind=kind, reference=reference, by="PubMed", at="2024-05-11T10:10:00Z")


@pytest.mark.parametrize("listed", [(), ("RetractionIn:Spine. 2024;3:1", "RetractionIn:39000001")])
def test_a_retraction_is_flagged_once_with_its_pmid_whoever_says_so_and_how(listed: tuple[str, ...]) -> None:
    copies = [
        citation(id=1, run="before"),
        citation(id=2, run="since", types=("Retracted Publication",)),  # that it is retracted, and not where
        citation(id=3, run="pubmed", related=listed),
    ]
    for notices in ((notice("39000001"),), (notice(""), notice("39000001"))):
        found = flag(1, DECIDED, copies, RUNS, notices)
        assert found and found.reasons == ("retraction (PMID 39000001) since the decision",)


def test_a_retraction_without_a_reference_is_flagged_as_well() -> None:
    copies = [citation(id=1, run="before"), citation(id=2, run="since", types=("Retracted Publication",))]
    found = flag(1, DECIDED, copies, RUNS)
    assert found and found.notices == ("retraction",)


def test_a_retraction_and_a_concern_are_two_flags() -> None:
    copies = [citation(id=1, run="before"), citation(id=2, run="since", types=("Retracted Publication",))]
    found = flag(1, DECIDED, copies, RUNS, (notice("39000002", NoticeKind.CONCERN),))
    assert found and found.notices == ("retraction", "expression of concern (PMID 39000002)")


def test_the_best_reference_is_a_pmid_then_words_and_the_first_of_equals() -> None:
    bare, words, first, second = (Said(NoticeKind.PART, given) for given in ("", "Spine. 2024;3:1", "39000001", "5"))
    assert told_once([bare, words]) == told_once([words, bare]) == (words,)
    assert told_once([bare, first, words, second]) == (first,)
