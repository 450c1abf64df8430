"""One entry of a tagged text format (RIS, MEDLINE, ISI) while it is read: tags with their values, asked by tag."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import chain

from reviewkit.formats.clean import MARKUP, clean, has_entity, is_tidy

_LOOKED_AT = frozenset("&*<")  # signs that are no fault in themselves
_NONE: frozenset[str] = frozenset()


class TaggedEntry:
    """Tags with their values; a value is made of the lines that it runs over.

    `line` is where the entry begins. Add all values first, close it, then ask. A reader in a hurry may put values
    into `fields` itself; `order` and iteration know only what was added.

    `odd` are the `odd_characters` of the text in which the entry stands, where the reader looked for them.
    """

    __slots__ = ("_longer", "_tidy", "fields", "line", "odd", "order", "plain", "signs")

    def __init__(self, line: int = 0, odd: frozenset[str] | None = None) -> None:
        self.line = line
        self.odd = odd
        # in the order in which the tags came first; ask with `in` or `get`, for any other asking makes the tag
        self.fields: defaultdict[str, list[str]] = defaultdict(list)
        self.order: list[str] = []
        self.plain = False  # cleaning would take nothing but blanks at the ends out of any value
        self.signs: frozenset[str] = _NONE  # which of * and a line's end any value holds, and & of an entity
        self._tidy = False  # the same, apart from entities and line ends
        self._longer: list[tuple[list[str], int, list[str]]] = []  # values, which of them, its further lines

    def __bool__(self) -> bool:
        return bool(self.fields)

    def __contains__(self, tag: str) -> bool:
        return tag in self.fields

    def __iter__(self) -> Iterator[tuple[str, str]]:
        """Every tag that was added with its text, in the order of the file."""
        values = {tag: iter(texts) for tag, texts in self.fields.items()}
        return ((tag, next(values[tag])) for tag in self.order)

    def add(self, tag: str, text: str) -> None:
        """Add a tag and the first line of its value."""
        self.order.append(tag)
        self.fields[tag].append(text)

    def extend(self, tag: str, text: str) -> None:
        """Add a line to the last value of a tag."""
        values = self.fields[tag]
        last = len(values) - 1
        if self._longer and self._longer[-1][0] is values and self._longer[-1][1] == last:
            self._longer[-1][2].append(text)
        else:
            self._longer.append((values, last, [values[last], text]))

    def goes_on(self, odd: frozenset[str] | None) -> None:
        """Know that the next lines stand in another lot of text, with these odd characters."""
        self.odd = None if odd is None or self.odd is None else odd | self.odd

    def close(self) -> None:
        """Join the lines of each value, and see at once whether there is any that needs more than a glance."""
        for values, place, parts in self._longer:
            values[place] = " ".join(parts)
        together = "|".join(chain.from_iterable(self.fields.values()))
        if self.odd == _NONE and not self._longer:
            self._tidy = self.plain = together.rfind("  ") < 0  # a quarter faster than `in`
            return
        signs = {sign for sign in ("&*\n" if self.odd is None else self.odd) if sign in together}
        if self.odd is None:
            self._tidy = is_tidy(together.replace("\n", "|") if self._longer else together)
        else:
            self._tidy = (
                together.rfind("  ") < 0
                and (not signs or signs <= _LOOKED_AT)
                and ("<" not in signs or not any(mark in together for mark in MARKUP))
            )
            if self._longer and "\n" in together:
                signs.add("\n")
        if "&" in signs and not has_entity(together):
            signs.remove("&")
        self.signs = frozenset(signs) if signs else _NONE
        self.plain = self._tidy and "&" not in signs and "\n" not in signs
        self._longer.clear()

    def cleaned(self, texts: Iterable[str]) -> list[str]:
        """Clean texts that stand in this entry; those that say nothing are left out."""
        if self.plain:
            return [text for said in texts if (text := said.strip(" "))]
        if self._tidy:
            return [
                text
                for said in texts
                if (text := said.strip(" ") if "&" not in said and "\n" not in said else clean(said))
            ]
        return list(filter(None, map(clean, texts)))

    def all(self, *tags: str) -> list[str]:
        """The values of these tags; those of the tag that came first in the file go first."""
        fields = self.fields
        if len(tags) == 1:
            return fields.get(tags[0], [])
        present = [tag for tag in tags if tag in fields]
        if len(present) < 2:
            return fields[present[0]] if present else []
        return [text for tag in fields if tag in present for text in fields[tag]]

    def first(self, *tags: str) -> str:
        """The first value that says something, cleaned; an earlier named tag goes before a later one."""
        fields = self.fields
        for tag in tags:
            if tag in fields:
                for said in fields[tag]:
                    tidy = self.plain or (self._tidy and "&" not in said and "\n" not in said)
                    if text := said.strip(" ") if tidy else clean(said):
                        return text
        return ""
