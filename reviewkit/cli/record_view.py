"""How a record, the criteria and the keys look in the terminal; text from outside is made harmless here."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reviewkit.cli.common import safe
from reviewkit.model.decisions import BEFORE_SCREENING
from reviewkit.model.ids import record_label
from reviewkit.model.runs import SearchRun, database_label

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions, Group
    from rich.text import Text

    from reviewkit.model.citation import Citation
    from reviewkit.model.decisions import Decision
    from reviewkit.model.protocol import Criterion, Highlight, Protocol
    from reviewkit.steps.screen import Exhibit

# Fixed pale colours under fixed black read alike on dark and on light terminals (the named colours change with
# the theme, and bold black turns grey); weight and line tell the two apart where colours do not.
COLOURS = {"include": "bold color(16) on color(121)", "exclude": "underline color(16) on color(216)"}
_LABEL = re.compile(r"(?:^|(?<=[.?!] )|(?<=\n))[A-Z][A-Z ,/&-]{3,40}:")  # of a structured abstract
_MOST_AUTHORS = 8
_LOW = 30  # lines of a terminal: a lower one keeps its room for the abstract
_ROWS_LOW, _ROWS_HIGH = 3, 6  # lines for the criteria


def coloured(text: str, terms: "Highlight", style: str = "") -> "Text":
    """Return outside text with the protocol's terms in colour."""
    from rich.text import Text

    from reviewkit.steps.highlight import find_terms

    clean = safe(text)
    made = Text(clean, style=style)
    for span in find_terms(clean, terms):
        made.stylize(COLOURS[span.towards], span.start, span.end)
    return made


def record_body(
    exhibit: "Exhibit", protocol: "Protocol", runs: Mapping[str, SearchRun], extra: Sequence["Text"] = ()
) -> "Group":
    """Lay out a record: title, who and where, identifiers, what else is known, abstract, keywords."""
    from rich.console import Group
    from rich.text import Text

    record, terms = exhibit.record, protocol.highlight
    parts: list[Text] = [coloured(record.title or "(no title)", terms, "bold")]
    if record.vernacular_title:
        parts.append(coloured(record.vernacular_title, terms, "italic"))
    if record.is_retracted:
        parts.append(Text("RETRACTED, says the database", style="bold color(231) on color(124)"))
    parts += [Text(safe(f"{remark[:1].upper()}{remark[1:]}"), style="bold") for remark in exhibit.remarks]
    parts += [Text(safe(line)) for line in (_authors(record), _place(record), _identifiers(record)) if line]
    parts += _found_in(exhibit, runs)
    parts += extra
    parts.append(Text(""))
    parts += _abstract(record, terms)
    if words := "; ".join((*record.keywords, *record.subjects)):
        parts += [Text(""), Text.assemble(("Keywords: ", "bold"), coloured(words, terms))]
    if record.notes:
        parts += [Text(""), Text.assemble(("Notes: ", "bold"), safe(record.notes))]
    return Group(*parts)


