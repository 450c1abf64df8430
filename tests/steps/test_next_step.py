from dataclasses import replace

import pytest

from reviewkit.model.decisions import State
from reviewkit.steps.next_step import next_step
from reviewkit.steps.status import ExtractionStatus, Person, RunStatus, StageStatus, Status, UpdateStatus
from reviewkit.steps.status_notices import NoticeStatus

PUBMED = RunStatus("2024-03-18-pubmed", "pubmed", "2024-03-18", 60, 60, True, True, 0)
SCOPUS = replace(PUBMED, id="2024-03-18-scopus", database="scopus")


def stage(name: str = "title-abstract", *people: Person, reviewers: int = 2, **states: int) -> StageStatus:
    counts = {state: states.get(state.name.lower(), 0) for state in State}
    label = {"title-abstract": "Title and abstract", "full-text": "Full text"}[name]
    return StageStatus(name, label, reviewers, "consensus", sum(counts.values()), counts, people)


def screened(*people: str) -> StageStatus:
    return stage("title-abstract", *(Person(name, 10, 0) for name in people), included=4, excluded=6)


def read(*people: str) -> StageStatus:
    return stage("full-text", *(Person(name, 4, 0) for name in people), included=2, excluded=2)


FINISHED = Status(
    review="backpain",
    title="Exosomes for back pain",
    version="abc",
    today="2024-06-01",
    asker="",
    untouched=False,
    planned=("pubmed", "scopus"),
    askable=(),
    runs=(PUBMED, SCOPUS),
    damage="",
    stopped=(),
    citations=120,
    records=100,
    unsure=0,
    dedupe_due=False,
    removed=0,
    stages=(screened("ann", "bob"), read("ann", "bob")),
    updates=(),
    earlier=(),
    reports=2,
    extraction=ExtractionStatus(2, 9, 2, 2, 0, (Person("ann", 2, 0), Person("bob", 2, 0))),
    archive="current",
    exports="current",
    last_search="2024-03-18",
    age=2,
)
NEW = replace(
    FINISHED,
    askable=("pubmed",),
    runs=(),
    citations=0,
    records=0,
    stages=(stage(), stage("full-text")),
    reports=0,
    extraction=ExtractionStatus(0, 9, 2, 0, 0, ()),
    archive="none",
    exports="none",
    last_search="",
    age=0,
)
LOADED = replace(NEW, askable=(), runs=(PUBMED, SCOPUS), citations=120, records=100, last_search="2024-03-18")


def waiting(*people: Person, **given: int) -> Status:
    """A review in which records wait at title and abstract."""
    return replace(LOADED, stages=(stage("title-abstract", *people, **(given or {"pending": 10})), stage("full-text")))


def test_records_at_which_screening_was_stopped_are_nobodys_next_step() -> None:
    titles = replace(stage("title-abstract", Person("ann", 10, 0), pending=7, included=4), not_screened=7)
    reading = stage("full-text", Person("ann", 0, 4), pending=4)
    assert titles.pending == 0
    following = next_step(replace(LOADED, stages=(titles, reading), asker="ann"))
    assert (following.why, following.command[0]) == ("4 records to be screened at full text", "screen")
    assert next_step(replace(FINISHED, stages=(titles, read("ann", "bob")))).command == ("verify",)


