"""The 16 items of PRISMA-S answered: what the stored searches tell, and what the authors wrote in the protocol."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from textwrap import shorten

from reviewkit import __version__
from reviewkit.model.citation_search import DATABASE as CITATIONS
from reviewkit.model.runs import SearchRun, SourceKind, database_label
from reviewkit.steps.export.gather import Material
from reviewkit.steps.export.prisma_s_items import ITEMS, SOURCE, Item
from reviewkit.steps.export.tables import Column, Table
from reviewkit.steps.wording import counted

FILLED, BOTH, WRITTEN = "filled by the program", "filled by the program and the authors", "written by the authors"
PARTLY, OPEN = "filled by the program; to be completed by the authors", "to be written by the authors"
_SHORT = 700  # characters of a strategy that the checklist repeats

Said = tuple[list[str], str]  # what the program can tell, and what the authors must add to it, '' when nothing


@dataclass(frozen=True, slots=True)
class Answer:
    """One item answered: its status, and the text in paragraphs."""

    item: Item
    status: str
    text: tuple[str, ...]

    @property
    def open(self) -> bool:
        """True when something is left for the authors to write."""
        return self.status in (PARTLY, OPEN)


def answers(material: Material) -> list[Answer]:
    """Return the answers to all items, in order."""
    return [_answer(material, item) for item in ITEMS]


def checklist_table(material: Material) -> Table:
    """Return the PRISMA-S checklist, filled in as far as the program knows."""
    columns = (
        Column("Item", 6, numeric=True), Column("Topic", 16), Column("What PRISMA-S asks", 48), Column("Status", 20),
        Column("Reported in this review", 90),
    )  # fmt: skip
    found = answers(material)
    rows = tuple((a.item.number, a.item.name, a.item.asks, a.status, "\n".join(a.text)) for a in found)
    left = [str(answer.item.number) for answer in found if answer.open]
    notes = [f"Left for the authors: items {', '.join(left)}."] if left else []
    return Table("PRISMA-S", "PRISMA-S checklist", columns, rows, (*notes, SOURCE))


def _answer(material: Material, item: Item) -> Answer:
    own = str(getattr(material.protocol.search_report, item.key)).strip() if item.key else ""
    known, missing = _KNOWN[item.number](material) if item.number in _KNOWN else ([], "")
    if not known and item.number in _KNOWN and not material.standing.runs:
        known, missing = ["No search has been made yet."], ""
    if own:
        return Answer(item, BOTH if known else WRITTEN, (*known, own))
    hint = f"Write it as {item.key} in [search_report] of the protocol." if item.key else ""
    if not known:
        return Answer(item, OPEN, tuple(filter(None, (missing, f"To be written by the authors. {hint}".strip()))))
    if missing:
        return Answer(item, PARTLY, (*known, f"To be completed by the authors: {missing} {hint}".strip()))
    return Answer(item, FILLED, tuple(known))


def _runs(material: Material, *kinds: SourceKind) -> dict[str, list[SearchRun]]:
    """Return the runs by database, in the order of the protocol's searches, then of their first run."""
    found: dict[str, list[SearchRun]] = {search.database: [] for search in material.protocol.search}
    for run in material.standing.runs:
        if run.kind in kinds:
            found.setdefault(run.database, []).append(run)
    return {database: runs for database, runs in found.items() if runs}


def interface(run: SearchRun) -> str:
    """Say how a search reached the program."""
    return "API" if run.origin == "api" else "file exported from there and imported"


def no_limits(run: SearchRun) -> str:
    """Say that a search has no limits; of a file that was exported elsewhere no one knows unless he tells."""
    return "none" if run.origin == "api" else "none recorded"


def _named(database: str, runs: Sequence[SearchRun]) -> str:
    platforms = list(dict.fromkeys(run.platform for run in runs if run.platform)) or ["platform not recorded"]
    ways = list(dict.fromkeys(map(interface, runs)))
    return f"{database_label(database)} ({'; '.join([*platforms, *ways])})"


def _sentence(things: Iterable[str]) -> str:
    return "; ".join(things) + "."


