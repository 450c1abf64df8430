"""`search-log.xlsx`: every search as it was made, so that anyone can make it again (PRISMA-S)."""

import re
from collections.abc import Iterator, Mapping

from reviewkit import __version__
from reviewkit.model.duplicates import RULES
from reviewkit.model.rounds import round_name
from reviewkit.model.runs import SearchRun, database_label
from reviewkit.model.strategy_lines import read_lines
from reviewkit.steps.export.gather import Material
from reviewkit.steps.export.prisma_s import checklist_table, interface, no_limits
from reviewkit.steps.export.tables import Column, Table, Value
from reviewkit.steps.wording import counted

_PIECE, _PIECE_LINES = 2_400, 24  # characters and lines of a strategy in one cell; a row can be no taller


def log_tables(material: Material) -> list[Table]:
    """Return the sheets of the search log, in order."""
    return [
        run_table(material),
        strategy_table(material),
        count_table(material),
        duplicate_table(material),
        checklist_table(material),
        origin_table(material),
        file_table(material),
    ]


def part_of(run: SearchRun) -> str:
    """Say whether a run belongs to the original review or to which update."""
    return round_name(run.update)


def run_table(material: Material) -> Table:
    """Return every search: where, when, by whom, within which limits, and what came of it."""
    columns = (
        Column("Run", 29), Column("Source", 17), Column("Kind", 10), Column("Part of", 15), Column("Date", 12),
        Column("Searched by", 13), Column("Platform", 20), Column("Interface", 19), Column("Limits", 26),
        Column("Only added since", 12), Column("Complete", 10), Column("Warnings", 30),
        Column("Reported at first", 10, numeric=True), Column("Reported", 10, numeric=True),
        Column("Retrieved", 10, numeric=True), Column("Could not be read", 10, numeric=True),
    )  # fmt: skip
    rows = tuple(
        (
            run.id, database_label(run.database), run.kind.value, part_of(run), run.date, run.searcher, run.platform,
            interface(run), "\n".join(run.limits) or no_limits(run), run.since, "yes" if run.complete else "no",
            "\n".join(run.warnings), run.reported_before or run.reported, run.reported, run.retrieved, run.rejected,
        )
        for run in material.standing.runs
    )  # fmt: skip
    notes = (
        (
            "Reported is what the database said it found; at first: when the search began, for a database may take in "
            "records meanwhile. The strategies are under 'Strategies', times and software under 'Provenance'."
        ),
    )
    return Table("Searches", "Every search that was made", columns, rows, notes)


def strategy_table(material: Material) -> Table:
    """Return every strategy exactly as it was sent, line by line where it was written so, and how it was read."""
    columns = (
        Column("Run", 29), Column("Source", 17), Column("Line", 24), Column("Strategy", 104),
        Column("Records", 10, numeric=True),
    )  # fmt: skip
    rows: list[tuple[Value, ...]] = []
    for run in material.standing.runs:
        rows += [(run.id, database_label(run.database), *row) for row in _strategy_rows(run)]
    for label, text in unsearched(material):
        rows += [("not searched yet", label, *row) for row in _pieces("planned", text)]
    notes = (
        (
            "A strategy that is too long for one cell goes on in the next: put together, the parts are what was sent, "
            "to the letter. Lines are numbered as they were written, with the records that each finds by itself."
        ),
    )
    return Table("Strategies", "Strategies exactly as they were sent", columns, tuple(rows), notes)


def unsearched(material: Material) -> Iterator[tuple[str, str]]:
    """Yield the strategies of the protocol whose databases nobody has searched yet: label, text."""
    ran = {run.database for run in material.standing.runs}
    for search in material.protocol.search:
        if search.database not in ran:
            yield database_label(search.database), search.strategy.strip()


def lines_of(run: SearchRun) -> list[tuple[str, str, int | None]]:
    """Return the lines of a line-by-line strategy: number, text, and the records that it finds where that is known."""
    if run.lines:
        return [(f"#{line.label}", line.text, None if line.count < 0 else line.count) for line in run.lines]
    return [(f"#{line.label}", line.text, None) for line in read_lines(run.strategy)]


def sent_as(run: SearchRun) -> str:
    """Say whether a strategy is what was sent, or what a person gave with an imported file."""
    return "as sent" if run.origin == "api" else "as given with the file"


def _strategy_rows(run: SearchRun) -> Iterator[tuple[Value, ...]]:
    yield from lines_of(run)
    if run.strategy.strip():
        yield from _pieces(sent_as(run), run.strategy, run.reported)
    else:
        yield (sent_as(run), "No strategy was recorded.", run.reported)
    if run.translation.strip():
        yield from _pieces("as the database read it", run.translation)


