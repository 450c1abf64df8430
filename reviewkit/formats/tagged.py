"""One entry of a tagged text format (RIS, MEDLINE) while it is read: tags with their values, asked by tag."""

from collections.abc import Iterator

from reviewkit.formats.clean import clean


class TaggedEntry:
    """Tags and values in the order of the file; a value is made of the lines that it runs over.

    `line` is where the entry begins. Add all values first, then ask.
    """

    def __init__(self, line: int = 0) -> None:
        self.line = line
        self._values: list[tuple[str, list[str]]] = []
        self._places: dict[str, list[int]] = {}

    def __bool__(self) -> bool:
        return bool(self._values)

    def __contains__(self, tag: str) -> bool:
        return tag in self._places

    def __iter__(self) -> Iterator[tuple[str, str]]:
        """Every tag with its text."""
        return ((tag, " ".join(parts)) for tag, parts in self._values)

    def add(self, tag: str, text: str) -> None:
        """Add a tag and the first line of its value."""
        self._places.setdefault(tag, []).append(len(self._values))
        self._values.append((tag, [text]))

    def extend(self, text: str) -> None:
        """Add a line to the value that was added last."""
        self._values[-1][1].append(text)

    @property
    def last_tag(self) -> str:
        """The tag that was added last, '' where there is none."""
        return self._values[-1][0] if self._values else ""

    def all(self, *tags: str) -> list[str]:
        """The values of these tags, in the order of the file."""
        places = [place for tag in tags for place in self._places.get(tag, ())]
        return [" ".join(self._values[place][1]) for place in sorted(places)]

    def first(self, *tags: str) -> str:
        """The first value that says something, cleaned; an earlier named tag goes before a later one."""
        for tag in tags:
            for place in self._places.get(tag, ()):
                if text := clean(" ".join(self._values[place][1])):
                    return text
        return ""
