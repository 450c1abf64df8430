"""Text made comparable: titles, names, pages, numbers and identifiers in the form in which equal things are equal."""

import re
import unicodedata
from collections.abc import Sequence
from html import unescape
from urllib.parse import unquote

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
# Most texts are ASCII, for which a table of bytes does the same in a quarter of the time; only & becomes a word there.
_BYTES = bytes(ord(_FOLDING[code] or " ") if len(_FOLDING[code]) < 2 else 0 for code in range(128)).ljust(256, b"\0")
_DROPPED = bytes(code for code in range(128) if not _FOLDING[code])


def words(text: str) -> tuple[str, ...]:
    """Return the words of a text without accents, case and punctuation; Greek letters by their names."""
    if text.isascii() and "&" not in text:
        return tuple(text.encode().translate(_BYTES, _DROPPED).decode().split())
    return tuple(text.translate(_FOLDING).split())


def listed(words: str) -> frozenset[str]:
    """Return the words of a list that is written as one text."""
    return frozenset(words.split())


# --- titles ----------------------------------------------------------------------------------

_RETRACTED = re.compile(r"\s*\W?(retracted|withdrawn)(\s+article)?\W*:\s*", re.IGNORECASE)
_ADDED = re.compile(  # what databases add in brackets: "[see comment]", "[45 refs]", "[Erratum appears in ...]"
    r"\W*\(\s*(?:(?:structured|provisional) abstract|(?:cochrane )?review|author.?s.? transl(?:ation)?|letter)\s*\)"
    r"|\W*\[\s*(?:(?:see comments?|comment|review|erratum|corrected|retraction|\d+ refs|in process|abstract)\b[^\]]*"
    r"|(?:article )?(?:in )?(?:arabic|chinese|croatian|czech|danish|dutch|english|finnish|french|german|greek|hebrew"
    r"|hungarian|italian|japanese|korean|norwegian|persian|polish|portuguese|romanian|russian|serbian|slovak"
    r"|spanish|swedish|turkish|ukrainian)(?:[,/ ][^\]]{0,30})?)\]?",
    re.IGNORECASE,
)
_LABEL = re.compile(  # the section of a journal, set before the title: "Original article: ...", "Invited paper - ..."
    r"\W{0,2}(?:[\w&'’]+\s+){0,4}(?:papers?|articles?|competition|award|lecture|communications?|case reports?|review)"
    r"\s*(?::|\s[-\u2013\u2014])\s+(?=\w+\W+\w+\W+\w)",
    re.IGNORECASE,
)
_MARKUP = re.compile(r"</?[a-z][^<>]{0,60}>", re.IGNORECASE)
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
    if "&" in title and ";" in title:
        title = unescape(title)
    if "<" in title:
        title = _MARKUP.sub("", title)
    if _RETRACTED.match(title):
        title = _RETRACTED.sub("", title, count=1)
    if (":" in title or "-" in title or not title.isascii()) and (label := _LABEL.match(title)):
        title = title[label.end() :]
    while ("[" in title[1:] or title.endswith(")")) and (added := _ADDED.search(title, 1)):
        title = title[: added.start()] + " " + title[added.end() :]
    return words(title)


_TRANSLATED = re.compile(r"^(.{20,}?[^<>\W]{3})\s=\s(\w.{20,})$|^(.{20,}?)\W*\[(.{20,})\]\W*$")


def languages(title: str) -> tuple[str, ...]:
    """Return a title's text in each language that it is given in: "Dolor lumbar ... = Low back pain ..." gives two."""
    if not (" = " in title or "[" in title[1:]) or len(title) > _LONGEST:
        return (title,)
    found = None if _ADDED.search(title, 1) else _TRANSLATED.match(title)
    return tuple(part for part in found.groups() if part) if found else (title,)


_SPELLINGS = (  # British and American, the shorter kept
    ("ae", "e"), ("oe", "e"), ("our", "or"), ("isation", "ization"), ("ise", "ize"), ("ising", "izing"), ("yse", "yze"),
    ("centre", "center"), ("metre", "meter"), ("litre", "liter"), ("fibre", "fiber"), ("programme", "program"),
    ("ogue", "og"), ("ll", "l"), ("sulph", "sulf"), ("gement", "gment"), ("ence", "ense"), ("titre", "titer"),
)  # fmt: skip


