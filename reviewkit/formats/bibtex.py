"""BibTeX and BibLaTeX as reference managers and databases really write it, read tolerantly."""

import re
from collections.abc import Iterator
from typing import IO

from reviewkit.formats import bibtex_fields as names
from reviewkit.formats.bibtex_names import read_names
from reviewkit.formats.bibtex_scan import RawEntry, scan
from reviewkit.formats.clean import clean, clean_list, join_paragraphs
from reviewkit.formats.identifiers import (
    doi_in,
    issns_in,
    labelled_ids,
    pmcid_in,
    pmid_in,
    registrations_in,
    written_date,
    year_in,
)
from reviewkit.formats.latex import bare, decode, decode_address, split_outside_groups
from reviewkit.formats.lines import Lines
from reviewkit.formats.own_fields import restore
from reviewkit.model.citation import Citation, Finding

_EID = re.compile(r"\beid=(2-s2\.0-\d+)")
_WEB_OF_SCIENCE = re.compile(r"(?:WOS|ISI|MEDLINE|BIOSIS|CSCD|KJD|RSCI|SCIELO):\w{6,30}")
_RANGE = re.compile(r"(?<=[\w)])\s*(?:–|—|-{1,3})\s*(?=[\w(])")
_MONTH = re.compile(r"\b(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?", re.I)
_DAY = re.compile(r"(?<!\d)(0?[1-9]|[12]\d|3[01])(?!\d)")
_ISO = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?(?:T.*)?")


def parse_bibtex(file: IO[bytes]) -> Iterator[Citation | Finding]:
    """Read BibTeX: every entry whatever its type, but not @string, @preamble and @comment.

    Text outside entries is passed over, as BibTeX does. An entry whose braces do not balance ends where a line begins
    with the next one and is kept with a doubt.
    """
    lines = Lines(file)
    count = 0
    for entry in scan(lines):
        if isinstance(entry, Finding):
            yield entry
            continue
        count += 1
        citation = _citation(entry)
        if citation.title or _identified(citation):
            for doubt in entry.doubts:
                yield Finding(doubt, line=entry.line)
            yield citation
        else:
            yield Finding("an entry with neither title nor identifier", line=entry.line, rejected=True)
    yield from lines.doubts
    if not count:
        yield Finding("no entry found: nothing begins with '@article{' or its like", line=1, rejected=True)


def _identified(citation: Citation) -> bool:
    return bool(citation.doi or citation.pmid or citation.pmcid or citation.registrations or citation.accession)


def _citation(entry: RawEntry) -> Citation:
    url = _url(entry)
    year, date = _dates(entry)
    notes = join_paragraphs([part for value in entry.all(*names.NOTES) for part in _paragraphs(value)])
    pmid, pmcid = _pubmed_ids(entry, url)
    keywords, subjects = _keywords(entry)
    kind = names.KINDS.get(entry.kind, "")
    made = Citation(
        title=_title(entry),
        vernacular_title=_text(entry, "vernacular_title"),
        abstract=join_paragraphs(list(_paragraphs(entry.first(*names.ABSTRACT)))),
        authors=next(filter(None, (read_names(value) for value in entry.all(*names.PEOPLE))), ()),
        year=year,
        date=date,
        journal=_text(entry, "journal"),
        journal_abbreviation=_text(entry, "journal_abbreviation"),
        volume=_text(entry, "volume"),
        issue=_text(entry, "issue"),
        pages=_RANGE.sub("-", clean(decode_address(entry.first(*names.PAGES)))),
        doi=_doi(entry, url),
        pmid=pmid,
        pmcid=pmcid,
        registrations=_registrations(entry),
        issns=issns_in(" ".join(entry.all(*names.ISSNS))),
        accession=_accession(entry, url),
        language=_text(entry, "language"),
        types=_items(entry.all(*names.TYPES)[:1], ";") or ((kind,) if kind else ()),
        keywords=keywords,
        subjects=subjects,
        publisher=_text(entry, "publisher"),
        url=url,
        notes=notes,
        status=_text(entry, "status"),
        related=_items(entry.all(*names.RELATED), ";"),
        added=_text(entry, "added"),
        line=entry.line,
    )
    own = entry.first("reviewkit")
    return restore(made, f"reviewkit {own}") if own else made


def _text(entry: RawEntry, field: str) -> str:
    value = entry.first(*names.TEXTS[field])
    return clean(decode(value)) if value else ""


def _title(entry: RawEntry) -> str:
    title = _text(entry, "title")
    subtitle = clean(decode(entry.first("subtitle")))
    if not subtitle or subtitle in title:
        return title
    return f"{title}{'' if title.endswith(('?', '!', ':', '.')) else ':'} {subtitle}" if title else subtitle


def _paragraphs(value: str) -> Iterator[str]:
    """Line ends are only where a line was full; a blank line, or \\par, begins a paragraph."""
    return (part for part in re.split(r"\n[ \t]*+\n", decode(bare(value))) if part.strip())


