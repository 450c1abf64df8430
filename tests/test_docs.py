"""The documents are true: every command is described, what they show exists, and the examples really run."""

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from reviewkit.cli import COMMANDS, root
from tests.reviewed import ris

TOP = Path(__file__).resolve().parents[1]
DOCUMENTS = [TOP / "README.md", TOP / "CONTRIBUTING.md", *sorted((TOP / "docs").glob("*.md"))]
SHARED = ("--review", "--reviewer", "--json")  # explained once for all commands
TEXTS = {path.name: path.read_text(encoding="utf-8") for path in DOCUMENTS}


def commands() -> Iterator[tuple[str, click.Command]]:
    """Every command and subcommand: ("extract sheet", its click object)."""
    context = click.Context(root)
    for name in COMMANDS:
        command = root.get_command(context, name)
        assert command is not None
        yield name, command
        if isinstance(command, click.Group):
            yield from ((f"{name} {part}", inner) for part, inner in command.commands.items())


def shown() -> Iterator[tuple[str, list[str]]]:
    """Every command line that a document shows, in a block or in a line of text, as words; comments are left out."""
    for name, text in TEXTS.items():
        in_blocks = "".join(re.findall(r"```console\n(.*?)```", text, re.DOTALL))
        lines = re.findall(r"^(?:\$ )?(reviewkit .*)$", in_blocks, re.MULTILINE)
        for line in lines + re.findall(r"`(reviewkit [^`\n]*)`", text):
            for part in re.split(r" && ", line.split("  #")[0]):
                words = shlex.split(part.replace("...", ""))
                if words and words[0] == "reviewkit":
                    yield name, words[1:]


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_and_option_is_described_in_the_list_of_commands(name: str) -> None:
    page = TEXTS["commands.md"]
    for whole, command in commands():
        if whole.split()[0] != name:
            continue
        described = next((line for line in page.splitlines() if f"`reviewkit {whole}" in line), "")
        assert described, whole
        for option in command.params:
            if isinstance(option, click.Option):
                assert option.opts[-1] in (page if option.opts[-1] in SHARED else described), f"{whole} {option.opts}"


@pytest.mark.parametrize("name", COMMANDS)
def test_the_overview_says_what_the_commands_own_help_begins_with(name: str) -> None:
    described = dict(commands())[name].help or ""
    first = " ".join(described.split("\n\n")[0].split())
    assert first == COMMANDS[name][1]


def test_every_command_and_option_is_explained_in_its_help() -> None:
    for name, command in commands():
        assert command.help, name
        for option in command.params:
            if isinstance(option, click.Option):
                assert option.help, f"{name} {option.name}"
                assert not option.hidden, f"{name} {option.name}"
                printed = command.get_help(click.Context(command))
                assert all(spelling in printed for spelling in option.opts), f"{name} {option.opts}"


def test_the_documents_show_only_commands_and_options_that_exist() -> None:
    known = dict(commands())
    seen = 0
    for document, words in shown():
        if not words or words[0] in ("--help", "--version", "COMMAND"):
            continue
        name = words[0]
        if f"{name} {words[1] if len(words) > 1 else ''}" in known:
            name = f"{name} {words[1]}"
        assert name in known, f"{document}: reviewkit {' '.join(words)}"
        options = {spelling for option in known[name].params for spelling in option.opts} | {"--help"}
        used = {word.split("=")[0] for word in words if word.startswith("--")}
        if words[0] == "decide":  # 'reviewkit decide r12 include' is short for 'reviewkit decide record r12 include'
            options |= {spelling for option in known["decide record"].params for spelling in option.opts}
        assert used <= options, f"{document}: reviewkit {' '.join(words)}"
        seen += 1
    assert seen > 30


def test_links_and_pictures_lead_somewhere() -> None:
    for path in DOCUMENTS:
        for target in re.findall(r"\]\(([^)#]+)[^)]*\)", TEXTS[path.name]):
            if not target.startswith(("http:", "https:", "mailto:")):
                assert (path.parent / target).exists(), f"{path.name}: {target}"


def test_the_documents_name_only_variables_that_the_program_reads() -> None:
    source = "".join(path.read_text(encoding="utf-8") for path in (TOP / "reviewkit").rglob("*.py"))
    source += "".join(path.read_text(encoding="utf-8") for path in (TOP / "tests").rglob("*.py"))
    for name, text in TEXTS.items():
        for variable in set(re.findall(r"\b(?:REVIEWKIT|NCBI)_[A-Z_]+\b", text)):
            assert variable in source, f"{name}: {variable}"


def blocks() -> list[str]:
    """The blocks that are marked as tested: every line that begins with "$ " is run, in one shell."""
    return [
        "\n".join(re.findall(r"^\$ (.*)$", block, re.MULTILINE))
        for text in TEXTS.values()
        for block in re.findall(r"<!-- tested -->\n```console\n(.*?)```", text, re.DOTALL)
    ]


@pytest.mark.parametrize("number", range(len(blocks())))
def test_the_examples_run_as_they_are_printed(number: int, tmp_path: Path) -> None:
    (tmp_path / "scopus.ris").write_text(ris(6), encoding="utf-8")
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    settings = {key: value for key, value in os.environ.items() if not key.startswith(("REVIEWKIT_", "NCBI_"))}
    settings |= {"PATH": path, "REVIEWKIT_CONFIG": str(tmp_path / "none.toml"), "COLUMNS": "120"}
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", blocks()[number]],
        cwd=tmp_path, env=settings, stdin=subprocess.DEVNULL, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, f"{blocks()[number]}\n{done.stdout}\n{done.stderr}"


def test_there_are_examples_to_run() -> None:
    assert len(blocks()) >= 2
