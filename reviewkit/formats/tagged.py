"""One entry of a tagged text format (RIS, MEDLINE, ISI) while it is read: tags with their values, asked by tag."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import chain

from reviewkit.formats.clean import clean, has_entity, has_markup, is_tidy

_GLANCED = {"&": has_entity, "<": has_markup}  # signs that are mostly no fault
_FEW = 3  # faults that are looked for in each value; with more each value is looked at whole
_NONE: frozenset[str] = frozenset()


class TaggedEntry:
    """Tags with their values; a value is made of the lines that it runs over.

    `line` is where the entry begins. Add all values first, close it, then ask. A reader in a hurry may put values
    into `fields` itself; `order` and iteration know only what was added.

    `odd` are the `odd_characters` of the text in which the entry stands, where the reader looked for them.
    """

    __slots__ = ("_faults", "_longer", "fields", "line", "odd", "order", "plain", "signs")

    def __init__(self, line: int = 0, odd: frozenset[str] | None = None) -> None:
        self.line = line
        self.odd = odd
        # in the order in which the tags came first; ask with `in` or `get`, for any other asking makes the tag
        self.fields: defaultdict[str, list[str]] = defaultdict(list)
        self.order: list[str] = []
        self.plain = False  # cleaning would take nothing but blanks at the ends out of any value
        self.signs: frozenset[str] = _NONE  # which of * and a line's end any value holds
        self._faults: tuple[str, str, str] | None = None  # a value without these is plain; None: look at each
        self._longer: list[tuple[list[str], int, list[str]]] = []  # values, which of them, its lines

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

    def extend(self, tag: str, text: str) -> list[str]:
        """Add a line to the last value of a tag; return the lines of that value, to which more can be added."""
        values = self.fields[tag]
        last = len(values) - 1
        if self._longer and self._longer[-1][0] is values and self._longer[-1][1] == last:
            parts = self._longer[-1][2]
            parts.append(text)
        else:
            parts = [values[last], text]
            self._longer.append((values, last, parts))
        return parts

    def goes_on(self, odd: frozenset[str] | None) -> None:
        """Know that the next lines stand in another lot of text, with these odd characters."""
        self.odd = None if odd is None or self.odd is None else odd | self.odd

    def close(self) -> None:
        """Join the lines of each value, and see at once whether there is any that needs more than a glance."""
        for values, place, parts in self._longer:
            values[place] = " ".join(parts)
        together = "|".join(chain.from_iterable(self.fields.values()))
        if self.odd is not None and not self._longer and together.rfind("  ") < 0:  # a quarter faster than `in`
            for sign in self.odd:
                if sign in together and (sign not in _GLANCED or _GLANCED[sign](together)):
                    break
            else:
                self.plain = True
                return
        lines = bool(self._longer) and "\n" in together
        self._longer.clear()
        self.signs = frozenset([sign for sign, there in (("*", "*" in together), ("\n", lines)) if there])
        faults = self._found(together.replace("\n", "|") if lines else together)
        if faults is not None:
            if lines:
                faults.append("\n")
            self.plain = not faults
            if 0 < len(faults) <= _FEW:
                first, second, third = (*faults, *faults, *faults)[:_FEW]
                self._faults = first, second, third

    def _found(self, together: str) -> list[str] | None:
        """Return what in the values cleaning may have to do something about; None where that is not told."""
        if self.odd is None:
            return (["&"] if has_entity(together) else []) if is_tidy(together) else None
        found = [sign for sign in self.odd if sign not in "&<*" and sign in together]
        if "&" in self.odd and has_entity(together):
            found.append("&")
        if "<" in self.odd and has_markup(together):
            found.append("<")
        if together.rfind("  ") >= 0:
            found.append("  ")
        return found

    def cleaned(self, texts: Iterable[str]) -> list[str]:
        """Clean texts that stand in this entry; those that say nothing are left out."""
        if self.plain:
            return [text for said in texts if (text := said.strip(" "))]
        if self._faults is None:
            return list(filter(None, map(clean, texts)))
        one, two, three = self._faults
        return [
            text
            for said in texts
            if (text := clean(said) if one in said or two in said or three in said else said.strip(" "))
        ]

    def every(self, texts: Iterable[str]) -> list[str]:
        """Clean texts that stand in this entry, also those that say nothing."""
        return [said.strip(" ") for said in texts] if self.plain else list(map(clean, texts))

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
                    if text := said.strip(" ") if self.plain else self._glance(said):
                        return text
        return ""

    def _glance(self, said: str) -> str:
        if self._faults is not None:
            one, two, three = self._faults
            if not (one in said or two in said or three in said):
                return said.strip(" ")
        return clean(said)
