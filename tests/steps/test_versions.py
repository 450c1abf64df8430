from pathlib import Path

from reviewkit.model.changes import Change, Kind, find_changes
from reviewkit.model.protocol import Protocol
from reviewkit.protocol import parse_protocol
from reviewkit.steps.checking import check
from reviewkit.steps.decide import store_decisions
from reviewkit.steps.versions import EarlierVersion, earlier_versions
from reviewkit.store import Store
from reviewkit.workspace import find_workspace
from tests.build import AT, add_run, citation, decision, protocol_text

FILE = Path("backpain.toml")
NEW = (
    protocol_text()
    .replace('text = "Exosomes not used"', 'text = "Exosomes not used,\\n or not named"')
    .replace('id = "E2"', 'id = "E3"')
    .replace('id = "title-abstract"\nreviewers = 1', 'id = "title-abstract"\nreviewers = 2')
    .replace('label = "Outcomes"', 'label = "Results"')
)
CHANGES = (
    Change(Kind.CHANGED, "exclusion criterion E1", "Exosomes not used", "Exosomes not used, or not named"),
    Change(Kind.ADDED, "exclusion criterion E3", after="Back pain not targeted"),
    Change(Kind.REMOVED, "exclusion criterion E2", before="Back pain not targeted"),
    Change(
        Kind.CHANGED,
        "stage title-abstract",
        "reviewers = 1, settled_by = consensus, reasons = optional",
        "reviewers = 2, settled_by = consensus, reasons = optional",
    ),
)


def test_changes_are_those_that_bear_on_decisions(protocol: Protocol) -> None:
    assert find_changes(protocol, parse_protocol(NEW, FILE)) == CHANGES
    assert find_changes(protocol, protocol) == ()


def test_decisions_under_an_earlier_version_are_counted_while_they_stand(store: Store, protocol: Protocol) -> None:
    add_run(store, [citation(), citation()])
    rows = [decision(n, "include", protocol=protocol.version) for n in (1, 2)]
    first, _ = store_decisions(store, protocol, rows, AT)
    now = parse_protocol(NEW, FILE)

    assert earlier_versions(store, protocol) == []
    assert earlier_versions(store, now) == [EarlierVersion(protocol.version, AT, 2, CHANGES)]

    store.add([decision(1, "include", undoes=first.n)])
    store_decisions(store, now, [decision(1, "exclude", criterion="E1", protocol=now.version)], AT)
    assert [(v.version, v.decisions) for v in earlier_versions(store, now)] == [(protocol.version, 1)]


def test_a_version_whose_text_is_not_kept_or_not_readable_is_told_all_the_same(
    store: Store, protocol: Protocol
) -> None:
    store.add_protocol("old", "title = 'of a reviewkit with other keys'", AT)
    store.add([decision(1, "include", protocol="old"), decision(2, "include", protocol="lost")])
    assert earlier_versions(store, protocol) == [
        EarlierVersion("old", AT, 1, known=False),
        EarlierVersion("lost", "", 1, known=False),
    ]


def test_a_check_tells_mistakes_first_and_opens_no_database_for_them(workspace: Path) -> None:
    folders = find_workspace(workspace).choose(None)
    folders.protocol.write_text("title = 3")

    def must_not_open() -> Store:
        raise AssertionError("opened")

    found = check(folders, must_not_open)
    assert found.protocol is None
    assert any("title: 3 should be a text" in problem for problem in found.problems)


def test_a_check_notes_what_may_not_be_meant(store: Store, workspace: Path) -> None:
    folders = find_workspace(workspace).choose(None)
    text = protocol_text().replace('database = "pubmed"', 'database = "pubmeed"')
    folders.protocol.write_text(text[: text.index("[extraction]")])
    found = check(folders, lambda: store)
    assert [note.split(":")[0].split(";")[-1] for note in found.notes] == [
        " did you mean 'pubmed'?",
        "It has no extraction form",
    ]
