"""What the entries of a file show of where they come from, clue by clue and taken together."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from reviewkit.formats import origin_clues as clues

_NEARLY_ALL = 0.9  # of the entries must name the database: in a database's own export every one does


@dataclass(frozen=True, slots=True)
class Origin:
    """What a file shows of where it comes from.

    `databases` counts the entries that each database was told for, `platforms` those of each platform, of `entries`
    in all. `program` is the program that wrote the file where that is no database ("a Zotero library", "Rayyan").
    `begun` counts what begins an entry, found apart from the parsers; None where the format does not show it. `members`
    are the export files in an archive, each with its format.
    """

    entries: int = 0
    databases: Counter[str] = field(default_factory=Counter)
    platforms: Counter[str] = field(default_factory=Counter)
    program: str = ""
    begun: int | None = None
    members: tuple[tuple[str, str], ...] = ()

    @property
    def database(self) -> str:
        """The one database that nearly all entries come from, or '': mixed, or not to be told."""
        if self.is_screening or len(self.databases) != 1:
            return ""
        name, count = next(iter(self.databases.items()))
        return name if count >= self.entries * _NEARLY_ALL else ""

    @property
    def platform(self) -> str:
        """The one platform of nearly all entries, or ''."""
        if len(self.platforms) != 1:
            return ""
        name, count = next(iter(self.platforms.items()))
        return name if count >= self.entries * _NEARLY_ALL else ""

    @property
    def is_screening(self) -> bool:
        """True where a screening tool wrote the file: what it holds was searched elsewhere."""
        return self.program in clues.SCREENING

    @property
    def unnamed(self) -> int:
        """How many entries name no database."""
        return max(self.entries - self.databases.total(), 0)


def joined(origins: Iterable[Origin]) -> Origin:
    """The origin of several files taken together."""
    entries, begun, counted = 0, 0, True
    databases: Counter[str] = Counter()
    platforms: Counter[str] = Counter()
    programs = []
    for origin in origins:
        entries += origin.entries
        databases += origin.databases
        platforms += origin.platforms
        programs.append(origin.program)
        counted = counted and origin.begun is not None
        begun += origin.begun or 0
    return Origin(entries, databases, platforms, next(filter(None, programs), ""), begun if counted else None)


class Tally:
    """The clues of one entry after the other: what its texts say of database, platform and program."""

    def __init__(self) -> None:
        self.entries = 0
        self.databases: Counter[str] = Counter()
        self.platforms: Counter[str] = Counter()
        self.programs: Counter[str] = Counter()
        self._told: dict[str, tuple[str, str]] = {}

    def add(self, names: Iterable[str], numbers: Iterable[str], database: str = "", platform: str = "") -> None:
        """Add an entry: the texts that name a database, those that hold numbers and addresses, and what is known.

        A number goes before a name: Embase's export says "Medline" of some of its entries. On Ovid the name goes first,
        since its entries carry numbers of other databases too.
        """
        self.entries += 1
        numbers = tuple(numbers)
        by_number, on = _by_number(numbers)
        platform = platform or on or next(filter(None, (_by_pattern(clues.PLATFORMS, text) for text in numbers)), "")
        for text in numbers:
            if program := _by_pattern(clues.PROGRAMS, text):
                self.programs[program] += 1
        codes = (code.group(1) for text in numbers if (code := clues.CODES.search(text)))
        by_name = ""
        for text in (*names, *codes):
            if text not in self._told:
                self._told[text] = (_by_pattern(clues.DATABASES, text), _by_pattern(clues.PLATFORMS, text))
            known, on = self._told[text]
            by_name, platform = by_name or known, platform or on
        if platform == "Ovid" and by_number != "central":
            by_number = ""
        by_address = next(filter(None, (_by_pattern(clues.ADDRESSES, text) for text in numbers)), "")
        if found := database or by_number or by_name or by_address:
            self.databases[found] += 1
        if platform:
            self.platforms[platform] += 1

    def origin(self, begun: int | None, program: str = "") -> Origin:
        """What was found in all."""
        program = program or next((name for name, _ in self.programs.most_common(1)), "")
        return Origin(self.entries, self.databases, self.platforms, program, begun)


def _by_pattern(patterns: Iterable[tuple[re.Pattern[str], str]], text: str) -> str:
    return next((name for pattern, name in patterns if pattern.search(text)), "")


def _by_number(texts: Sequence[str]) -> tuple[str, str]:
    found = ((name, on) for pattern, name, on in clues.NUMBERS if any(map(pattern.search, texts)))
    return next(found, ("", ""))
