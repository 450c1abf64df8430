"""The README's daily commands, in their order, on a review that two people carry on at a real terminal."""

import re
import shlex
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.terminal import Terminal
from tests.conftest import Result
from tests.reviewed import ris
from tests.servers.eutils import EutilsServer
from tests.servers.openalex import OpenAlexServer

README = Path(__file__).resolve().parents[1] / "README.md"
ASKING = {"screen": ("0 of", "i", "1 of"), "conflicts": ("r1", "", "r1")}  # what is seen, the key pressed, what is seen


def daily() -> list[list[str]]:
    """The commands under "The commands of a review, in their order"."""
    part = README.read_text(encoding="utf-8").split("### The commands of a review, in their order")[1]
    block = re.search(r"```console\n(.*?)```", part, re.DOTALL)
    assert block
    return [shlex.split(line, comments=True)[1:] for line in block.group(1).splitlines()]


def screened(folder: Path, cli: Callable[..., Result]) -> None:
    """Both people screen everything: r1 in conflict, r12 and r40 through both stages, the rest excluded."""
    for stage, numbers in (("title-abstract", range(1, 41)), ("full-text", (12, 40))):
        for name in ("ann", "bob"):
            lines = ["record,verdict,criterion"]
            for number in numbers:
                kept = number in (12, 40) or (number == 1 and name == "ann")
                lines.append(f"r{number},{'include,' if kept else 'exclude,E1'}")
            (folder / "decisions.csv").write_text("\n".join(lines), encoding="utf-8")
            done = cli("decide", "import", "decisions.csv", "--stage", stage, "--reviewer", name)
            assert done.code == 0, done.err


def test_the_daily_commands_run_as_the_readme_prints_them(
    tmp_path: Path, cli: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    commands = daily()
    assert len(commands) > 10
    folder = tmp_path / "my-review"
    assert cli("init", str(folder)).code == 0
    (folder / "scopus.ris").write_text(ris(15), encoding="utf-8")
    monkeypatch.chdir(folder)
    monkeypatch.setenv("REVIEWKIT_REVIEWER", "ann")
    monkeypatch.setenv("REVIEWKIT_EMAIL", "ann@example.org")
    with EutilsServer(records=25) as server, OpenAlexServer() as index:
        monkeypatch.setenv("REVIEWKIT_EUTILS_URL", server.url)
        monkeypatch.setenv("REVIEWKIT_OPENALEX_URL", index.url)
        for words in commands:
            if words[0] == "conflicts":
                screened(folder, cli)
            if words[:2] == ["extract", "sheet"]:
                assert cli("studies").out.count("r12") == 1
            with Terminal(folder, *words, columns=120) as person:
                if asking := ASKING.get(words[0]):
                    person.see(asking[0])
                    if asking[1]:
                        person.press(asking[1], asking[2])
                    person.child.send("q")
                shown = person.until_end()
                assert person.child.exitstatus == 0, f"{words}\n{shown}"
        assert index.asked("works")
    assert (folder / "exports" / "my-review" / "report.html").is_file()
    assert (folder / "exports" / "my-review" / "archive" / "decisions.csv").is_file()