@dataclass(frozen=True, slots=True)
class KeyList:
    """Keys and what they do, side by side: aligned in at most `rows` lines and cut to fit, or as many as it takes."""

    entries: Sequence[tuple[str, str]]
    rows: int = 0

    def __rich_console__(self, console: "Console", options: "ConsoleOptions") -> "Iterator[Text]":
        from rich.text import Text

        width = options.max_width
        columns = min(-(-len(self.entries) // self.rows), max(1, width // 20)) if self.rows else 0
        space = width // columns - 1 if columns else width
        line = Text()
        for place, (key, what) in enumerate(self.entries):
            shown = f" {key} " if columns else key
            entry = Text.assemble((shown, "reverse"), f" {_cut(safe(what), space - 5)}")
            gap = space - entry.cell_len + 1 if columns else 2
            if line and (place % columns == 0 if columns else line.cell_len + entry.cell_len > width):
                yield line
                line = Text()
            line.append_text(entry).append(" " * gap)
        if line:
            line.rstrip()
            yield line


@dataclass(frozen=True, slots=True)
class ProgressRule:
    """A rule across the screen, heavy as far as the work is done."""

    done: int
    total: int

    def __rich_console__(self, console: "Console", options: "ConsoleOptions") -> "Iterator[Text]":
        from rich.text import Text

        heavy = options.max_width * self.done // max(1, self.total)
        yield Text.assemble(
            ("\N{BOX DRAWINGS HEAVY HORIZONTAL}" * heavy, "bold"),
            "\N{BOX DRAWINGS LIGHT HORIZONTAL}" * (options.max_width - heavy),
        )


def head(record: str, left: str, right: str, done: int, total: int) -> "Group":
    """Return the top of the screen: which record, how far the work is, which work it is and whose."""
    from rich.console import Group
    from rich.table import Table
    from rich.text import Text

    line = Table.grid(expand=True)
    line.add_column(no_wrap=True)
    line.add_column(no_wrap=True, justify="right")
    line.add_row(Text.assemble((record, "bold"), f"   {left}"), Text(right))
    return Group(line, ProgressRule(done, total))


def foot(
    console: "Console",
    criteria: Mapping[str, "Criterion"],
    words: Sequence[tuple[str, str]],
    message: str,
    note: str = "",
) -> "Group":
    """Return the bottom of the screen: the reviewer's note, criteria and other keys, and what happened last."""
    from rich.console import Group, RenderableType
    from rich.rule import Rule
    from rich.text import Text

    rows = _ROWS_LOW if console.size.height < _LOW else _ROWS_HIGH
    parts: list[RenderableType] = [Rule(style="")]
    if note:
        parts.append(Text.assemble(("Note: ", "bold"), note, no_wrap=True, overflow="ellipsis"))
    parts.append(KeyList([(key, f"{criterion.id} {criterion.short}") for key, criterion in criteria.items()], rows))
    parts.append(keys_line(words))
    parts.append(Text(message, style="bold", no_wrap=True, overflow="ellipsis"))
    return Group(*parts)


def keys_line(words: Sequence[tuple[str, str]]) -> KeyList:
    """Return what keys do, in as many lines as it takes."""
    return KeyList(words)


def verdict_text(decision: "Decision", protocol: "Protocol") -> str:
    """Say a verdict in a few words: `excluded, E1 No exosomes`."""
    from reviewkit.steps.flow import criterion_in_words

    if decision.stage == BEFORE_SCREENING:
        return "removed"
    word = {
        "include": "included",
        "exclude": "excluded",
        "not-retrieved": "not retrieved",
        "awaiting": "awaiting classification",
        "ongoing": "ongoing study",
    }.get(decision.verdict, decision.verdict.value)
    named = criterion_in_words(decision.criterion, protocol)
    return safe(", ".join(part for part in (word, named) if part))


def _abstract(record: "Citation", terms: "Highlight") -> "list[Text]":
    from rich.text import Text

    if not record.abstract:
        return [Text("No abstract.", style="italic")]
    made = coloured(record.abstract, terms)
    for label in _LABEL.finditer(made.plain):
        made.stylize("bold", *label.span())
    return [made]


def _authors(record: "Citation") -> str:
    between = "; " if any("," in author for author in record.authors) else ", "  # "Doe, Jane; Roe, Richard"
    if len(record.authors) <= _MOST_AUTHORS:
        return between.join(record.authors)
    first = between.join(record.authors[: _MOST_AUTHORS - 2])
    return f"{first} ... {record.authors[-1]} ({len(record.authors)} authors)"


def _place(record: "Citation") -> str:
    volume = record.volume + (f"({record.issue})" if record.issue else "")
    where = ":".join(part for part in (volume, record.pages) if part)
    source = " ".join(p for p in (record.journal, str(record.year or record.date), where) if p)
    types = [kind for kind in record.types if kind.lower() != "journal article"]
    return " \N{MIDDLE DOT} ".join(part for part in (source, record.language, ", ".join(types)) if part)


def _identifiers(record: "Citation") -> str:
    links = [
        f"https://doi.org/{record.doi}" if record.doi else "",
        f"PMID {record.pmid}" if record.pmid else "",
        record.pmcid,
        *record.registrations,
    ]
    found = [link for link in links if link] or ([record.url] if record.url else [])
    return " \N{MIDDLE DOT} ".join(found)


def _found_in(exhibit: "Exhibit", runs: Mapping[str, SearchRun]) -> "list[Text]":
    """Tell the databases, and where several citations make up the record, each with what it says otherwise."""
    from rich.text import Text

    def database(citation: "Citation") -> str:
        return database_label(runs[citation.run].database) if citation.run in runs else citation.run

    if len(exhibit.citations) == 1:
        return [Text(safe(f"Found in {database(exhibit.citations[0])}"), style="italic")]
    named = ", ".join(f"{database(citation)} ({record_label(citation.id)})" for citation in exhibit.citations)
    lines = [Text(safe(f"{len(exhibit.citations)} citations: {named}"), style="italic")]
    for citation in exhibit.citations:
        if citation.title.casefold().rstrip(".") != exhibit.record.title.casefold().rstrip("."):
            lines.append(
                Text(safe(f"{record_label(citation.id)} titled: {citation.title or '(none)'}"), style="italic")
            )
    return lines


def _cut(text: str, width: int) -> str:
    """Shorten to a number of columns: a wide character takes two."""
    from rich.cells import cell_len, set_cell_size

    return text if cell_len(text) <= width else set_cell_size(text, width - 1).rstrip() + "\N{HORIZONTAL ELLIPSIS}"