def one_spelling(text: str) -> str:
    """Return folded text in one of the spellings of English: "haemorrhage", "tumour", "randomised", "labelled"."""
    for british, american in _SPELLINGS:
        if british in text:
            text = text.replace(british, american)
    return text


def is_generic(title: Sequence[str]) -> bool:
    """Return True for the words of a title that many works carry: "Editorial", "Front matter", or a very short one."""
    if len(title) > _FEW_LETTERS // 2:  # no need to look at most of them
        return False
    folded = " ".join(title)
    return len(title) <= _FEW_WORDS or len(folded) <= _FEW_LETTERS or bool(len(title) <= 8 and _GENERIC.match(folded))


_COUNTED = "one two three four five six seven eight nine ten eleven twelve"
_LATIN = "i ii iii iv v vi vii viii ix x xi xii xiii xiv xv"
NUMBER_WORDS = {word: str(n) for n, word in enumerate(_COUNTED.split(), start=1)}
PART_WORDS = listed(
    "part phase chapter study volume number section report type class grade stage teil paper article lesson"
)
_ROMAN = {word: n for n, word in enumerate(_LATIN.split(), start=1)}
_ANYWHERE = frozenset(("ii", "iii", "vii", "viii", "xii", "xiii"))  # the others are words and initials, too: "IV", "vi"
_DIGITS = re.compile(r"\d+")
_MISREAD = re.compile(r"(?=.{6})[a-z]+[015][a-z]+")  # "c1inical": a letter that was read as a digit


def roman(word: str) -> int:
    """Return the number that a word writes in Roman numerals, up to fifteen, or 0."""
    return _ROMAN.get(word, 0)


def number_words(title: Sequence[str]) -> tuple[str, ...]:
    """Return the numbers in a title's words, in order: what tells part I from part II.

    Roman numerals and words count: "phase II" and "phase two" give "2"; "part B" gives "b".
    """
    found: list[str] = []
    for place, word in enumerate(title):
        after_part = place > 0 and title[place - 1] in PART_WORDS
        if word in NUMBER_WORDS:
            found.append(NUMBER_WORDS[word])
        elif word in _ROMAN and (after_part or word in _ANYWHERE):
            found.append(str(_ROMAN[word]))
        elif after_part and len(word) == 1:
            found.append(word)
        elif not word.isalpha() and not _MISREAD.fullmatch(word):
            found += _DIGITS.findall(word)
    return tuple(found)


_AFTER = r"\s*(?:[:.\-\u2013\u2014]|\bto\b|$)"
_KINDS = (
    # what a piece about another publication says of itself -> how it begins, or ends
    ("correction", rf"(?:published |author |publisher )?(?:errat(?:a|um)|corrigend(?:a|um)|corrections?){_AFTER}"),
    ("correction", r".{20,}(?:\W(?:errat(?:a|um)|corrigendum|correction)\W*$|\(vol\.? ?\d+,? (?:pg?|art|pages?)\b)"),
    ("correction", r".{20,}\([^()]{2,80}\(\d{4}\)[ :,]*\d+[ :,]*\([^)]*\)[^()]*\)\W*$"),  # (Spine (2009) 36 (42-44))
    ("retraction", rf"(?:notice of )?retraction(?: note| notice)?{_AFTER}|expression of concern\b"),
    ("comment", r"(?:editorial |invited )?comment(?:s|ary)?(?: on\b|\s*:)|re:"),
    ("comment", r".{20,}\W(?:comment|commentary)\W*$"),
    ("reply", r"(?:in |the )?(?:authors?['\u2019]?s?['\u2019]? )?(?:reply|response)(?: to\b| by\b|\s*:)"),
    ("reply", r".{20,}\W(?:reply|(?:authors?|editors?)['\u2019]?s?['\u2019]? response)\W*$"),
)
_PATTERNS = tuple((kind, re.compile(rf"\W*(?:{pattern})", re.IGNORECASE)) for kind, pattern in _KINDS)
_HINTS = ("errat", "corri", "correction", "retraction", "concern", "comment", "re:", "reply", "response", "(vol")
_PLACE = re.compile(r"\(\d{4}\)[ :,]*\d+[ :,]*\(")  # "(2009) 36 ("
_HINT = re.compile("|".join((*map(re.escape, _HINTS), _PLACE.pattern)), re.IGNORECASE)
_NOTICE = re.compile(r"\[(?:published )?(?:errat(?:a|um)|corrigend(?:a|um)|corrections?)\]\W*$", re.IGNORECASE)
_ABOUT = re.compile(  # what a piece about another publication puts around that one's title
    r"^\W*(?:(?:published |author |publisher )?(?:errat(?:a|um)|corrigend(?:a|um)|corrections?)(?: to| for)?\b\W*)"
    r"|\W*\((?:vol\.? ?\d+,?|[^()]{2,80}\(\d{4}\)[ :,]*\d+)[^()]*(?:\([^()]*\)[^()]*)?\)?\W*$",
    re.IGNORECASE,
)


