import re
from dataclasses import fields
from pathlib import Path

from reviewkit.model import protocol as shapes
from reviewkit.model.runs import DATABASES
from reviewkit.protocol import parse_protocol
from reviewkit.protocol.template import is_template, template


def test_the_template_is_valid_as_it_stands() -> None:
    protocol = parse_protocol(template(), Path("template.toml"))
    assert [search.database for search in protocol.search] == ["pubmed", "scopus"]
    assert [(stage.id.value, stage.reviewers) for stage in protocol.stage] == [("title-abstract", 2), ("full-text", 2)]
    assert [group.id for group in protocol.extraction.group if group.repeated] == ["outcome"]


def test_the_template_shows_every_key_that_a_protocol_can_have() -> None:
    shown = set(re.findall(r"^(?:# )?\[*([a-z_.]+)\]*(?: = |$)", template(), re.MULTILINE))
    shown = {name.rsplit(".", 1)[-1] for name in shown}
    derived = {"review", "version", "source"}
    for shape in (shapes.Protocol, shapes.Question, shapes.Strategy, shapes.Criterion, shapes.Stage,
                  shapes.Highlight, shapes.Form, shapes.Group, shapes.Field):  # fmt: skip
        missing = {field.name for field in fields(shape)} - shown - derived
        assert not missing, f"{shape.__name__}: {missing}"


def test_the_databases_that_the_template_names_are_known() -> None:
    names = re.search(r"Known names: (.*?) \.\.\.", template().replace("\n# ", " "))
    assert names
    assert set(names.group(1).split(", ")) <= DATABASES.keys()


def test_a_protocol_is_the_template_until_something_in_it_is_changed() -> None:
    mine = template().replace("chronic low back pain", "neck pain", 1)
    assert is_template(parse_protocol("# my notes\n" + template(), Path("a.toml")).version)
    assert not is_template(parse_protocol(mine, Path("a.toml")).version)


def test_the_template_ends_with_a_form_that_extracts_outcomes_by_time_point() -> None:
    *_, outcome = parse_protocol(template(), Path("template.toml")).extraction.group
    assert outcome.key == ("outcome", "time_point")
