"""What a protocol must hold beyond the types of its keys: pure checks, each naming place and remedy."""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from reviewkit.model.known import Known, read_known
from reviewkit.model.protocol import Field, FieldType, Form, Group, Protocol
from reviewkit.model.strategy_lines import line_mistakes
from reviewkit.protocol.lines import Location

_ID = re.compile(r"[A-Za-z][A-Za-z0-9_-]*\Z")
_WITH_CHOICES = (FieldType.CHOICE, FieldType.CHOICES)


class Mistake(NamedTuple):
    """One mistake: where, and what to write instead."""

    place: Location
    message: str


def find_mistakes(protocol: Protocol) -> list[Mistake]:
    """Check a protocol whose types are right; return every mistake found."""
    return [
        *_texts(protocol),
        *_must_find(protocol),
        *_searches(protocol),
        *_criteria(protocol),
        *_stages(protocol),
        *_form(protocol.extraction),
    ]


def _texts(protocol: Protocol) -> Iterator[Mistake]:
    if not protocol.title.strip():
        yield Mistake(("title",), "is empty; give the review's title")
    if not protocol.question.text.strip():
        yield Mistake(("question", "text"), "is empty; write the review question as one sentence")


def _must_find(protocol: Protocol) -> Iterator[Mistake]:
    seen: set[Known] = set()
    for place, text in enumerate(protocol.must_find):
        known = read_known(text)
        if known is None:
            yield Mistake(
                ("must_find", place), f'\'{text}\' is no PMID and no DOI; write "PMID 12345678" or "10.1000/x"'
            )
        elif known in seen:
            yield Mistake(("must_find", place), f"'{text}' is listed before; each paper once is enough")
        else:
            seen.add(known)


def _searches(protocol: Protocol) -> Iterator[Mistake]:
    for place, search in enumerate(protocol.search):
        if not re.fullmatch(r"[a-z0-9][a-z0-9.-]*", search.database):
            yield Mistake(
                ("search", place, "database"),
                f"'{search.database}' should be a name in small letters and hyphens, such as pubmed or web-of-science",
            )
        if not search.strategy.strip():
            yield Mistake(("search", place, "strategy"), "is empty; write the strategy exactly as it is to be sent")
        for wrong in line_mistakes(search.strategy):
            yield Mistake(("search", place, "strategy", wrong.row), wrong.message)
        first, last = search.published_from, search.published_to
        if first and last and first > last:
            yield Mistake(("search", place, "published_from"), f"{first} is later than published_to {last}; swap them")
    yield from _repeated("search", "database", [s.database for s in protocol.search], "give each database one strategy")


def _criteria(protocol: Protocol) -> Iterator[Mistake]:
    if not protocol.include:
        yield Mistake(("include",), "is missing; add at least one [[include]] with id and text")
    if not protocol.exclude:
        yield Mistake(("exclude",), "is missing; add at least one [[exclude]] with id and text")
    for key, criteria in (("include", protocol.include), ("exclude", protocol.exclude)):
        for place, criterion in enumerate(criteria):
            if not re.fullmatch(r"[A-Za-z][A-Za-z0-9]{0,5}", criterion.id):
                yield Mistake((key, place, "id"), f"'{criterion.id}' should be short, a letter and digits, such as E1")
            if not criterion.text.strip():
                yield Mistake((key, place, "text"), "is empty; say what the criterion asks")
    seen = [c.id.casefold() for c in protocol.include]
    for place, criterion in enumerate(protocol.exclude):
        if criterion.id.casefold() in seen:
            yield Mistake(("exclude", place, "id"), f"'{criterion.id}' is used before; every criterion has its own id")
        seen.append(criterion.id.casefold())
    yield from _repeated("include", "id", [c.id.casefold() for c in protocol.include], "every criterion has its own id")


def _stages(protocol: Protocol) -> Iterator[Mistake]:
    order = [stage.id.value for stage in protocol.stage]
    if order != ["title-abstract", "full-text"]:
        found = ", ".join(order) or "none"
        yield Mistake(("stage",), f"the stages are {found}; write two [[stage]], title-abstract and then full-text")
    for place, stage in enumerate(protocol.stage):
        yield from _people(("stage", place), stage.reviewers, stage.settled_by)


def _people(place: Location, reviewers: int, settled_by: str) -> Iterator[Mistake]:
    if not 1 <= reviewers <= 9:
        yield Mistake((*place, "reviewers"), f"{reviewers} is not possible; write how many people decide, 1 to 9")
    if not settled_by.strip():
        yield Mistake((*place, "settled_by"), 'is empty; write "consensus" or the name of the person who settles')


def _form(form: Form) -> Iterator[Mistake]:
    yield from _people(("extraction",), form.reviewers, form.settled_by)
    groups = [g.id.casefold() for g in form.group]
    yield from _repeated("extraction.group", "id", groups, "every group has its own id")
    for place, group in enumerate(form.group):
        at: Location = ("extraction", "group", place)
        yield from _id(at, group.id)
        if not group.field:
            yield Mistake((*at, "field"), "is missing; a group has at least one [[extraction.group.field]]")
        yield from _key(at, group)
        seen: set[str] = set()
        for number, field in enumerate(group.field):
            yield from _field((*at, "field", number), field, seen)
            seen.add(field.id.casefold())


def _key(at: Location, group: Group) -> Iterator[Mistake]:
    if group.repeated and not group.key:
        yield Mistake((*at, "key"), 'is missing; name the fields that tell the rows apart, as ["outcome"]')
    if group.key and not group.repeated:
        yield Mistake((*at, "key"), "belongs to a repeated group only; add repeated = true or remove it")
    ids = {field.id: field for field in group.field}
    for name in group.key:
        if name not in ids:
            yield Mistake((*at, "key"), f"'{name}' is not a field of this group; its fields are {', '.join(ids)}")


def _field(at: Location, field: Field, seen: set[str]) -> Iterator[Mistake]:
    yield from _id(at, field.id)
    if field.id.casefold() in seen:
        yield Mistake((*at, "id"), f"'{field.id}' is used before in this group; every field has its own id")
    if not field.label.strip():
        yield Mistake((*at, "label"), "is empty; give the heading that extractors see")
    if field.type in _WITH_CHOICES and len(field.choices) < 2:
        yield Mistake((*at, "choices"), f"a field of type {field.type.value} needs a list of at least two choices")
    if field.choices and field.type not in _WITH_CHOICES:
        yield Mistake((*at, "choices"), f'needs type = "choice" or "choices", and the type is "{field.type.value}"')
    for number, choice in enumerate(field.choices):
        if not choice.strip() or choice in field.choices[:number] or ";" in choice:
            yield Mistake((*at, "choices"), f"'{choice}' is empty, given twice or holds a semicolon; reword it")


def _id(at: Location, text: str) -> Iterator[Mistake]:
    if not _ID.match(text):
        yield Mistake((*at, "id"), f"'{text}' should be letters, digits, _ and -, beginning with a letter")


def _repeated(table: str, key: str, values: Iterable[str], remedy: str) -> Iterator[Mistake]:
    seen: set[str] = set()
    for place, value in enumerate(values):
        if value in seen:
            yield Mistake((*table.split("."), place, key), f"'{value}' is used before; {remedy}")
        seen.add(value)
