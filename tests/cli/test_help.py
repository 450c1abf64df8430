"""What help costs and says: measured by what is imported, since a clock is no judge on a busy machine."""

import subprocess
import sys
from importlib.util import find_spec

import pytest

from reviewkit.cli import COMMANDS

HEAVY = {
    "Bio", "alembic", "defusedxml", "filelock", "jinja2", "matplotlib", "numpy", "openpyxl", "pandas", "pydantic",
    "requests", "rich", "scipy", "sklearn", "sqlalchemy",
}  # fmt: skip

WRITTEN = [name for name, (module, _) in COMMANDS.items() if find_spec(f"reviewkit.cli.{module}")]


def run(*words: str) -> tuple[str, set[str]]:
    """Run a command in a new process; return what it prints and which of the heavy libraries it imported."""
    code = (
        "import sys; from reviewkit.cli import main; sys.argv = ['reviewkit', *sys.argv[1:]]\n"
        "try: main()\n"
        "except SystemExit as stop: assert not stop.code, stop.code\n"
        "finally: print('\\n'.join(sys.modules), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code, *words], capture_output=True, text=True, check=True)
    return done.stdout, {name.split(".")[0] for name in done.stderr.split()} & HEAVY


def test_every_command_is_written() -> None:
    assert list(COMMANDS) == WRITTEN


@pytest.mark.parametrize("words", [["--help"], ["--version"], ["-h"]])
def test_help_and_version_import_nothing_heavy(words: list[str]) -> None:
    out, heavy = run(*words)
    assert out
    assert not heavy


def test_the_overview_lists_every_command_with_its_line() -> None:
    out = " ".join(run("--help")[0].split())
    for name, (_, line) in COMMANDS.items():
        assert f" {name} {line}" in out


@pytest.mark.parametrize("name", WRITTEN)
def test_the_help_of_each_command_imports_nothing_heavy(name: str) -> None:
    out, heavy = run(name, "--help")
    assert out.startswith(f"Usage: reviewkit {name}")
    assert not heavy


@pytest.mark.parametrize("name", ["conflicts", "decide", "extract", "studies"])
def test_no_line_of_an_overview_is_cut_off(name: str) -> None:
    lines = run(name, "--help")[0].partition("\nCommands:\n")[2].splitlines()
    assert lines
    assert not [line for line in lines if line.endswith("...")]