def about(title: str) -> str:
    """Return the title of the publication that a correction is about: "Erratum: X (vol 12, pg 3, 2009)" gives "X"."""
    return _ABOUT.sub("", title[:_LONGEST]) or title


def kind_of_title(title: str) -> str:
    """Return "correction", "retraction", "comment" or "reply" where a title says so, else ''."""
    if len(title) > _LONGEST or not _hints(title):
        return ""
    if "]" in title and _NOTICE.search(title):
        return "correction"
    while "[" in title[1:] and (added := _ADDED.search(title, 1)):
        title = title[: added.start()] + " " + title[added.end() :]
    return next((kind for kind, pattern in _PATTERNS if pattern.match(title)), "")


def _hints(title: str) -> bool:
    """Return True where a title may say that it is about another publication.

    Every title is asked, and one pattern takes ten times as long as looking for words where case is plain.
    """
    if not title.isascii():
        return _HINT.search(title) is not None
    return any(map(title.lower().__contains__, _HINTS)) or ("(" in title and _PLACE.search(title) is not None)


# --- numbers and identifiers -------------------------------------------------------------------

_NUMBER = re.compile(r"\d+")
_DOI = re.compile(r"10\.\d[\d.]*/\S+")


def number_key(text: str) -> str:
    """Return the number in a volume or issue: "Vol. 012" gives "12", "Suppl" its words; '' for none."""
    if not text or text.isdecimal():
        return text.lstrip("0")
    found = _NUMBER.search(text)
    return found[0].lstrip("0") if found else " ".join(words(text))


_MONTH = re.compile(
    r"\W*(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|spring|summer|autumn|fall|winter)[a-z]*\b", re.IGNORECASE
)


_SUPPLEMENT = re.compile(r"\W*s\W?\d{0,2}\W*$", re.IGNORECASE)  # "S1", "s2"


def issue_key(text: str) -> str:
    """Return the number of an issue as `number_key`, '' for a month, "suppl" for any supplement."""
    if not text or text.isdecimal():
        return text.lstrip("0")
    if "upp" in text.lower() or _SUPPLEMENT.match(text):
        return "suppl"
    return "" if _MONTH.match(text) else number_key(text)


def doi_key(doi: str) -> str:
    """Return a DOI in lower case without resolver and trailing punctuation, or '' when it is none."""
    found = _DOI.search(unquote(doi).lower())
    if not found:
        return ""
    key = found[0].rstrip(".,;:")
    return key[:-1] if key.endswith(")") and key.count("(") < key.count(")") else key


def digits_key(text: str) -> str:
    """Return the digits of a PMID or PMCID without leading zeros, or ''."""
    if text.isascii() and (not text or text.isdecimal()):
        return text.lstrip("0")
    return "".join(c for c in text if c.isdecimal() and c.isascii()).lstrip("0")


def registration_key(number: str) -> str:
    """Return a study registration number without blanks and punctuation, in capitals."""
    return "".join(c for c in number.upper() if c.isalnum())