def _sources(material: Material, kind: SourceKind, none: str) -> Said:
    found = _runs(material, kind)
    known = [_sentence(_named(database, runs) for database, runs in found.items())] if found else [none]
    bare = [run.id for runs in found.values() for run in runs if not run.platform]
    return known, f"the platform of the search {', '.join(bare)}." if bare else ""


def _databases(material: Material) -> Said:
    known, missing = _sources(material, SourceKind.DATABASE, "No database is among the searches.")
    ran = {run.database for run in material.standing.runs}
    planned = [database_label(search.database) for search in material.protocol.search if search.database not in ran]
    if planned:
        known.append(f"Planned in the protocol, and without a search by now: {', '.join(dict.fromkeys(planned))}.")
    return known, missing


def _several(material: Material) -> Said:
    platforms: dict[str, list[str]] = {}
    for database, runs in _runs(material, SourceKind.DATABASE, SourceKind.REGISTER).items():
        for run in runs:
            if run.platform:
                platforms.setdefault(run.platform, []).append(database_label(database))
    shared = {name: list(dict.fromkeys(labels)) for name, labels in platforms.items() if len({*labels}) > 1}
    known = ["Each search is recorded as a search of one database."]
    known += [f"On one platform, {name}, one after the other: {', '.join(labels)}." for name, labels in shared.items()]
    imported = any(run.origin != "api" for run in material.standing.runs)
    return (
        known,
        "whether an imported file comes from a search of several databases at once." if shared and imported else "",
    )


def _registers(material: Material) -> Said:
    return _sources(material, SourceKind.REGISTER, "No study register is among the searches.")


def _told(run: SearchRun) -> str:
    """Say of a search by other methods when it was made, what it found, and what was asked, shortened where long."""
    words = shorten(run.strategy, _SHORT, placeholder=" ... (whole under 'Strategies')").rstrip(".")
    asked = f": {words}" if words else ""
    return f"{database_label(run.database)}, {run.date}, {counted(run.retrieved, 'record')}{asked}"


def _online(material: Material) -> Said:
    found = [run for run in material.standing.runs if run.kind is SourceKind.OTHER and run.database != CITATIONS]
    return [f"{_told(run)}." for run in found], "how these were searched." if found else ""


def _citation_searching(material: Material) -> Said:
    found = [run for run in material.standing.runs if run.database == CITATIONS]
    if not found:
        return [], "No citation search was made with this program."
    return [f"{_told(run)} ({run.platform or 'platform not recorded'}, {interface(run)})." for run in found], ""


def _strategies(material: Material) -> Said:
    runs = material.standing.runs
    known = []
    sent, given = [run for run in runs if run.origin == "api"], [run for run in runs if run.origin != "api"]
    if sent:
        known.append(
            f"The strategies of {counted(len(sent), 'search')} stand under 'Strategies', exactly as they "
            "were sent; where they were written line by line, with the number of records of each line."
        )
    if filed := [run for run in given if run.strategy.strip()]:
        known.append(
            f"Of {counted(len(filed), 'search')} whose results were imported as files, the strategies stand under "
            "'Strategies' as they were given with the files."
        )
    notes: dict[str, list[str]] = {}
    for search in material.protocol.search:
        if search.note.strip():
            notes.setdefault(" ".join(search.note.split()), []).append(database_label(search.database))
    known += [f"Note in the protocol on {', '.join(dict.fromkeys(names))}: {note}" for note, names in notes.items()]
    if items := material.known.items:
        missed = ", ".join(item.name for item in material.known.missed)
        told = f"{len(material.known.found)} found, {f'missed: {missed}' if missed else 'none missed'}"
        known.append(f"The searches were tested by {counted(len(items), 'paper')} that the protocol names: {told}.")
    without = [run.id for run in runs if not run.strategy.strip()]
    return known, f"the strategies of {', '.join(without)}, which no one recorded." if without else ""


