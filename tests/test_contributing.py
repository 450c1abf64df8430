"""The example of CONTRIBUTING.md, how a database is added, is taken from the page and run."""

import io
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from reviewkit import formats
from reviewkit.model.citation import Citation
from reviewkit.model.runs import DATABASES, SourceKind
from reviewkit.sources import SOURCES
from tests.sources.conftest import Clock, Shelf

PAGE = (Path(__file__).resolve().parents[1] / "CONTRIBUTING.md").read_text(encoding="utf-8")
BLOCKS = dict(re.findall(r"^```python\n# (\S[^\n]*)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL))
OURS = 'lint.isort.known-first-party = ["reviewkit", "tests"]'  # which ruff cannot see outside the checkout
MODULES = [
    "reviewkit/formats/examplebase.py", "reviewkit/sources/examplebase.py", "tests/servers/examplebase.py",
    "tests/sources/test_examplebase.py",
]  # fmt: skip


@pytest.fixture
def example(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, ModuleType]]:
    """The modules of the example, as if they stood in their files, and their lines in the tables."""
    made = {}
    for path in MODULES:
        name = path.removesuffix(".py").replace("/", ".")
        made[path] = ModuleType(name)
        monkeypatch.setitem(sys.modules, name, made[path])
        exec(compile(BLOCKS[path], path, "exec"), made[path].__dict__)
    for table, key in ((SOURCES, "examplebase"), (formats.FORMATS, "examplebase-json"), (DATABASES, "examplebase")):
        monkeypatch.setitem(table, key, None)  # type: ignore[index]  # so that it is taken out again afterwards
    known = {"SOURCES": SOURCES, "FORMATS": formats.FORMATS, "DATABASES": DATABASES, "SourceKind": SourceKind}
    exec(BLOCKS["the lines"], {**known, "Format": formats.Format, "_entries": formats._entries})
    yield made


def test_the_page_holds_the_whole_example() -> None:
    assert list(BLOCKS) == [*MODULES[:2], "the lines", *MODULES[2:]]


def test_the_tests_of_the_example_pass(example: dict[str, ModuleType]) -> None:
    tests = example["tests/sources/test_examplebase.py"]
    for fault in tests.test_a_passing_fault_is_survived.pytestmark[0].args[1]:
        tests.test_a_passing_fault_is_survived(Clock(), Shelf(), fault)
    tests.test_a_wrong_key_is_told_without_showing_it(Clock(), Shelf())


def test_its_answers_are_read(example: dict[str, ModuleType]) -> None:
    full = b'{"id": "r1", "title": "Exosomes", "doi": "10.1234/1", "year": 2024}'
    body = b'{"count": 2, "records": [%s, {"year": 2020}]}' % full
    read, refused = formats.FORMATS["examplebase-json"].parse(io.BytesIO(body), formats.AS_NAMED)
    assert isinstance(read, Citation)
    assert (read.title, read.doi, read.year, read.accession) == ("Exosomes", "10.1234/1", 2024, "r1")
    assert "an entry with neither title nor identifier" in str(refused)


def test_the_commands_take_the_new_database(
    example: dict[str, ModuleType], cli, workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    protocol = workspace / "protocols" / "backpain.toml"
    text = protocol.read_text(encoding="utf-8").replace('"pubmed"', '"examplebase"')
    protocol.write_text(text, encoding="utf-8")
    refused = cli("search", "--database", "examplebase")
    assert refused.code == 1
    assert "Examplebase asks for an API key of Examplebase" in refused.err
    monkeypatch.setenv("EXAMPLEBASE_KEY", "secret")
    with example["tests/servers/examplebase.py"].ExamplebaseServer(records=3) as server:
        monkeypatch.setenv("REVIEWKIT_EXAMPLEBASE_URL", server.url)
        result = cli("search", "--json")
    assert result.code == 0, result.err
    (run,) = json.loads(result.out)["runs"]
    assert (run["database"], run["reported"], run["retrieved"]) == ("examplebase", 3, 3)
    assert "language: english (not sent: Examplebase has no such limit)" in run["limits"]
    told = cli("sources", "examplebase").out
    assert "an API key of Examplebase: set" in told
    assert "secret" not in told


def test_the_example_keeps_the_house_rules(tmp_path: Path) -> None:
    for path in MODULES:
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(BLOCKS[path], encoding="utf-8")
    rules = (Path(__file__).resolve().parents[1] / "pyproject.toml").read_text(encoding="utf-8")
    (tmp_path / "pyproject.toml").write_text(rules, encoding="utf-8")  # what differs for tests goes by the folder
    for words in (["format", "--check"], ["check"]):
        done = subprocess.run(
            [sys.executable, "-m", "ruff", *words, "--no-cache", "--config", OURS, "."],
            cwd=tmp_path, capture_output=True, text=True,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
