"""What of a citation is compared, normalised once, and the keys that bring together citations that may be one."""

from collections.abc import Iterator
from dataclasses import dataclass

from reviewkit.model import text
from reviewkit.model.citation import Citation

START = 40  # letters: two titles that begin alike for this long may be one title and its cut-off copy

_NOTICES = {  # publication types, as databases report them, that make an entry a piece about another publication
    "published erratum": "correction", "erratum": "correction", "correction": "correction", "corrigendum": "correction",
    "retraction of publication": "retraction", "retraction notice": "retraction", "expression of concern": "retraction",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """The comparable facts of one citation; '' , () or None where the source did not say.

    `titles` holds the words of the title and of the vernacular title, as far as given.
    """

    id: int
    titles: tuple[tuple[str, ...], ...]
    generic: bool
    kind: str
    author: tuple[str, ...]  # the first one's family name in words
    authors: frozenset[str]  # the words of all family names
    year: int | None
    journal: tuple[str, ...]
    issns: frozenset[str]
    volume: str
    issue: str
    page: str
    doi: str
    pmid: str
    pmcid: str
    registrations: frozenset[str]
    registered: bool  # a register's own entry, not an article


def fingerprint(citation: Citation) -> Fingerprint:
    """Normalise a citation for comparison."""
    given = (text.title_words(citation.title), text.title_words(citation.vernacular_title))
    titles = tuple(dict.fromkeys(title for title in given if title))
    notices = [_NOTICES[t.lower()] for t in citation.types if t.lower() in _NOTICES]
    author = text.author_words(citation.first_author) if citation.authors else ()
    return Fingerprint(
        id=citation.id,
        titles=titles,
        generic=bool(titles) and text.is_generic(titles[0]),
        kind=notices[0] if notices else text.kind_of_title(citation.title),
        author=author,
        authors=frozenset(word for name in citation.authors for word in text.author_words(name)),
        year=citation.year,
        journal=text.journal_words(citation.journal or citation.journal_abbreviation),
        issns=frozenset(issn.replace("-", "").upper() for issn in citation.issns),
        volume=text.number_key(citation.volume),
        issue=text.number_key(citation.issue),
        page=text.first_page(citation.pages),
        doi=text.doi_key(citation.doi),
        pmid=text.digits_key(citation.pmid),
        pmcid=text.digits_key(citation.pmcid),
        registrations=frozenset(filter(None, map(text.registration_key, citation.registrations))),
        registered=citation.is_register_entry,
    )


def keys(print_: Fingerprint) -> Iterator[str]:
    """Yield the keys of a citation; two citations are compared when they share one.

    A title that many works carry counts only together with year and volume, so that
    a thousand editorials are not compared with each other.
    """
    if print_.registered:
        yield from (f"registration {number}" for number in sorted(print_.registrations))
    if print_.doi:
        yield f"doi {print_.doi}"
    if print_.pmid:
        yield f"pmid {print_.pmid}"
    if print_.pmcid:
        yield f"pmcid {print_.pmcid}"
    for title in print_.titles:
        letters = "".join(title)
        if print_.generic:
            yield f"title {letters} {print_.year} {print_.volume}"
        else:
            yield f"title {letters}"
            if len(letters) >= START:
                yield f"start {letters[:START]}"
    if print_.author and print_.volume:
        if print_.page:
            yield f"place {print_.volume} {print_.page} {print_.author[-1][:4]}"
        if print_.issue:
            yield f"issue {print_.year} {print_.volume} {print_.issue} {print_.author[-1][:4]}"
