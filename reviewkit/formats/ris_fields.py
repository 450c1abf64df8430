"""What a RIS entry says in each field, whichever program wrote it."""

import re
from functools import lru_cache

from reviewkit.formats import ris_tags as tags
from reviewkit.formats.authors import is_et_al
from reviewkit.formats.clean import clean
from reviewkit.formats.copyright_line import is_copyright
from reviewkit.formats.identifiers import (
    article_number,
    doi_in,
    is_registration,
    issns_in,
    present,
    registrations_in,
    written_date,
    year_in,
)
from reviewkit.formats.ris_ids import is_address
from reviewkit.formats.tagged import TaggedEntry

NO_TYPE = "?"  # of an entry that lost its TY line

_ADDRESSES = re.compile(r"(?:\s+and)?[\s;]{1,9}(?=https?://)")  # several under one UR; the first is the record's
_NO_PAGES = re.compile(r"no(?: pagination)?(?:-| specified)?", re.I)  # Ovid parts "No Pagination Specified" in two
_ISSUE = re.compile(r"\d{1,4}(?:\s?[-/]\s?\d{1,4})?|(?:\d{1,4}\s)?(?:suppl?|part|pt|spec)\b.{0,30}", re.I)
_ARTICLE = re.compile(r"(?:art(?:icle)?\.?\s*(?:no\.?)?\s*)?(e?\d{5,9}|e\d{1,9})", re.I)
_JOURNALS = ("JOUR", "EJOUR")
_SLASHED = re.compile(r"(\d{4})/([A-Za-z]{3,9}|\d{0,2})/?(\d{0,2})/?(.*)")
# The National Library of Medicine's codes of journals, "b6e, 9439514", which Ovid writes under M1 and Zotero as issue.
_CODES = re.compile(r"(?:\w{2,4}, ?)?\d{7,9}[a-z]?(?:, ?\w{2,9})*", re.I)
_WEEKS = 53  # no journal numbers its issues higher within a year, and few otherwise
_LABELLED_DOI = re.compile(r"\s*doi\s*:", re.I)
_BARE_DOI = re.compile(r"\s*(?:doi\s*:\s*)?10\.\d{4}", re.I)
_CLASSIFIED = re.compile(r".*\[\d{4}\]")  # PsycINFO's subject classes, which Ovid writes as a type
_STAR = re.compile(r"^\*|(?<=/)\*")  # of a major subject heading
_DOIS = frozenset(tags.DOI)
_LINKS = frozenset(tags.LISTS["addresses"])
Names = tuple[str, ...]
_EMPTY = 4  # characters of the longest word for nothing
_SHORT = 100  # characters; what is longer does not come again and again, and is not kept in mind


class RisEntry(TaggedEntry):
    """One entry with the type that its TY line gave.

    `small` when its tags are in lower case, `strict` when its TY line is written by the book.
    """

    __slots__ = ("kind", "small", "strict")

    def __init__(self, line: int, kind: str, odd: frozenset[str] | None = None, *, strict: bool = True) -> None:
        TaggedEntry.__init__(self, line, odd)  # not by super(), which costs more than the rest
        self.kind = kind
        self.small = False
        self.strict = strict


# Each of these reads one field. `names` are those of the field's tags that the entry has, the preferred one first.


def notes(entry: RisEntry, names: Names) -> str:
    """Return the notes, one a line."""
    return "\n".join(entry.cleaned(_lines(entry, entry.all(*names))))


def _lines(entry: RisEntry, values: list[str]) -> list[str]:
    return "\n".join(values).split("\n") if "\n" in entry.signs else values


def journal(entry: RisEntry, title: str) -> tuple[str, str]:
    """Return the journal's or book's name, and its abbreviation."""
    fields, first = entry.fields, entry.first
    for full in tags.JOURNAL:
        if full in fields and (name := first(full)):
            if full == "BT" and not first("TI", "T1"):
                name = ""  # a whole book, whose title this is
            return name, first(*[tag for tag in tags.ABBREVIATION if tag != full and tag in fields])
    short = first(*tags.ABBREVIATION)
    if not short and "TI" in fields and "T1" in fields:
        other = first("T1")  # some converters keep the journal there; others the title once more, cut short
        if title and entry.kind in _JOURNALS and other[:15].lower() != title[:15].lower():
            return other, ""
    return short, short


def address(entry: RisEntry, names: Names) -> str:
    """Return the first address on the web; local files and "<Go to ISI>" are none."""
    for name in names:
        for text in entry.cleaned(_lines(entry, entry.fields[name])):
            if is_address(text):
                return _ADDRESSES.split(text)[0] if " " in text or ";" in text else text
    return ""


def abstract(entry: RisEntry, names: Names) -> str:
    """Return the abstract, with its paragraphs."""
    for name in names:
        text = "\n".join(entry.cleaned(_lines(entry, entry.fields[name])))
        if (len(text) > _EMPTY or present(text)) and not is_copyright(text):  # R's programs write "NA"
            return text
    return ""


def authors(entry: RisEntry, _names: Names) -> tuple[str, ...]:
    """Return the authors; of whole works that name none, the editors."""
    groups = (tags.AUTHORS, *tags.EDITORS) if entry.kind in tags.WHOLE_WORKS else (tags.AUTHORS,)
    for group in groups:
        texts = entry.all(*group)
        # CENTRAL names a register's entry by its number: "NCT01234567" is no author.
        if known := tuple(
            [
                name
                for text in (texts if entry.plain else entry.cleaned(texts))
                if (name := text.lstrip(" ").rstrip(",; "))
                and (", " in name or not (is_et_al(name) or is_registration(name)))
            ]
        ):
            return known
    return ()


