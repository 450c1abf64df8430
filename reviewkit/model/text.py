"""Text made comparable: titles, names, pages, numbers and identifiers in the form in which equal things are equal."""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from urllib.parse import unquote

from reviewkit.model.represent import family_name

_PLAIN = {  # letters that Unicode does not take apart
    "ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "ħ": "h", "&": " and ",
    "'": "", "’": "", "‘": "", "ʼ": "", "`": "", "´": "", "\u00ad": "", "\u200b": "", "\ufeff": "",
}  # fmt: skip


class _Folding(dict[int, str]):
    """What each character becomes, found out once per character; `str.translate` then runs at C speed."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        folded = _PLAIN.get(character.casefold())
        if folded is None:
            folded = "".join(_letter(part) for part in unicodedata.normalize("NFKD", character).casefold())
        self[code] = folded
        return folded


def _letter(part: str) -> str:
    if part in _PLAIN:
        return _PLAIN[part]
    if "\u0300" <= part <= "\u036f":  # accents; marks of other scripts carry the vowels and stay
        return ""
    if "α" <= part <= "ω":  # databases write β-amyloid as beta-amyloid
        name = unicodedata.name(part, "").removeprefix("GREEK SMALL LETTER ").removeprefix("FINAL ")
        return name.lower().replace("lamda", "lambda")
    return part if unicodedata.category(part)[0] in "LMN" else " "


_FOLDING = _Folding()


def words(text: str) -> tuple[str, ...]:
    """Return the words of a text without accents, case and punctuation; Greek letters by their names."""
    return tuple(text.translate(_FOLDING).split())


# --- titles ----------------------------------------------------------------------------------

_RETRACTED = re.compile(r"\s*\W?(retracted|withdrawn)(\s+article)?\W*:\s*", re.IGNORECASE)
_ADDED = re.compile(  # what databases add in brackets: "[see comment]", "[45 refs]", "[Erratum appears in ...]"
    r"\W*\[\s*(see comments?|comment|review|erratum|corrected|retraction|\d+ refs|in process|abstract)\b[^\]]*\]?",
    re.IGNORECASE,
)
_GENERIC = re.compile(
    r"((guest )?editorial|remarks from|editors? (comments?|note|introduction|preface)|(front|back) (matter|cover)"
    r"|book reviews?|introduction|preface|foreword|contents|table of contents|letters?|letters? to the editor|reply"
    r"|abstracts?|author index|subject index|announcements?|news|in this issue|about (the )?authors?"
    r"|correspondence|commentary|special (issue|section)|reviewers|masthead|obituary"
    r"|errata|erratum|corrigendum|correction)\b"
)
_LONGEST = 1_000  # characters of a title that are looked at: patterns take long on endless text
_FEW_WORDS, _FEW_LETTERS = 3, 20  # a title this short is shared by different works


def title_words(title: str) -> tuple[str, ...]:
    """Return the words of a title without what publishers and databases add to it: "RETRACTED:", "[see comment]"."""
    title = title[:_LONGEST]
    if _RETRACTED.match(title):
        title = _RETRACTED.sub("", title, count=1)
    while "[" in title[1:] and (added := _ADDED.search(title, 1)):
        title = title[: added.start()] + " " + title[added.end() :]
    return words(title)


def is_generic(title: Sequence[str]) -> bool:
    """Return True for the words of a title that many works carry: "Editorial", "Front matter", or a very short one."""
    folded = " ".join(title)
    return len(title) <= _FEW_WORDS or len(folded) <= _FEW_LETTERS or bool(_GENERIC.match(folded) and len(title) <= 8)


_NUMERAL = re.compile(r"\d+\w*|[ivx]{2,}|[ivx]$")


def numerals(title: Sequence[str]) -> tuple[str, ...]:
    """Return the numbers in a title's words, Roman ones too, in order: what tells part I from part II."""
    found = []
    for place, word in enumerate(title):
        after_part = place > 0 and title[place - 1] in _PARTS
        if _NUMERAL.fullmatch(word) or (after_part and len(word) == 1):
            found.append(word)
    return tuple(found)


_PARTS = frozenset({"part", "phase", "chapter", "study", "volume", "number", "section", "report", "type", "teil"})

_AFTER = r"\s*(?:[:.\-\u2013\u2014]|\bto\b|$)"
_KINDS = (
    # what a piece about another publication says of itself -> how it begins, or ends
    ("correction", rf"(?:published |author |publisher )?(?:errat(?:a|um)|corrigend(?:a|um)|corrections?){_AFTER}"),
    ("correction", r".{20,}(?:\W(?:errat(?:a|um)|corrigendum|correction)\W*$|\(vol\.? ?\d+,? (?:pg?|art|pages?)\b)"),
    ("retraction", rf"(?:notice of )?retraction(?: note| notice)?{_AFTER}|expression of concern\b"),
    ("comment", r"(?:editorial |invited )?comment(?:s|ary)?(?: on\b|\s*:)|re:"),
    ("comment", r".{20,}\W(?:comment|commentary)\W*$"),
    ("reply", r"(?:in |the )?(?:authors?['\u2019]?s?['\u2019]? )?(?:reply|response)(?: to\b| by\b|\s*:)"),
    ("reply", r".{20,}\W(?:reply|(?:authors?|editors?)['\u2019]?s?['\u2019]? response)\W*$"),
)
_PATTERNS = tuple((kind, re.compile(rf"\W*(?:{pattern})", re.IGNORECASE)) for kind, pattern in _KINDS)
_HINT = re.compile(r"errat|corri|correction|retraction|concern|comment|re:|reply|response|\(vol", re.IGNORECASE)


