"""What a rule saw, in words: what agrees, what differs, and for an unsure pair what is missing."""

from reviewkit.model.duplicates.fingerprint import Fingerprint
from reviewkit.model.duplicates.likeness import AGREE, DIFFER, SILENT, Likeness
from reviewkit.model.duplicates.pages import PageSign
from reviewkit.model.matches import Judgement
from reviewkit.model.runs import database_label


def evidence(seen: Likeness, said: Judgement) -> str:
    """Say in words what a rule saw of two citations, in the order of their ids."""
    one, other = sorted((seen.one, seen.other), key=lambda print_: print_.id)
    facts = (
        ("PMID", seen.pmid, one.pmid, other.pmid),
        ("DOI", seen.doi, one.doi, other.doi),
        ("PMCID", seen.pmcid, f"PMC{one.pmcid}", f"PMC{other.pmcid}"),
        ("accession number", seen.accession, _accession(one), _accession(other)),
        ("registration", seen.registration, _some(one.registrations, other), _some(other.registrations, one)),
        ("year", seen.year, str(one.year), str(other.year)),
        ("first author", seen.author, one.author, other.author),
        ("journal", seen.journal, one.journal, other.journal),
        ("volume", seen.volume, one.volume, other.volume),
        ("issue", seen.issue, one.issue, other.issue),
        ("first page", seen.page, _page(one), _page(other)),
    )
    bare = ("journal", "first author")  # folded for comparison, these names look misspelt
    agree = [name if name in bare else f"{name} {left}" for name, sign, left, _ in facts if sign is AGREE]
    agree += ["abstract"] if seen.abstract is AGREE else []
    differ = [f"{name} {left} and {right}" for name, sign, left, right in facts if sign is DIFFER]
    differ += ["abstract"] if seen.abstract is DIFFER else []
    silent = [name for name, sign, _, _ in facts if sign is SILENT and name in ("year", "first author", "journal")]
    parts = [str(seen.titles.value)]
    if agree:
        parts.append("same " + ", ".join(agree))
    if seen.pages in (PageSign.OVERLAP, PageSign.SLIP):
        parts.append(f"{seen.pages.value}, {_pages(one)} and {_pages(other)}")
    if seen.kinds_differ:
        parts.append("one is a " + " and the other a ".join(sorted(k for k in (one.kind, other.kind) if k)))
    if differ:
        parts.append("different " + ", ".join(differ))
    if said is Judgement.UNSURE and silent:
        parts.append(f"{', '.join(silent)} not given by one or both")
    return "; ".join(parts)


def _accession(print_: Fingerprint) -> str:
    database, _, number = print_.accession.partition(" ")
    return f"{number} in {database_label(database)}"


def _page(print_: Fingerprint) -> str:
    return f"{print_.pages.letters}{print_.pages.first}" if print_.pages else ""


def _pages(print_: Fingerprint) -> str:
    first, last = _page(print_), print_.pages.last if print_.pages else 0
    return first if not print_.pages or last == print_.pages.first else f"{first}-{last}"


def _some(numbers: frozenset[str], other: Fingerprint) -> str:
    return min(numbers & other.registrations or numbers, default="")
