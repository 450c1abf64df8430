import json
from pathlib import Path

from reviewkit.model.protocol import Protocol
from reviewkit.steps.decide import store_decisions
from reviewkit.store import Store
from tests.build import AT, add_run, citation, decision, make_workspace, protocol_text


def test_a_sound_protocol_is_summed_up(workspace: Path, cli) -> None:
    found = cli("check")
    assert found.code == 0
    assert "backpain: no mistakes (version " in found.out
    assert "Searches:   PubMed" in found.out
    assert "Extraction: 5 fields in 2 groups, by 1" in found.out
    assert not (workspace / "reviewkit.db").exists()


def test_every_mistake_of_every_protocol_is_told_with_its_place(workspace: Path, cli) -> None:
    make_workspace(workspace, review="neckpain")
    first, second = workspace / "protocols" / "backpain.toml", workspace / "protocols" / "neckpain.toml"
    first.write_text(protocol_text().replace('id = "E1"', 'id = "E 1"').replace("required = true", "requird = true"))
    second.write_text("title = 'no end\n")

    found = cli("check")

    assert (found.code, found.err) == (1, "")
    assert f"{first}:21: exclude[1].id: 'E 1' should be short" in found.out
    assert f"{first}:54: extraction.group[1].field[1].requird: there is no such key; did you mean" in found.out
    assert f"{second}: a text has no closing single quote" in found.out
    assert cli("check", "--review", "neckpain").out.startswith("neckpain: 1 mistake. ")

    told = json.loads(cli("check", "--json").out)
    assert [(review["review"], len(review["problems"])) for review in told] == [("backpain", 2), ("neckpain", 1)]


def test_an_order_that_hints_at_hidden_verdicts_is_pointed_out(workspace: Path, cli) -> None:
    shared = 'reasons = "optional"\nlearn_from = "all"'
    for reviewers, told in ((1, False), (2, True)):
        text = protocol_text(reviewers).replace('reasons = "optional"', shared)
        (workspace / "protocols" / "backpain.toml").write_text(text, encoding="utf-8")
        found = cli("check")
        assert found.code == 0
        assert ("hints at verdicts that a reviewer cannot" in " ".join(found.out.split())) is told


def test_a_review_that_is_not_there_is_named(workspace: Path, cli) -> None:
    found = cli("check", "--review", "kneepain")
    assert (found.code, found.err) == (
        1,
        "Error: There is no review 'kneepain' in this workspace; it holds: backpain.\n",
    )


def test_a_change_of_criteria_after_decisions_is_shown(store: Store, protocol: Protocol, workspace: Path, cli) -> None:
    add_run(store, [citation()])
    store_decisions(store, protocol, [decision(1, "include", protocol=protocol.version)], AT)
    assert "made under" not in cli("check").out

    file = workspace / "protocols" / "backpain.toml"
    file.write_text(protocol_text().replace("Exosomes not used", "No vesicles used"))
    for command in ("check", "status"):
        shown = cli(command).out
        assert f"1 decision was made under protocol version {protocol.version} of 2024-05-01." in shown
        assert "exclusion criterion E1 was changed:\n      - Exosomes not used\n      + No vesicles used\n" in shown

    file.write_text(protocol_text().replace("Exosomes for back pain", "Exosomes in back pain"))
    assert "Criteria and stages are the same now." in cli("status").out


def test_hostile_text_in_a_protocol_cannot_reach_the_terminal(workspace: Path, cli) -> None:
    file = workspace / "protocols" / "backpain.toml"
    file.write_text(protocol_text().replace('title = "Exosomes', 'title = "\\u001b[2Jgone [red]Exosomes'))
    for command in ("check", "status"):
        shown = cli(command).out
        assert "\x1b" not in shown
        assert "gone [red]Exosomes" in shown
