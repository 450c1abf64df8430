"""Author names between BibTeX ("van Beethoven, Jr, Ludwig") and citations ("Wilson JE", "Wilson, Jane")."""

import re

from reviewkit.formats.authors import is_et_al, split_authors
from reviewkit.formats.clean import clean
from reviewkit.formats.latex import bare, decode, encode, split_outside_groups

_AND = re.compile(r"\\.|[{}]|(?<=\s)and(?=\s)", re.S | re.I)
_SUFFIXES = frozenset(("jr", "jr.", "sr", "sr.", "ii", "iii", "iv", "2nd", "3rd", "4th"))
_INITIALS = re.compile(r"(?:[^\W\d_]\.?[\s-]?){1,4}")
_PUBMED = re.compile(r"(.*\S) ([A-Z](?:-?[A-Z]){0,3})(?: (Jr|Sr|2nd|3rd|4th))?")
_GROUP = re.compile(
    r"\b(?:groups?|organi[sz]ations?|collaborations?|collaborators|stud(?:y|ies)|consorti(?:um|a)|investigators|"
    r"committee|society|institutes?|universit(?:y|é|ät)|network|trial(?:ists)?|association|agency|council|ministry|"
    r"department|foundation|federation|alliance|cent(?:er|re)s?|inc|ltd|gmbh|working|task|force|registry|office)\b",
    re.I,
)


def read_names(value: str) -> tuple[str, ...]:
    """Return the people of an author field; "others" and "et al." are no one."""
    parts = _at_and(value)
    alone = len(parts) == 1 and "{" not in value
    names = _without_and(value) if alone else [read_name(part) for part in parts]
    return tuple(name for name in names if name and not is_et_al(name))


def _at_and(value: str) -> list[str]:
    if "{" not in value:
        return re.split(r"\s+and(?=\s)", value, flags=re.I)
    parts, depth, start = [], 0, 0
    for found in _AND.finditer(value):
        sign = found.group()
        if sign == "{":
            depth += 1
        elif sign == "}":
            depth = max(0, depth - 1)
        elif not depth and sign[0] in "aA":
            parts.append(value[start : found.start()])
            start = found.end()
    return [*parts, value[start:]]


def _without_and(value: str) -> list[str]:
    """Names in one text without "and": parted by semicolons, or by commas as in "Wilson JE, Today BA"."""
    if ";" in value and "&" not in value:
        return [read_name(part) for part in value.split(";")]
    if value.count(",") > 1:
        listed = split_authors(decode(value))
        if len(listed) > 1:
            return list(listed)
        parts = [part.strip() for part in value.split(",")]
        if len(parts) > 3 and not len(parts) % 2 and all(map(_INITIALS.fullmatch, parts[1::2])):
            return [read_name(f"{family}, {given}") for family, given in zip(parts[::2], parts[1::2], strict=True)]
    return [read_name(value)]


def read_name(value: str) -> str:
    """Return one name as a citation holds it: "Family, Given", "Family GN", or a group's name as it is."""
    value = value.strip().strip(",")
    if value.startswith("{") and (inner := bare(value)) != value:
        return _plain(inner)
    parts = [part.strip() for part in split_outside_groups(value, ",")]
    if len(parts) == 1:
        return _one_part(value)
    family, *middle, given = parts
    if given.startswith("{") and bare(given) != given and len(parts) < 4:  # as `write_name` keeps "Wilson JE"
        return _plain(" ".join((family, given, *middle)))
    if len(parts) == 3 and middle[0].lower() not in _SUFFIXES and given.lower() in _SUFFIXES:
        middle, given = [given], middle[0]  # "King, Martin L, Jr", against the rule but usual
    return ", ".join(filter(None, map(_plain, (family, given, *middle))))


def _one_part(value: str) -> str:
    """Turn "Ludwig van Beethoven" round; what is no person's name, or already has its initials last, stays."""
    words = [word for word in split_outside_groups(value.replace("~", " "), " \t\n") if word]
    whole = _plain(value)
    if len(words) < 2 or _GROUP.search(whole) or is_et_al(whole):
        return whole
    last = words[-1]
    if _PUBMED.fullmatch(whole) and len(last) <= 3 and not all(word.isupper() for word in words):
        return whole
    suffix = [words.pop()] if last.lower() in _SUFFIXES and len(words) > 2 else []
    start = next((place for place, word in enumerate(words[1:-1], 1) if word[:1].islower()), len(words) - 1)
    return ", ".join(map(_plain, (" ".join(words[start:]), " ".join(words[:start]), *suffix)))


def _plain(text: str) -> str:
    return clean(decode(text)).strip(",; ")


def write_name(name: str) -> str:
    """Write one name so that LaTeX knows its parts and `read_name` gives it back.

    "Wilson JE" is written as "Wilson, {JE}"; what is neither that nor "Family, Given" stands in braces, as groups do.
    """
    parts = name.split(", ")
    found = _PUBMED.fullmatch(name)
    if len(parts) == 2:
        written = f"{encode(parts[0])}, {encode(parts[1])}"
    elif len(parts) == 3:
        written = f"{encode(parts[0])}, {encode(parts[2])}, {encode(parts[1])}"
    elif found:
        family, initials, suffix = found.groups()
        written = (
            f"{encode(family)}, {encode(suffix)}, {{{initials}}}" if suffix else f"{encode(family)}, {{{initials}}}"
        )
    else:
        written = ""
    return written if written and read_names(f"{written} and {written}") == (name, name) else f"{{{encode(name)}}}"
