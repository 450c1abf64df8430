"""A mistake in a line of a strategy is reported with the line of the TOML file that it stands on."""

from pathlib import Path

import pytest

from reviewkit.errors import InvalidProtocol
from reviewkit.protocol import parse_protocol
from tests.build import protocol_text

BEFORE = 'strategy = "exosomes AND back pain"'


@pytest.mark.parametrize(
    ("strategy", "line"),
    [
        ("strategy = '''\n#1 a\n#2 b\n#3 #1 AND #7\n'''", 15),
        ('strategy = """\n#1 a\n\n#2 #1 AND #7"""', 15),
        ('strategy = """#1 a\n#2 #1 AND #7"""', 13),
        ('strategy = """\\\n#1 a\n#2 #1 AND #7"""', 14),
        ('strategy = "#1 a\\n#2 #1 AND #7"', 12),
        ("strategy = '''\r\n#1 a\r\n#2 #1 AND #7\r\n'''", 14),
    ],
)
def test_the_line_of_the_file_is_told(strategy: str, line: int) -> None:
    text = protocol_text()
    assert text.splitlines()[11] == BEFORE
    with pytest.raises(InvalidProtocol) as caught:
        parse_protocol(text.replace(BEFORE, strategy), Path("x.toml"))
    (problem,) = caught.value.problems
    assert problem.startswith(f"x.toml:{line}: search[1].strategy")
    assert (
        problem.endswith("line #2 refers to #7, which is not there (the lines are #1 to #2)") or "#3 refers" in problem
    )


def test_what_comes_after_a_strategy_of_several_rows_keeps_its_line() -> None:
    text = protocol_text().replace(BEFORE, "strategy = '''\n#1 a\n#2 #1\n'''").replace('id = "E2"', 'id = "E1"')
    with pytest.raises(InvalidProtocol) as caught:
        parse_protocol(text, Path("x.toml"))
    expected = text.splitlines().index('text = "Back pain not targeted"')
    assert caught.value.problems[0].startswith(f"x.toml:{expected}: exclude[2].id")
