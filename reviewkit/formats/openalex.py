"""Works of OpenAlex in JSON: an answer of its API, one work, or a list of works.

Fields: https://developers.openalex.org/api-reference/works
"""

import re
from collections.abc import Iterator
from typing import IO, Any

from reviewkit.formats.authors import is_et_al
from reviewkit.formats.clean import clean, clean_list
from reviewkit.formats.drafts import citation
from reviewkit.formats.identifiers import doi_in, issns_in, pmid_in, written_date, year_in
from reviewkit.formats.json_entries import json_citations, table_of, tables_of, text_of, texts_of
from reviewkit.model.citation import Citation, Finding

_LONGEST = 100_000  # words of an abstract; more is no abstract, and hostile text must not fill the memory
_PMCID = re.compile(r"(?:PMC)?(\d{1,9})/?\Z", re.I)
_PARTICLES = frozenset(
    ("da", "das", "de", "del", "della", "den", "der", "di", "do", "dos", "du", "el", "la", "le", "ter", "van", "von")
)
_SUFFIXES = frozenset(("jr", "jr.", "sr", "sr.", "ii", "iii", "iv"))


def parse_openalex(file: IO[bytes]) -> Iterator[Citation | Finding]:
    """Read a list of works (an answer of /works), a single work, or a bare list of works."""
    return json_citations(file, "results", read=_citation, alone="id")


def accession_of(work: dict[str, Any]) -> str:
    """Return OpenAlex's own number of a work, "W2741809807", or ''."""
    return text_of(work.get("id")).rpartition("/")[2]


def _citation(work: dict[str, Any], line: int) -> Citation:
    ids = table_of(work.get("ids"))
    place = table_of(work.get("primary_location"))
    source = table_of(place.get("source"))
    biblio = table_of(work.get("biblio"))
    date = text_of(work.get("publication_date"))
    year = year_in(text_of(work.get("publication_year"))) or year_in(date)
    accession = accession_of(work)
    types = [text_of(work.get("type"))]
    if work.get("is_retracted") is True:
        types.append("Retracted Publication")  # PubMed's word for the same, so that one rule finds it
    return citation(
        {
            "title": text_of(work.get("title")) or text_of(work.get("display_name")),
            "abstract": abstract_of(work.get("abstract_inverted_index")),
            "authors": _authors(work),
            "year": year,
            "date": _date(date, year),
            "journal": text_of(source.get("display_name")) or text_of(place.get("raw_source_name")),
            "volume": text_of(biblio.get("volume")),
            "issue": text_of(biblio.get("issue")),
            "pages": _pages(text_of(biblio.get("first_page")), text_of(biblio.get("last_page"))),
            "doi": doi_in(text_of(work.get("doi")) or text_of(ids.get("doi"))),
            "pmid": pmid_in(text_of(ids.get("pmid"))),
            "pmcid": _pmcid(text_of(ids.get("pmcid"))),
            "issns": issns_in(" ".join((text_of(source.get("issn_l")), *texts_of(source.get("issn"))))),
            "accession": accession,
            "language": text_of(work.get("language")),
            "types": clean_list(types),
            "keywords": clean_list([text_of(word.get("display_name")) for word in tables_of(work.get("keywords"))]),
            "subjects": _subjects(work),
            "publisher": text_of(source.get("host_organization_name")),
            "url": text_of(place.get("landing_page_url")) or text_of(work.get("id")),
            "added": _day(text_of(work.get("created_date"))),
            "line": line,
        }
    )


def abstract_of(index: object) -> str:
    """Return the text whose words an inverted index (word -> its places) holds."""
    if not isinstance(index, dict):
        return ""
    placed: list[tuple[int, str]] = []
    for word, places in index.items():
        if isinstance(places, list) and isinstance(word, str):
            placed += [(place, word) for place in places[:_LONGEST] if type(place) is int]
        if len(placed) > _LONGEST:
            break
    text = clean(" ".join(word for _, word in sorted(placed)))
    return text.removeprefix("Abstract ") if text.startswith("Abstract ") else text


def _authors(work: dict[str, Any]) -> tuple[str, ...]:
    """Return the names as "Family, Given"; OpenAlex writes them "Given Family"."""
    named = []
    for authorship in tables_of(work.get("authorships")):
        author = table_of(authorship.get("author"))
        named.append(_turned(text_of(authorship.get("raw_author_name")) or text_of(author.get("display_name"))))
    return tuple(name for name in clean_list(named) if not is_et_al(name))


def _turned(name: str) -> str:
    """Return "van der Berg, Anna B." for "Anna B. van der Berg"; a name of one word, or with a comma, stays."""
    words = name.split(" ")
    if "," in name or len(words) < 2 or any(map(_is_of_a_group, words)):
        return name
    end = len(words) - 1
    suffix = f", {words[end]}" if words[end].lower() in _SUFFIXES and end > 1 else ""
    end -= bool(suffix)
    begin = end
    while begin > 1 and words[begin - 1].lower() in _PARTICLES:
        begin -= 1
    return f"{' '.join(words[begin : end + 1])}, {' '.join(words[:begin])}{suffix}"


def _is_of_a_group(word: str) -> bool:
    return word.strip("().").lower() in (
        "group", "consortium", "investigators", "collaboration", "network", "committee", "team", "society", "trial",
        "study", "and", "for", "of", "the", "on",
    )  # fmt: skip


def _pages(first: str, last: str) -> str:
    return f"{first}-{last}" if first and last and last != first else first


def _date(day: str, year: int | None) -> str:
    """Return the day as PubMed writes it; OpenAlex gives 1 January for what it knows the year of alone."""
    parts = day.split("-")
    if len(parts) != 3 or year_in(parts[0]) != year or parts[1:] == ["01", "01"]:
        return str(year) if year else ""
    return written_date(*parts)


def _day(text: str) -> str:
    return text[:10] if re.fullmatch(r"\d{4}-\d\d-\d\d(?:T.*)?", text) else ""


def _pmcid(text: str) -> str:
    """Return the PMCID of "https://www.ncbi.nlm.nih.gov/pmc/articles/5815332", which has lost its letters."""
    found = _PMCID.search(text.rstrip("/").rpartition("/")[2])
    return f"PMC{found.group(1)}" if found else ""


def _subjects(work: dict[str, Any]) -> tuple[str, ...]:
    """Return the MeSH headings as "Descriptor/qualifier"; they come with the works that PubMed holds."""
    headings = (
        "/".join(filter(None, (text_of(term.get("descriptor_name")), text_of(term.get("qualifier_name")))))
        for term in tables_of(work.get("mesh"))
    )
    return clean_list(list(headings))
