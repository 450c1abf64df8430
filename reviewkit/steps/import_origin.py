"""From which database an import comes: what the person says, or else what the entries show."""

import re
from collections import Counter
from collections.abc import Sequence
from difflib import get_close_matches

from reviewkit.errors import UnknownDatabase, UnknownOrigin
from reviewkit.formats.origin import Origin, joined
from reviewkit.model.citation import Finding
from reviewkit.model.protocol import Protocol
from reviewkit.model.runs import DATABASES, SourceKind, database_label, database_name
from reviewkit.steps.import_reading import ReadFile, one_line

# No doubt when a person says the other: PubMed holds MEDLINE, and one search of the Cochrane Library finds both.
_KIN = (frozenset(("pubmed", "medline")), frozenset(("central", "cochrane-reviews")))


_FEW = 0.1  # of the entries: a few that were added by hand are no contradiction


def find_database(text: str, protocol: Protocol, kind: SourceKind | None) -> str:
    """Return the name by which a database is known, from its name or its label, whatever the case.

    Raises:
        UnknownDatabase: it is none that is known or named in the protocol, and no kind was given.
    """
    name = database_name(text)
    if name in DATABASES or name in {search.database for search in protocol.search}:
        return name
    if not re.fullmatch(r"[a-z0-9][a-z0-9.-]{0,39}", name):
        remedy = "Write its name in small letters and hyphens, such as web-of-science."
        raise UnknownDatabase(name=one_line(text), hint="", remedy=remedy)
    if kind is not None:
        return name
    close = get_close_matches(name, DATABASES, n=1)
    raise UnknownDatabase(
        name=name,
        hint=f" (did you mean '{close[0]}'?)" if close else "",
        remedy=f"Known are {', '.join(DATABASES)}. For another one add --kind database, register or other.",
    )


def origin_of(files: Sequence[ReadFile]) -> Origin:
    """What several files show together."""
    return joined(file.origin for file in files)


def told_database(files: Sequence[ReadFile], protocol: Protocol) -> str:
    """Return the database that the entries themselves show.

    Raises:
        UnknownOrigin: they show none, or several.
    """
    origin = origin_of(files)
    if origin.database:
        return origin.database
    names = [search.database for search in protocol.search if search.database != "pubmed"]
    example = next(iter(origin.databases), "") or next(iter(names), "scopus")
    raise UnknownOrigin(
        file=_listed([file.name for file in files]), reason=_reason(origin), example=example, remark=_remark(origin)
    )


def contradictions(said: str, files: Sequence[ReadFile]) -> list[Finding]:
    """A doubt for each file of which more than a tenth shows another database than the person says."""
    doubts = []
    for file in files:
        kin = next((names for names in _KIN if said in names), frozenset((said,)))
        others = Counter({name: n for name, n in file.origin.databases.items() if name not in kin})
        if others.total() > file.origin.entries * _FEW:
            named = _listed([f"{database_label(name)} ({count:,})" for name, count in _most(others)])
            message = f"of its {file.origin.entries:,} entries some look like another database: {named}"
            doubts.append(Finding(f"{message}; they are imported as {database_label(said)}", file=file.name))
    return doubts


def _reason(origin: Origin) -> str:
    if origin.is_screening:
        return f"the entries were written by {origin.program}, a screening tool, and no database"
    if origin.databases:
        counts = [f"{database_label(name)} ({count:,})" for name, count in _most(origin.databases)]
        if origin.unnamed:
            counts.append(f"{origin.unnamed:,} that name none")
        return f"the entries come from {_listed(counts)}"
    written = f"the entries were written by {origin.program}, and " if origin.program else ""
    return f"{written}no entry names a database, as in the libraries of reference managers"


def _remark(origin: Origin) -> str:
    if len(origin.databases) > 1 and not origin.is_screening:
        return " Better still, import each database's own export by itself: PRISMA counts them apart."
    if origin.is_screening or origin.program:
        return " Better still, import the files that the databases themselves gave: PRISMA counts each database apart."
    return ""


def _most(counts: Counter[str]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def _listed(parts: Sequence[str]) -> str:
    return " and ".join((", ".join(parts[:-1]), parts[-1])) if len(parts) > 1 else parts[0]