def _pieces(label: str, text: str, count: int | None = None) -> Iterator[tuple[Value, ...]]:
    """Cut a text between words into parts that a cell shows whole; the count stands with the last."""
    parts, held = [], ""
    for word in re.findall(rf"\s*\S{{1,{_PIECE}}}|\s+$", text):
        if held and (len(held) + len(word) > _PIECE or f"{held}{word}".count("\n") >= _PIECE_LINES):
            parts.append(held)
            held = ""
        held += word
    parts = [*parts, held] if held else parts
    for number, part in enumerate(parts, start=1):
        more = f", part {number} of {len(parts)}" if len(parts) > 1 else ""
        yield (f"{label}{more}", part, count if number == len(parts) else None)


def count_table(material: Material) -> Table:
    """Return how many records each source brought, round by round, and when it was searched last."""
    runs = material.standing.runs
    rounds = sorted({run.update for run in runs} | {0})
    columns = (
        Column("Source", 26), Column("Kind", 12), Column("Last search", 13), Column("Searches", 10, numeric=True),
        *(Column(f"Update {n}" if n else "Original review", 12, numeric=True) for n in rounds),
        Column("Records in all", 12, numeric=True),
    )  # fmt: skip

    def row(name: str, kind: str, mine: list[SearchRun]) -> tuple[Value, ...]:
        split = [sum(run.retrieved for run in mine if run.update == n) for n in rounds]
        return (name, kind, max((run.date for run in mine), default=""), len(mine), *split, sum(split))

    by_source: dict[str, list[SearchRun]] = {}
    for run in runs:
        by_source.setdefault(run.database, []).append(run)
    rows = [row(database_label(name), mine[0].kind.value, mine) for name, mine in by_source.items()]
    rows += [row("All sources", "", [*runs])] if len(by_source) > 1 else []
    return Table("Records", "Records identified from each source", columns, tuple(rows))


def duplicate_table(material: Material) -> Table:
    """Return how duplicates were found: the rules and people that judged pairs of citations."""
    columns = (
        Column("Judged by", 24), Column("Rule or person", 16), Column("What it rests on", 90),
        Column("Pairs the same", 12, numeric=True), Column("Pairs different", 12, numeric=True),
    )  # fmt: skip
    rows: list[tuple[Value, ...]] = [
        (name, "rule", reason, count, 0) for name, count, reason in used_rules(material.rules)
    ]
    for person in sorted({*material.people, *material.apart}):
        same, apart = material.people.get(person, 0), material.apart.get(person, 0)
        rows.append((person, "person", "a person's judgement, where no rule can be sure", same, apart))
    standing = material.standing
    notes = [
        (
            f"Software: reviewkit {__version__}. Of {counted(len(standing.run_of), 'citation')}, "
            f"{len(standing.run_of) - len(standing.records.members):,} were further copies; "
            f"{counted(len(standing.records.members), 'record')} remained. Several pairs can join one record. Nothing "
            "is deleted; 'reviewkit flow --list duplicates' lists every copy with the judgement behind it."
        ),
    ]
    if standing.unsure:
        notes.append(f"Waiting for a person's judgement: {counted(len(standing.unsure), 'pair')}.")
    return Table("Duplicates", "How duplicates were found", columns, tuple(rows), tuple(notes))


def used_rules(counts: Mapping[str, int]) -> list[tuple[str, int, str]]:
    """Return the duplicate rules that were used, in the order in which they are asked, with their reasons."""
    reasons = {rule.name: rule.reason for rule in RULES}
    order = {name: place for place, name in enumerate(reasons)}
    return [(name, counts[name], reasons.get(name, "")) for name in sorted(counts, key=lambda n: (order.get(n, 99), n))]


def origin_table(material: Material) -> Table:
    """Return by what software and under which protocol each search was made, and when to the second."""
    columns = (
        Column("Run", 29), Column("Began (UTC)", 21), Column("Ended (UTC)", 21), Column("Software", 44),
        Column("Protocol version", 16), Column("File imported", 30), Column("Files kept", 10, numeric=True),
    )  # fmt: skip
    rows = tuple(
        (run.id, _moment(run.started), _moment(run.finished), run.client, run.protocol, run.file, len(run.responses))
        for run in material.standing.runs
    )
    note = "For an imported file, the times are those of the import; the day of the search is under 'Searches'."
    return Table("Provenance", "Times and software", columns, rows, (note,))


def _moment(time: str) -> str:
    """Return "2025-02-03 09:00:00" for "2025-02-03T09:00:00Z"."""
    return time.replace("T", " ").removesuffix("Z")


def file_table(material: Material) -> Table:
    """Return every response of a database and every imported file, with its hash."""
    columns = (
        Column("Run", 29), Column("File in searches/", 25), Column("Its name before", 30), Column("Format", 14),
        Column("SHA-256", 72), Column("Bytes", 12, numeric=True),
    )  # fmt: skip
    rows = tuple(
        (run.id, response.name, response.file or run.file, response.format, response.sha256, response.bytes)
        for run in material.standing.runs
        for response in run.responses
    )
    note = "Sizes and hashes are those of the content, before any compression by this program."
    return Table("Files", "The answers of the databases as they were received", columns, rows, (note,))
