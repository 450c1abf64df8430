"""One entry of a RIS file turned into a citation, whichever program wrote it."""

import re
from functools import lru_cache

from reviewkit.formats import ris_tags as tags
from reviewkit.formats.authors import is_et_al
from reviewkit.formats.identifiers import (
    article_number,
    doi_in,
    is_registration,
    issns_in,
    registrations_in,
    written_date,
    year_in,
)
from reviewkit.formats.ris_ids import accession_of, identifiers_of, is_address
from reviewkit.formats.tagged import TaggedEntry
from reviewkit.model.citation import Citation

NO_TYPE = "?"  # of an entry that lost its TY line

_ADDRESSES = re.compile(r"(?:\s+and)?[\s;]{1,9}(?=https?://)")  # several under one UR; the first is the record's
_NO_PAGES = re.compile(r"no(?: pagination)?(?:-| specified)?", re.I)  # Ovid parts "No Pagination Specified" in two
_ISSUE = re.compile(r"\d{1,4}(?:\s?[-/]\s?\d{1,4})?|(?:\d{1,4}\s)?(?:suppl?|part|pt|spec)\b.{0,30}", re.I)
_ARTICLE = re.compile(r"(?:art(?:icle)?\.?\s*(?:no\.?)?\s*)?(e?\d{5,9}|e\d{1,9})", re.I)
_JOURNALS = ("JOUR", "EJOUR")
_SLASHED = re.compile(r"(\d{4})/([A-Za-z]{3,9}|\d{0,2})/?(\d{0,2})/?(.*)")
_WEEKS = 53  # no journal numbers its issues higher within a year, and few otherwise
_LABELLED_DOI = re.compile(r"\s*doi\s*:", re.I)
_BARE_DOI = re.compile(r"\s*(?:doi\s*:\s*)?10\.\d{4}", re.I)
_CLASSIFIED = re.compile(r".*\[\d{4}\]")  # PsycINFO's subject classes, which Ovid writes as a type
_STAR = re.compile(r"^\*|(?<=/)\*")  # of a major subject heading


class RisEntry(TaggedEntry):
    """One entry with the type that its TY line gave.

    `small` when its tags are in lower case, `strict` when its TY line is written by the book.
    """

    def __init__(self, line: int, kind: str, *, small: bool = False, strict: bool = False) -> None:
        super().__init__(line)
        self.kind = kind
        self.small = small
        self.strict = strict


# field of Citation, or what several share -> the tags that may say it
_SOURCES: dict[str, tuple[str, ...]] = {
    **tags.TEXTS, **tags.LISTS, "journal": (*tags.JOURNAL, *tags.ABBREVIATION), "year": tags.YEAR, "date": tags.DATE,
    "issue": (*tags.TEXTS["issue"], "M1"), "pages": ("SP", "EP", *tags.TEXTS["article_number"], "M1", "SE"),
    "doi": (*tags.DOI, *tags.LISTS["notes"], "ID"),
    "ids": (*tags.IDENTIFIERS, *tags.LISTS["addresses"], *tags.LISTS["notes"], "M2", *tags.ACCESSION),
}  # fmt: skip


@lru_cache(maxsize=1000)
def _sayable(present: tuple[str, ...]) -> frozenset[str]:
    """Return which of _SOURCES these tags can fill. A file has few sets of tags, and most fields have no tag at all."""
    return frozenset(field for field, names in _SOURCES.items() if not set(names).isdisjoint(present))


def citation_of(entry: RisEntry) -> Citation:
    """Return what an entry says."""
    says = _sayable(tuple(entry.fields))
    first = entry.first
    date, year = _date(entry) if "date" in says else ("", None)
    title = first(*tags.TEXTS["title"]) if "title" in says else ""
    journal, abbreviation = _journal(entry, title) if "journal" in says or entry.kind in _JOURNALS else ("", "")
    notes = _notes(entry) if "notes" in says else ""
    url = _address(entry) if "addresses" in says else ""
    register = url
    if journal[:4].lower() == "http":  # CENTRAL names a register by the address of the entry
        register, journal = journal, ""
        notes = f"{notes}\n{register}".strip() if url else notes
        url = url or register
    pmid = pmcid = accession = ""
    registrations: tuple[str, ...] = ()
    if "ids" in says or register:
        pmid, pmcid, registrations = identifiers_of(entry, notes, register)
        accession = accession_of(entry, pmid, url, notes)
    return Citation(
        title=title,
        vernacular_title=first(*tags.TEXTS["vernacular_title"]) if "vernacular_title" in says else "",
        abstract=_abstract(entry) if "abstract" in says else "",
        authors=_authors(entry),
        year=year,
        date=date,
        journal=journal,
        journal_abbreviation=abbreviation,
        volume=first(*tags.TEXTS["volume"]) if "volume" in says else "",
        issue=_issue(entry) if "issue" in says else "",
        pages=_pages(entry) if "pages" in says else "",
        doi=_doi(entry) if "doi" in says else "",
        pmid=pmid,
        pmcid=pmcid,
        registrations=registrations,
        issns=_issns(" ".join(entry.all(*tags.LISTS["issns"]))) if "issns" in says else (),
        accession=accession,
        language=first(*tags.TEXTS["language"]) if "language" in says else "",
        types=_types(entry, "types" in says),
        keywords=_keywords(entry) if "keywords" in says else (),
        publisher=first(*tags.TEXTS["publisher"]) if "publisher" in says else "",
        url=url,
        notes=notes,
        line=entry.line,
    )


_issns = lru_cache(maxsize=1000)(issns_in)  # journals come again and again


def _notes(entry: RisEntry) -> str:
    return "\n".join(entry.cleaned(_lines(entry, entry.all(*tags.LISTS["notes"]))))