def kind_of_title(title: str) -> str:
    """Return "correction", "retraction", "comment" or "reply" where a title says so, else ''."""
    if len(title) > _LONGEST or not _HINT.search(title):
        return ""
    return next((kind for kind, pattern in _PATTERNS if pattern.match(title)), "")


# --- authors ---------------------------------------------------------------------------------

_PARTICLES = frozenset(
    "de|la|le|van|der|den|von|del|da|dos|das|di|du|el|al|bin|ten|ter|jr|sr|et|and".split("|")  # noqa: SIM905
)
_NOBODY = frozenset({"anonymous", "anon", "no authors listed", "unknown", "na", "n a"})


@lru_cache(maxsize=100_000)
def author_words(author: str) -> tuple[str, ...]:
    """Return the words of an author's family name without particles; () for "Anonymous" and the like.

    "Müller-Lüdenscheidt J", "Mueller-Luedenscheidt, Jane" and "de Müller Lüdenscheidt" share them.
    """
    found = words(family_name(author[:200]))
    if " ".join(found) in _NOBODY:
        return ()
    long = tuple(word for word in found if word not in _PARTICLES and len(word) > 1) or found
    return tuple(word.replace("ae", "a").replace("oe", "o").replace("ue", "u") for word in long)


# --- numbers and identifiers -------------------------------------------------------------------

_PAGE = re.compile(r"(?:art(?:icle)?\b\W*(?:no\b\W*|id\b\W*)?)?([a-z]{0,4})\W?0*(\d+)", re.IGNORECASE)
_NUMBER = re.compile(r"\d+")
_DOI = re.compile(r"10\.\d[\d.]*/\S+")


def first_page(pages: str) -> str:
    """Return the first page or article number: "001-006" gives "1", "e70086" "e70086", "S12-S19" "s12"."""
    found = _PAGE.search(pages)
    if not found or not found[2].strip("0"):
        return ""
    letters = "" if found[1].lower() in ("p", "pp") else found[1].lower()
    if letters == "e" and len(found[2]) > 4:
        return found[2]  # "e2100596" and "2100596" are one article number, written by two databases
    return letters + found[2]


def number_key(text: str) -> str:
    """Return the number in a volume or issue: "Vol. 012" gives "12", "Suppl" its words; '' for none."""
    found = _NUMBER.search(text)
    return found[0].lstrip("0") if found else " ".join(words(text))


def doi_key(doi: str) -> str:
    """Return a DOI in lower case without resolver and trailing punctuation, or '' when it is none."""
    found = _DOI.search(unquote(doi).lower())
    if not found:
        return ""
    key = found[0].rstrip(".,;:")
    return key[:-1] if key.endswith(")") and key.count("(") < key.count(")") else key


def digits_key(text: str) -> str:
    """Return the digits of a PMID or PMCID without leading zeros, or ''."""
    return "".join(c for c in text if c.isdecimal() and c.isascii()).lstrip("0")


def registration_key(number: str) -> str:
    """Return a study registration number without blanks and punctuation, in capitals."""
    return "".join(c for c in number.upper() if c.isalnum())


# --- journals --------------------------------------------------------------------------------

_STOP = frozenset("of|the|and|for|in|on|a|an|de|la|le|der|die|des|und|et".split("|"))  # noqa: SIM905


def journal_words(journal: str) -> tuple[str, ...]:
    """Return the words of a journal's name that count; a place or subtitle in brackets is left out."""
    plain = re.sub(r"\([^)]*\)", " ", journal)
    found = words(plain.split(" = ")[0])
    return tuple(word for word in found if word not in _STOP) or found


def journals_alike(one: Sequence[str], other: Sequence[str]) -> bool:
    """Return True when two journal names, as `journal_words`, may be one name and its abbreviation.

    "Mol Med" and "Molecular Medicine", "BMJ" and "British Medical Journal", a name and its longer form.
    """
    short, long = sorted((tuple(one), tuple(other)), key=lambda name: (len(name), sum(map(len, name))))
    if not short or short == long[: len(short)]:
        return True
    if len(short) == len(long):
        return all(a.startswith(b) or b.startswith(a) for a, b in zip(short, long, strict=True))
    if len(short) == 1 and short[0] == "".join(word[0] for word in long):
        return True
    left = iter(long)  # each word of the short name begins a word of the long one, in order
    return all(any(full.startswith(part) for full in left) for part in short)
