"""Author names: "Family Initials" as PubMed writes it, and lists of authors in one text."""

import re

from reviewkit.formats.clean import clean

_SUFFIX = re.compile(r"\s+(?:Jr|Sr|2nd|3rd|4th)\.?$")
_INITIALS_FIRST = re.compile(r"((?:[A-Z]\.?-?){1,4})\s+(\S.*)")
_ET_AL = re.compile(r"(?:and\s+|&\s*)?(?:et\.?\s+al\.?|others|…|\.\.\.)", re.I)

_ET_AL_BEGINS = frozenset("aAeEoO&….")  # a name is asked for often, and this tells most apart


def pubmed_name(family: str, given: str = "", initials: str = "", suffix: str = "") -> str:
    """Return "Wilson JE", "King ML Jr", or the family name alone; initials are made from given names if need be."""
    if not initials:
        initials = "".join([part[0] for part in given.replace(".", " ").replace("-", " ").split()]).upper()
    return clean(f"{family} {initials} {suffix}" if suffix else f"{family} {initials}" if initials else family)


def from_full_name(name: str) -> str:
    """Return "Wilson JE" for "Wilson, Jane E"; "Smith, John, Jr" keeps its suffix."""
    family, _, rest = name.partition(",")
    given, _, suffix = rest.partition(",")
    return pubmed_name(family, given.strip(), suffix=suffix.strip())


def is_et_al(name: str) -> bool:
    """True for "et al." and its kind, which stand where a name would."""
    name = name.strip()
    return name[:1] in _ET_AL_BEGINS and bool(_ET_AL.fullmatch(name))


def split_authors(text: str, initials_first: bool = False) -> tuple[str, ...]:
    """Split a cell that holds all authors: at ";" or lines, at " and ", or at commas as in "Wilson JE, Today BA".

    A text that none of these clearly parts stays one name ("Centers for Disease Control and Prevention").

    Args:
        text: the cell.
        initials_first: part "JE Wilson, BA Today" (Publish or Perish) and turn it into "Wilson JE", "Today BA".
    """
    if ";" in text or "\n" in text:
        names = re.split(r"[;\n]", text)
    elif initials_first:
        names = text.split(",")
    else:
        names = _at_and(text) or _at_commas(text) or [text]
    kept = (clean(name).strip(" ,") for name in names)
    known = tuple(name for name in kept if name and not is_et_al(name))
    return tuple(_INITIALS_FIRST.sub(r"\2 \1", name) for name in known) if initials_first else known


def _at_and(text: str) -> list[str]:
    parts = [part.strip() for part in re.split(r",?\s(?:and|&)\s", text)]
    if len(parts) == 2 and (listed := _at_commas(parts[0])):  # "Wilson JE, Today BA and Chen G"
        return [*listed, parts[1]]
    bare = [part for part in parts if not ("," in part or _is_pubmed_name(part) or _is_plain_name(part))]
    # "Luo Z and Wu and Tang J": among names in full a single word is one too, "Pfizer and Co" is not parted.
    enough = len(parts) > (2 if bare else 1) and 2 * len(bare) < len(parts)
    return parts if enough and all(map(_is_word, bare)) else []


def _at_commas(text: str) -> list[str]:
    if text.endswith(".") and text.count(".") == 1:  # PubMed ends its list with a full stop
        text = text[:-1]
    parts = [part.strip() for part in text.split(",") if part.strip()]
    return parts if len(parts) > 1 and all(_is_pubmed_name(p) or is_et_al(p) for p in parts) else []


def _is_pubmed_name(name: str) -> bool:
    words = _SUFFIX.sub("", name).split()
    return len(words) > 1 and words[-1].isupper() and len(words[-1].replace(".", "")) <= 4 and len(words[0]) > 1


def _is_word(name: str) -> bool:
    return name.isalpha() and name[0].isupper()


def _is_plain_name(name: str) -> bool:
    words = name.split()
    return 2 <= len(words) <= 4 and all(word[0].isupper() for word in words)