def _lines(entry: RisEntry, values: list[str]) -> list[str]:
    return "\n".join(values).split("\n") if "\n" in entry.signs else values


def _journal(entry: RisEntry, title: str) -> tuple[str, str]:
    """Return the journal's or book's name, and its abbreviation."""
    fields, first = entry.fields, entry.first
    for full in tags.JOURNAL:
        if full in fields and (name := first(full)):
            if full == "BT" and not first("TI", "T1"):
                name = ""  # a whole book, whose title this is
            return name, first(*(tag for tag in tags.ABBREVIATION if tag != full and tag in fields))
    short = first(*tags.ABBREVIATION)
    if not short and "TI" in fields and "T1" in fields:
        other = first("T1")  # some converters keep the journal there; others the title once more, cut short
        if title and entry.kind in _JOURNALS and other[:15].lower() != title[:15].lower():
            return other, ""
    return short, short


def _address(entry: RisEntry) -> str:
    """Return the first address on the web; local files and "<Go to ISI>" are none."""
    for tag in tags.LISTS["addresses"]:
        if tag in entry.fields:
            for text in entry.cleaned(_lines(entry, entry.fields[tag])):
                if is_address(text):
                    return _ADDRESSES.split(text)[0] if " " in text or ";" in text else text
    return ""


def _abstract(entry: RisEntry) -> str:
    for name in tags.TEXTS["abstract"]:
        if name in entry.fields and (text := "\n".join(entry.cleaned(_lines(entry, entry.fields[name])))):
            return text
    return ""


def _authors(entry: RisEntry) -> tuple[str, ...]:
    groups = (tags.AUTHORS, *tags.EDITORS) if entry.kind in tags.WHOLE_WORKS else (tags.AUTHORS,)
    for group in groups:
        names = [name.rstrip(",; ") for name in entry.cleaned(entry.all(*group))]
        # CENTRAL names a register's entry by its number: "NCT01234567" is no author.
        if known := tuple([n for n in names if n and (", " in n or not (is_et_al(n) or is_registration(n)))]):
            return known
    return ()


def _types(entry: RisEntry, said: bool) -> tuple[str, ...]:
    if said:
        types = entry.cleaned([*entry.all("M3"), *(part for text in entry.all("PT") for part in text.split(";"))])
        if types := [
            text for text in types if not doi_in(text) and not (text[-1] == "]" and _CLASSIFIED.fullmatch(text))
        ]:
            return tuple(dict.fromkeys(types))
    kind = tags.TYPES.get(entry.kind)
    return (kind,) if kind else ()


def _keywords(entry: RisEntry) -> tuple[str, ...]:
    words = _lines(entry, entry.all(*tags.LISTS["keywords"]))
    if len(words) == 1:  # some programs write all in one, parted by semicolons
        words = words[0].split(";")
    if "*" in entry.signs:
        words = [_STAR.sub("", word.lstrip()) for word in words]
    return tuple(dict.fromkeys(entry.cleaned(words)))


def _date(entry: RisEntry) -> tuple[str, int | None]:
    """Return the fullest date, RIS's "2024/03/18/other" in PubMed's wording "2024 Mar 18", and the year."""
    year = year_in(entry.first(*tags.YEAR))
    texts = [text for tag in tags.DATE if tag in entry.fields and (text := entry.first(tag).strip("/ "))]
    fullest = next((text for text in texts if len(text) != 4 or not text.isdecimal()), texts[0] if texts else "")
    if "/" in fullest and (slashed := _SLASHED.fullmatch(fullest)):
        began, month, day, other = slashed.groups()
        if other.lower() == "undefined" or not any(c.isalpha() for c in other):  # of Zotero and of a ProQuest filter
            fullest = written_date(began, month, day)
        else:  # a season, or the date in words
            fullest = other if year_in(other) else f"{began} {other}"
    elif year and len(fullest) != 4 and year_in(fullest) is None and fullest:
        fullest = f"{year} {fullest.title() if fullest.isupper() else fullest}"  # of Web of Science, EndNote: "SEP"
    return fullest, year or year_in(fullest)


def _issue(entry: RisEntry) -> str:
    """Return the issue; not the running number that EndNote libraries write in its place, the same as their ID."""
    said = [text for tag in tags.TEXTS["issue"] if tag in entry.fields for text in entry.cleaned(entry.fields[tag])]
    if not said:
        other = entry.first("M1")  # of EndNote; elsewhere affiliations, references, the day of the search
        return other if other and _ISSUE.fullmatch(other) else ""
    own = entry.first("ID", "LB")
    for text in said:
        if text != own or (len(said) == 1 and not (text.isdecimal() and int(text[:9]) > _WEEKS)):
            return text
    return ""


def _pages(entry: RisEntry) -> str:
    first, last = entry.first("SP"), entry.first("EP")
    if first and _NO_PAGES.fullmatch(first):
        first = last = ""
    if first and last and first != last and "-" not in first:
        return f"{first}-{last}"
    if first or last:
        return first or last
    number = entry.first(*tags.TEXTS["article_number"])
    if number and not registrations_in(number):
        return article_number(number)
    for tag in ("M1", "SE"):  # older Scopus; EndNote
        if tag in entry.fields and (found := _ARTICLE.fullmatch(entry.first(tag))):
            return found.group(1)
    return ""


def _doi(entry: RisEntry) -> str:
    fields = entry.fields
    for name in tags.DOI:
        if name in fields:
            for text in fields[name]:
                if (name not in tags.LISTS["addresses"] or "doi.org/" in text) and (doi := doi_in(text)):
                    return doi
    for name, label in (("N1", _LABELLED_DOI), ("ID", _BARE_DOI)):
        if name in fields:
            for text in fields[name]:
                if label.match(text):
                    return doi_in(text)
    return ""