@pytest.mark.parametrize(
    ("status", "command"),
    [
        pytest.param(replace(NEW, untouched=True), "check", id="the protocol is still the template"),
        pytest.param(NEW, "search", id="nothing is searched"),
        pytest.param(
            replace(NEW, planned=("google-scholar",), askable=()),
            "import FILE --database google-scholar --date YYYY-MM-DD",
            id="only databases that are searched by hand",
        ),
        pytest.param(
            replace(NEW, planned=(), askable=()),
            "import FILE --database DATABASE --date YYYY-MM-DD",
            id="no search planned",
        ),
        pytest.param(
            replace(LOADED, runs=(PUBMED,)),
            "import FILE --database scopus --date YYYY-MM-DD",
            id="one of the databases is missing, and its key",
        ),
        pytest.param(
            replace(LOADED, runs=(PUBMED,), askable=("scopus",)), "search", id="one is missing, and its key is there"
        ),
        pytest.param(
            replace(LOADED, runs=(SCOPUS,), askable=("pubmed",)),
            "search",
            id="the one that can be searched from here is missing",
        ),
        pytest.param(
            replace(LOADED, runs=(replace(PUBMED, loaded=False), SCOPUS)),
            "search --recorded",
            id="a run is not in the database",
        ),
        pytest.param(
            replace(LOADED, runs=(replace(PUBMED, loaded=False),), archive="current"),
            "restore",
            id="the database is gone and there is an archive",
        ),
        pytest.param(
            replace(LOADED, runs=(replace(PUBMED, loaded=False),), archive="ahead"),
            "restore",
            id="the database is gone and the archive holds decisions",
        ),
        pytest.param(replace(FINISHED, archive="ahead"), "verify", id="the database is older than the archive"),
        pytest.param(replace(LOADED, damage="bad"), "verify", id="a run is damaged"),
        pytest.param(replace(FINISHED, archive="damaged"), "verify", id="the archive is damaged"),
        pytest.param(replace(LOADED, dedupe_due=True), "dedupe", id="duplicates were not looked for"),
        pytest.param(replace(LOADED, unsure=3), "dedupe", id="pairs wait for a person"),
        pytest.param(waiting(), "screen --reviewer NAME", id="nobody has begun to screen"),
        pytest.param(waiting(Person("ann", 3, 7)), "screen --reviewer ann", id="one has begun"),
        pytest.param(waiting(Person("ann", 10, 0)), "screen --reviewer NAME", id="one is done, another is to begin"),
        pytest.param(
            waiting(Person("ann", 10, 0), Person("bob", 2, 8)), "screen --reviewer bob", id="one is done, one is not"
        ),
        pytest.param(
            replace(waiting(Person("ann", 5, 5), Person("bob", 1, 9)), asker="bob"),
            "screen --reviewer bob",
            id="the one who asks has work",
        ),
        pytest.param(
            replace(waiting(Person("ann", 10, 0), pending=6, conflict=1), asker="ann"),
            "conflicts",
            id="the one who asks is done and conflicts wait",
        ),
        pytest.param(
            replace(waiting(Person("ann", 10, 0), Person("bob", 4, 6)), asker="ann"),
            "screen --reviewer bob",
            id="the one who asks is done and waits for the other",
        ),
        pytest.param(
            replace(
                FINISHED,
                asker="ann",
                stages=(
                    stage("title-abstract", Person("bob", 1, 9), pending=9),
                    stage("full-text", Person("ann", 0, 1), pending=1),
                ),
            ),
            "screen --reviewer ann",
            id="the one who asks has work at a later stage only",
        ),
        pytest.param(
            waiting(Person("ann", 10, 0), Person("bob", 10, 0), included=5, conflict=2),
            "conflicts",
            id="all have decided and differ",
        ),
        pytest.param(
            replace(FINISHED, stages=(screened("ann", "bob"), stage("full-text", pending=4))),
            "screen --reviewer NAME",
            id="full texts wait",
        ),
        pytest.param(
            replace(FINISHED, stages=(screened("ann", "bob"), stage("full-text", conflict=1, included=1))),
            "conflicts",
            id="reviewers differ on a full text",
        ),
        pytest.param(
            replace(FINISHED, runs=(PUBMED,)), "verify", id="a database that was left out is not asked for afterwards"
        ),
        pytest.param(
            replace(FINISHED, extraction=ExtractionStatus(2, 9, 2, 0, 0, ())),
            "extract sheet --reviewer NAME",
            id="nobody has extracted",
        ),
        pytest.param(
            replace(FINISHED, extraction=ExtractionStatus(2, 9, 2, 0, 0, (Person("ann", 2, 0), Person("bob", 1, 1)))),
            "extract sheet --reviewer bob",
            id="one has extracted",
        ),
        pytest.param(
            replace(FINISHED, asker="ann", extraction=ExtractionStatus(2, 9, 2, 0, 0, (Person("ann", 2, 0),))),
            "extract sheet --reviewer NAME",
            id="the one who asks has extracted, another is to begin",
        ),
        pytest.param(
            replace(FINISHED, extraction=ExtractionStatus(2, 9, 2, 2, 3, ())), "extract compare", id="extractors differ"
        ),
        pytest.param(
            replace(FINISHED, extraction=ExtractionStatus(2, 0, 2, 0, 0, ())),
            "verify",
            id="there is no extraction form",
        ),
        pytest.param(replace(FINISHED, exports="none"), "export", id="nothing is exported"),
        pytest.param(replace(FINISHED, exports="behind"), "export", id="the exports are behind"),
        pytest.param(replace(FINISHED, archive="none"), "archive", id="nothing is archived"),
        pytest.param(replace(FINISHED, archive="behind"), "archive", id="the archive is behind"),
        pytest.param(replace(FINISHED, age=11), "verify", id="everything is done"),
        pytest.param(replace(FINISHED, age=12), "update", id="the searches are a year old"),
        pytest.param(
            replace(FINISHED, notices=NoticeStatus(flagged=(3,)), exports="none"),
            "update --show",
            id="a record changed after it was decided on",
        ),
    ],
)
def test_the_next_command_follows_from_where_the_review_stands(status: Status, command: str) -> None:
    assert " ".join(next_step(status).command) == command


def test_what_waits_is_counted_for_the_one_who_is_named() -> None:
    assert next_step(waiting(Person("ann", 9, 1))).why == "1 record to be screened at title and abstract"
    assert next_step(waiting()).why == "10 records to be screened at title and abstract"


def test_an_update_that_waits_is_named() -> None:
    status = replace(
        FINISHED,
        stages=(stage("title-abstract", Person("ann", 46, 11), pending=11, included=9, excluded=37), read("ann")),
        updates=(UpdateStatus(1, "2024-09-01", 11, 11),),
    )
    found = next_step(status)
    assert " ".join(found.command) == "screen --reviewer ann"
    assert found.why == "11 new records to be screened at title and abstract"


def test_an_update_that_waits_beside_older_records_is_told_apart() -> None:
    status = replace(waiting(Person("ann", 30, 20), pending=20), updates=(UpdateStatus(1, "2024-09-01", 11, 11),))
    assert next_step(status).why == "20 records to be screened at title and abstract, 11 of them new with an update"


def test_the_person_who_settles_is_named() -> None:
    settled = replace(stage("title-abstract", conflict=1), settled_by="Dr Eve")
    assert next_step(replace(LOADED, stages=(settled, stage("full-text")))).why == (
        "reviewers differ on 1 record at title and abstract; Dr Eve settles them"
    )


def test_where_only_a_key_is_missing_both_ways_are_told() -> None:
    found = next_step(replace(LOADED, runs=(PUBMED,)))
    assert found.why.endswith("this takes the file (or set its key: 'reviewkit sources scopus')")
    found = next_step(replace(NEW, planned=("google-scholar",), askable=()))
    assert found.why.endswith("this takes the file")
