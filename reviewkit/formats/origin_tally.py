"""What the entries of a file show of where they come from, clue by clue and taken together."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

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


class _Clue(NamedTuple):
    """What one number or address shows; `number` is (rank among the clues, database, platform)."""

    number: tuple[int, str, str]
    platform: str
    program: str
    address: str
    code: str


_NO_NUMBER = (len(clues.NUMBERS), "", "")
_DIGITS = str.maketrans("123456789", "0" * 9)
_MOST_SHAPES = 10_000


class Tally:
    """The clues of one entry after the other: what its texts say of database, platform and program."""

    def __init__(self) -> None:
        self.entries = 0
        self.databases: Counter[str] = Counter()
        self.platforms: Counter[str] = Counter()
        self.programs: Counter[str] = Counter()
        self._told: dict[str, tuple[str, str]] = {}
        self._shapes: dict[str, _Clue] = {}

    def add(self, names: Iterable[str], numbers: Iterable[str], database: str = "", platform: str = "") -> None:
        """Add an entry: the texts that name a database, those that hold numbers and addresses, and what is known.

        A number goes before a name: Embase's export says "Medline" of some of its entries. On Ovid the name goes first,
        since its entries carry numbers of other databases too.
        """
        self.entries += 1
        seen = [self._clue(text) for text in numbers]
        _, by_number, on = min((clue.number for clue in seen), default=_NO_NUMBER)
        platform = platform or on
        by_name = by_address = ""
        for clue in seen:
            platform, by_address = platform or clue.platform, by_address or clue.address
            if clue.program:
                self.programs[clue.program] += 1
        for text in (*names, *(clue.code for clue in seen if clue.code)):
            if text not in self._told:
                self._told[text] = (_by_pattern(clues.DATABASES, text), _by_pattern(clues.PLATFORMS, text))
            known, on = self._told[text]
            by_name, platform = by_name or known, platform or on
        if platform == "Ovid" and by_number != "central":
            by_number = ""
        if found := database or by_number or by_name or by_address:
            self.databases[found] += 1
        if platform:
            self.platforms[platform] += 1

    def _clue(self, text: str) -> "_Clue":
        """What a number or address shows; looked up by its shape, since only the digits differ in most entries."""
        shape = text.translate(_DIGITS)
        if shape not in self._shapes:
            if len(self._shapes) >= _MOST_SHAPES:
                self._shapes.clear()
            self._shapes[shape] = _clue_of(text)
        return self._shapes[shape]

    def origin(self, begun: int | None, program: str = "") -> Origin:
        """What was found in all."""
        program = program or next((name for name, _ in self.programs.most_common(1)), "")
        return Origin(self.entries, self.databases, self.platforms, program, begun)


def _by_pattern(patterns: Iterable[tuple[re.Pattern[str], str]], text: str) -> str:
    return next((name for pattern, name in patterns if pattern.search(text)), "")


def _clue_of(text: str) -> _Clue:
    numbers = ((rank, name, on) for rank, (pattern, name, on) in enumerate(clues.NUMBERS) if pattern.search(text))
    code = clues.CODES.search(text)
    return _Clue(
        next(numbers, _NO_NUMBER),
        _by_pattern(clues.PLATFORMS, text),
        _by_pattern(clues.PROGRAMS, text),
        _by_pattern(clues.ADDRESSES, text),
        code.group(1) if code else "",
    )