def issns(entry: RisEntry, names: Names) -> tuple[str, ...]:
    """Return the ISSNs."""
    text = " ".join(entry.all(*names))
    return _known_issns(text) if len(text) < _SHORT else issns_in(text)


_known_issns = lru_cache(maxsize=1000)(issns_in)  # journals come again and again


def types(entry: RisEntry) -> tuple[str, ...]:
    """Return the publication types: as said, else what the entry's TY line means."""
    said = tuple(entry.all("M3"))
    if "PT" in entry:
        said += tuple([part for text in entry.all("PT") for part in text.split(";")])
    found = _known_types(said) if sum(map(len, said)) < _SHORT else _types(said)
    kind = tags.TYPES.get(entry.kind)
    return found or ((kind,) if kind else ())


def _types(said: tuple[str, ...]) -> tuple[str, ...]:
    found = [text for text in map(clean, said) if text and not doi_in(text)]
    return tuple(dict.fromkeys([text for text in found if not (text[-1] == "]" and _CLASSIFIED.fullmatch(text))]))


_known_types = lru_cache(maxsize=1000)(_types)


def keywords(entry: RisEntry, names: Names) -> tuple[str, ...]:
    """Return the keywords, each once."""
    words = _lines(entry, entry.all(*names))
    if len(words) == 1:  # some programs write all in one, parted by semicolons
        words = words[0].split(";")
    if "*" in entry.signs:
        words = [_STAR.sub("", word.lstrip()) for word in words]
    return tuple(dict.fromkeys(entry.cleaned(words)))


def date(entry: RisEntry, names: Names) -> tuple[str, int | None]:
    """Return the fullest date, RIS's "2024/03/18/other" in PubMed's wording "2024 Mar 18", and the year."""
    if names == ("PY",):
        text = entry.first("PY")
        if len(text) == 4 and text.isdecimal() and text[:2] in ("19", "20"):
            return text, int(text)
    said = {name: entry.first(name) for name in names}
    year = next((text for tag in tags.YEAR if tag in said and (text := said[tag])), "")
    dates = tuple([text for tag in tags.DATE if tag in said and (text := said[tag].strip("/ "))])
    return _known_date(year, dates) if sum(map(len, dates)) + len(year) < _SHORT else _date(year, dates)


def _date(said: str, dates: tuple[str, ...]) -> tuple[str, int | None]:
    year = year_in(said)
    fullest = next((text for text in dates if len(text) != 4 or not text.isdecimal()), dates[0] if dates else "")
    if "/" in fullest and (slashed := _SLASHED.fullmatch(fullest)):
        began, month, day, other = slashed.groups()
        if other.lower() == "undefined" or not any(c.isalpha() for c in other):  # of Zotero and of a ProQuest filter
            fullest = written_date(began, month, day)
        else:  # a season, or the date in words
            fullest = other if year_in(other) else f"{began} {other}"
    elif year and len(fullest) != 4 and year_in(fullest) is None and fullest:
        fullest = f"{year} {fullest.title() if fullest.isupper() else fullest}"  # of Web of Science, EndNote: "SEP"
    return fullest, year or year_in(fullest)


_known_date = lru_cache(maxsize=4000)(_date)  # ten years of days


def issue(entry: RisEntry, names: Names) -> str:
    """Return the issue; not the running number that EndNote libraries write in its place, the same as their ID."""
    if names == ("IS",) and "ID" not in entry.fields and "LB" not in entry.fields:
        text = entry.first("IS")
        if text.isdecimal() and len(text) <= _EMPTY:
            return text
    said = [text for tag in tags.TEXTS["issue"] if tag in entry.fields for text in entry.cleaned(entry.fields[tag])]
    if not said:
        other = entry.first("M1")  # of EndNote; elsewhere affiliations, references, the day of the search
        return other if other and _ISSUE.fullmatch(other) else ""
    own = entry.first("ID", "LB")
    codes = [text for text in said if len(text) > 6 and _CODES.fullmatch(text)]
    if codes and not _is_ovids(entry):
        codes = []
    for text in said:
        if text in codes or (len(text) <= _EMPTY and not present(text)):
            continue
        if text != own or (len(said) == 1 and not (text.isdecimal() and int(text[:9]) > _WEEKS)):
            return text
    return ""


def pages(entry: RisEntry, _names: Names) -> str:
    """Return first and last page, or the article's number."""
    fields = entry.fields
    first = entry.first("SP") if "SP" in fields else ""
    last = entry.first("EP") if "EP" in fields else ""
    if first and not first[0].isdecimal() and _NO_PAGES.fullmatch(first):
        first = last = ""
    if first and last and first != last and "-" not in first:
        return f"{first}-{last}"
    if first or last:
        return first or last
    number = entry.first(*tags.TEXTS["article_number"])
    if number and not registrations_in(number):
        return article_number(number)
    for tag in ("M1", "SE"):  # older Scopus; EndNote
        if tag in fields and (found := _ARTICLE.fullmatch(entry.first(tag))) and not _is_ovids(entry):
            return found.group(1)
    return ""


def _is_ovids(entry: RisEntry) -> bool:
    return any("ovid" in text.lower() for text in entry.all("DB", "DP", "VN", *tags.LISTS["addresses"]))


def doi(entry: RisEntry, names: Names) -> str:
    """Return the DOI, from its own tag or one that programs hide it in."""
    fields = entry.fields
    for name in names:
        if name in _DOIS:
            for text in fields[name]:
                if (name not in _LINKS or "doi.org/" in text) and (found := doi_in(text)):
                    return found
    for name, label in (("N1", _LABELLED_DOI), ("ID", _BARE_DOI)):
        if name in fields:
            for text in fields[name]:
                if label.match(text):
                    return doi_in(text)
    return ""
