"""One entry of a tagged text format (RIS, MEDLINE, ISI) while it is read: tags with their values, asked by tag."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import chain

from reviewkit.formats.clean import clean, has_entity, is_tidy


class TaggedEntry:
    """Tags with their values; a value is made of the lines that it runs over.

    `line` is where the entry begins. Add all values first, close it, then ask. A reader in a hurry may put values
    into `fields` itself; `order` and iteration know only what was added.
    """

    def __init__(self, line: int = 0) -> None:
        self.line = line
        # in the order in which the tags came first; ask with `in` or `get`, for any other asking makes the tag
        self.fields: defaultdict[str, list[str]] = defaultdict(list)
        self.order: list[str] = []
        self._tidy = False
        self.signs: frozenset[str] = frozenset()  # which of & * and a line's end any value holds
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

    def close(self) -> None:
        """Join the lines of each value, and see at once whether there is any that needs more than a glance."""
        for values, place, parts in self._longer:
            values[place] = " ".join(parts)
        together = "|".join(chain.from_iterable(self.fields.values()))
        self._tidy = is_tidy(together.replace("\n", "|") if self._longer else together)
        self.signs = frozenset(sign for sign in "&*\n" if sign in together)
        self._longer.clear()

    def cleaned(self, texts: Iterable[str]) -> list[str]:
        """Clean texts that stand in this entry; those that say nothing are left out."""
        if self._tidy and "&" not in self.signs:
            return [text for said in texts if (text := said.strip(" "))]
        if self._tidy:
            return [
                text for said in texts if (text := clean(said) if "&" in said and has_entity(said) else said.strip(" "))
            ]
        return list(filter(None, map(clean, texts)))

    def all(self, *tags: str) -> list[str]:
        """The values of these tags; those of the tag that came first in the file go first."""
        fields = self.fields
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
                    if text := said.strip(" ") if self._tidy and "&" not in said else clean(said):
                        return text
        return ""