def _limits(material: Material) -> Said:
    known = []
    for database, runs in _runs(material, *SourceKind).items():
        said = dict.fromkeys("; ".join(run.limits) or no_limits(run) for run in runs)
        only = [f"only records added since {run.since} (update {run.update})" for run in runs if run.since]
        known.append(f"{database_label(database)}: {' / '.join(said)}{''.join(f'; {each}' for each in only)}.")
    by_hand = any(run.origin != "api" and not run.limits for run in material.standing.runs)
    unknown = "whether any was set where files were exported by hand"
    if any(run.limits for run in material.standing.runs):
        return known, f"why these limits were set{f', and {unknown}' if by_hand else ''}."
    if known:
        none = (
            "No limits were recorded beside the strategies." if by_hand else "No limits were set beside the strategies."
        )
        known = [none, *(each for each in known if "added since" in each)]
    return known, f"{unknown}." if by_hand else ""


def _updates(material: Material) -> Said:
    runs = material.standing.runs
    known = []
    for update in sorted({run.update for run in runs} - {0}):
        said = [
            f"{database_label(run.database)} searched {run.date}"
            + (f", only what was added since {run.since}" if run.since else "")
            for run in runs
            if run.update == update
        ]
        known.append(f"Update {update}: {_sentence(said)}")
    again: dict[tuple[int, str], list[str]] = {}
    for run in runs:
        if run.database != CITATIONS:  # which is asked again whenever more is included: item 5 tells each
            again.setdefault((run.update, run.database), []).append(run.date)
    known += [
        f"{database_label(database)} was searched {len(dates)} times within {_round(update)}: {', '.join(dates)}."
        for (update, database), dates in again.items()
        if len(dates) > 1
    ]
    if runs and not known:
        return ["The searches have not been updated."], ""
    told = "What an update found was compared with all earlier records; only new records were screened."
    return [*known, told] if known else [], ""


def _round(update: int) -> str:
    return f"update {update}" if update else "the original review"


def _dates(material: Material) -> Said:
    found = _runs(material, *SourceKind)
    return [f"{database_label(name)}: last on {max(run.date for run in runs)}." for name, runs in found.items()], ""


def _totals(material: Material) -> Said:
    known = []
    for database, runs in _runs(material, *SourceKind).items():
        rounds: dict[int, int] = {}
        for run in runs:
            rounds[run.update] = rounds.get(run.update, 0) + run.retrieved
        split = ", ".join(f"{_round(update)}: {n:,}" for update, n in sorted(rounds.items()))
        more = f" ({split})" if {*rounds} != {0} else ""
        short = [run.id for run in runs if not run.complete]
        lost = f", of which not all were retrieved in {', '.join(short)}" if short else ""
        known.append(f"{database_label(database)}: {counted(sum(rounds.values()), 'record')}{more}{lost}.")
    if len(known) > 1:
        known.append(f"All sources together: {counted(len(material.standing.run_of), 'record')}.")
    return known, ""


def _deduplication(material: Material) -> Said:
    standing = material.standing
    if not standing.runs:
        return [], ""
    left = len(standing.run_of) - len(standing.records.members)
    ruled, judged, apart = (sum(each.values()) for each in (material.rules, material.people, material.apart))
    known = [
        (
            f"reviewkit {__version__} compared the records of all sources by named rules, which judged "
            f"{counted(ruled, 'pair')} the same ('Duplicates' lists the rules). Where no rule could be sure "
            f"a person was asked: {counted(judged, 'pair')} the same, {apart:,} different. Nothing was deleted: a "
            "record holds all citations of one publication."
        ),
        (
            f"Of {counted(len(standing.run_of), 'citation')}, {left:,} were further copies; "
            f"{counted(len(standing.records.members), 'record')} remained."
        ),
    ]
    if standing.unsure:
        known.append(f"Waiting for a person's judgement: {counted(len(standing.unsure), 'pair')}.")
    return known, ""


_KNOWN: Mapping[int, Callable[[Material], Said]] = {
    1: _databases,
    2: _several,
    3: _registers,
    4: _online,
    5: _citation_searching,
    8: _strategies,
    9: _limits,
    12: _updates,
    13: _dates,
    15: _totals,
    16: _deduplication,
}