def _items(values: list[str], marks: str) -> tuple[str, ...]:
    """Split lists at a mark outside braces; braces keep a mark inside an item."""
    return clean_list([decode(item) for value in values for item in split_outside_groups(bare(value), marks)])


def _keywords(entry: RawEntry) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return keywords and subject headings, parted by semicolons or else by commas."""
    index = entry.all(*names.SUBJECTS)
    authors = entry.all(*names.AUTHORS_OWN)
    others = entry.all(*(name for name in names.KEYWORDS if name not in names.AUTHORS_OWN))
    if authors:
        index, others = index + others, []
    words, subjects = ([_listed(value) for value in values] for values in (authors + others, index))
    return clean_list([w for part in words for w in part]), clean_list([w for part in subjects for w in part])


def _listed(value: str) -> list[str]:
    inner = bare(value)
    parts = list(split_outside_groups(inner, ";"))
    return [decode(part) for part in (parts if len(parts) > 1 else split_outside_groups(inner, ","))]


def _dates(entry: RawEntry) -> tuple[int | None, str]:
    """Return year and date: "2024 Mar 18" from year, month and day, or from BibLaTeX's date."""
    said = clean(decode(entry.first("year")))
    iso = clean(decode(entry.first("date", "issued")))
    if iso and (not said or iso.startswith(said)):
        year = year_in(said) or year_in(iso)
        ends = [part for part in iso.split("/") if part.strip(". ")]
        return year, "-".join(_worded(part) for part in ends)
    year = year_in(said)
    month = clean(decode(entry.first("month")))
    if not month:
        return year, said
    day = clean(decode(entry.first("day")))
    word = _MONTH.search(month)
    if word is None and not month.isdecimal():
        return year, clean(f"{said} {month}")  # a season, or a part of the year in words
    if word:
        rest = month[: word.start()] + month[word.end() :]
        if _MONTH.search(rest) or "-" in rest:
            return year, clean(f"{said} {month}")  # "Jan-Feb", "1-15 Mar"
        day = day or (found.group() if (found := _DAY.search(rest)) else "")
        month = word.group(1).title()
    return year, written_date(said, month, day if day.isdecimal() else "")


def _worded(iso: str) -> str:
    found = _ISO.fullmatch(iso)
    return written_date(found[1], found[2] or "", found[3] or "") if found else iso


def _url(entry: RawEntry) -> str:
    for value in entry.all(*names.URLS):
        text = clean(decode_address(value))
        if "://" in text or text.startswith("www."):
            return text
    return ""


def _doi(entry: RawEntry, url: str) -> str:
    for value in entry.all(*names.DOI):
        if doi := doi_in(decode_address(value)):
            return doi
    if entry.first("eprinttype", "archiveprefix").lower() == "doi":
        return doi_in(decode_address(entry.first("eprint")))
    return doi_in(url) if "doi.org/" in url else ""


def _pubmed_ids(entry: RawEntry, url: str) -> tuple[str, str]:
    """Return PMID and PMCID from their fields, BibLaTeX's eprint, PubMed's address, or lines of a note."""
    pmid = next(filter(None, (pmid_in(decode_address(value)) for value in entry.all(*names.PMID))), "")
    pmcid = next(filter(None, (pmcid_in(f" {_as_pmcid(value)}") for value in entry.all(*names.PMCID))), "")
    kind, number = entry.first("eprinttype", "archiveprefix").lower(), entry.first("eprint")
    if kind in ("pubmed", "pmid"):
        pmid = pmid or pmid_in(number)
    elif kind in ("pmc", "pmcid", "pubmed central"):
        pmcid = pmcid or pmcid_in(_as_pmcid(number))
    if not pmid and "pubmed" in url and "ncbi.nlm.nih.gov" in url:
        pmid = pmid_in(url)
    if not (pmid and pmcid) and (noted := "\n".join(entry.all(*names.NOTES))):
        told = labelled_ids(re.sub(r"(?<=\d)[;,.][ \t]", "\n", decode_address(noted)))
        pmid, pmcid = pmid or told[0], pmcid or told[1]
    return pmid, pmcid


def _as_pmcid(value: str) -> str:
    text = decode_address(value).strip()
    return f"PMC{text}" if text.isdecimal() else text


def _registrations(entry: RawEntry) -> tuple[str, ...]:
    said = entry.all(*names.REGISTRATIONS)
    return registrations_in(" ".join(said)) or _items(said, ";")


def _accession(entry: RawEntry, url: str) -> str:
    for value in entry.all(*names.ACCESSION):
        if text := clean(decode_address(value)):
            return text
    if found := _EID.search(url):  # Scopus names its number only in the address
        return found.group(1)
    if found := _WEB_OF_SCIENCE.fullmatch(entry.key):
        return found.group()
    arxiv = entry.first("eprinttype", "archiveprefix").lower() == "arxiv"
    return f"arXiv:{clean(decode_address(entry.first('eprint')))}" if arxiv and entry.first("eprint") else ""
