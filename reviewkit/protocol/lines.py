"""Where each key of a TOML text stands: tomllib gives values without places, mistakes need places."""

import re

Location = tuple[str | int, ...]

_HEADER = re.compile(r"\s*(\[\[?)\s*([^\[\]]+?)\s*\]\]?\s*(#.*)?$")
_KEY = re.compile(r"""\s*([A-Za-z0-9_-]+|"[^"]*"|'[^']*')\s*=\s*(.*)$""")
_OPENING = re.compile(r'"""|\'\'\'')


def key_lines(text: str) -> dict[Location, int]:
    """Map the place of every table and key (`("stage", 1, "reviewers")`) to its 1-based line.

    Knows what a protocol uses: tables, arrays of tables (nested too), keys, multi-line strings. A key
    inside an inline table or a multi-line array is found at the key that holds it. A row of a multi-line string is
    found by its number, from 0: `("search", 0, "strategy", 2)`.
    """
    lines: dict[Location, int] = {(): 1}
    counts: dict[Location, int] = {}
    here: Location = ()
    closing = ""  # the delimiter that ends the multi-line string we are in
    string: Location = ()  # the key that holds it
    row = 0
    for number, line in enumerate(text.splitlines(), start=1):
        if closing:
            lines.setdefault((*string, row), number)
            row += not (closing == '"""' and line.endswith("\\"))  # there a backslash takes the end of the line away
            closing = "" if closing in line else closing
            continue
        if header := _HEADER.match(line):
            here = _resolve(header.group(2), header.group(1) == "[[", counts)
            lines.setdefault(here, number)
            continue
        if key := _KEY.match(line):
            lines[(*here, key.group(1).strip("\"'"))] = number
            opening = _OPENING.search(key.group(2))
            if opening and key.group(2).count(opening.group()) % 2:
                closing, string = opening.group(), (*here, key.group(1).strip("\"'"))
                begins_here = key.group(2).partition(closing)[2].strip()  # a line end at once is not part of the string
                row = 1 if begins_here and begins_here != "\\" else 0
                if row:
                    lines[(*string, 0)] = number
    return lines


def line_of(lines: dict[Location, int], location: Location) -> int:
    """Return the line of a place, or of the nearest place around it."""
    while location not in lines:
        location = location[:-1]
    return lines[location]


def _resolve(name: str, is_array: bool, counts: dict[Location, int]) -> Location:
    """Turn a header's dotted name into a place; parts that are arrays mean their latest element."""
    parts = [part.strip().strip("\"'") for part in name.split(".")]
    place: Location = ()
    for depth, part in enumerate(parts):
        place = (*place, part)
        if is_array and depth == len(parts) - 1:
            counts[place] = counts.get(place, -1) + 1
        if place in counts:
            place = (*place, counts[place])
    return place
