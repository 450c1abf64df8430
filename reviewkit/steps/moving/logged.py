"""Rayyan's log beside Rayyan's notes: which user is which person, and what that adds to each verdict."""

from collections.abc import Mapping
from dataclasses import replace

from reviewkit.errors import UnusableMapping
from reviewkit.formats import rayyan
from reviewkit.model.votes import Entry
from reviewkit.steps.moving.read import Reading


def with_rayyan_votes(reading: Reading, names: Mapping[str, str]) -> tuple[Entry, ...]:
    """Return all entries, those of Rayyan with each person's verdict; time and own reasons come from the log.

    Args:
        names: name or user of the log -> name here, as far as someone said.

    Raises:
        UnusableMapping: it cannot be told which user of the log is one of the people in the notes.
    """
    users = _users(reading, names)
    entries = list(reading.entries)
    for place, told in reading.told.items():
        entry = entries[place]
        if entry.problem:
            continue
        acts = {name: _act(reading.log[user], _article(entry)) for name, user in users.items()}
        try:
            votes = rayyan.votes(told, {name: act for name, act in acts.items() if name in told.verdicts})
            entries[place] = replace(entry, votes=votes)
        except ValueError as error:
            entries[place] = replace(entry, problem=str(error))
    return tuple(entries)


def _users(reading: Reading, names: Mapping[str, str]) -> dict[str, str]:
    """Return name in the notes -> user of the log."""
    if not reading.log:
        return {}
    people = sorted({name for told in reading.told.values() for name in told.verdicts})
    said = {}
    for user, here in names.items():
        if user in reading.log:
            said.update({name: user for name in people if here in (name, names.get(name))})
    told = {_article(reading.entries[place]): told for place, told in reading.told.items()}
    users = rayyan.users_by_name(reading.log, told) | said
    if unknown := [name for name in people if name not in users]:
        what = (
            f"customizations_log.csv, which does not show which of its users ({', '.join(sorted(reading.log))}) is "
            f"{' and '.join(unknown)},"
        )
        raise UnusableMapping(what=what, remedy='Add --reviewer "USER=NAME" for each, or leave the log out.')
    return users


def _act(made: Mapping[str, rayyan.Act], article: str) -> rayyan.Act:
    return made.get(article, rayyan.Act(None, "", ()))


def _article(entry: Entry) -> str:
    return entry.key.removeprefix(rayyan.KEY)
