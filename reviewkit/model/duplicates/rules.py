"""The rules that say whether two citations are the same publication, each with its name and its reason.

A false merge costs more than a missed duplicate: a merged report is never read. So a rule says SAME only
where nothing contradicts, or where what agrees cannot agree by chance; UNSURE leaves the pair to a person.
"""

from collections.abc import Callable
from dataclasses import dataclass

from reviewkit.model.duplicates.fingerprint import Fingerprint
from reviewkit.model.duplicates.likeness import Likeness, Sign, Titles, compare
from reviewkit.model.matches import Judgement

AGREE, DIFFER, SILENT = Sign.AGREE, Sign.DIFFER, Sign.SILENT
SAME, UNSURE = Judgement.SAME, Judgement.UNSURE


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: when it is asked (`applies`), and what it says; None is "not the same, or nothing to say"."""

    name: str
    reason: str
    applies: Callable[[Likeness, Fingerprint, Fingerprint], bool]
    judge: Callable[[Likeness], Judgement | None]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the first rule that applied says of a pair, and what it saw."""

    judgement: Judgement
    rule: str
    evidence: str


def _identifier(seen: Likeness) -> Judgement | None:
    """Judge two citations that share a DOI, PMID or PMCID; whole issues share one DOI, and numbers get mistyped."""
    doubts = seen.doubts()
    if seen.kinds is DIFFER or seen.identifier_differs or seen.titles is Titles.NUMBERED:
        return UNSURE
    agreeing = (seen.doi, seen.pmid, seen.pmcid).count(AGREE)
    if seen.titles is Titles.DIFFERENT or (seen.generic and seen.titles is not Titles.SILENT):
        if seen.page is DIFFER and (seen.author is DIFFER or seen.titles is not Titles.DIFFERENT):
            return None  # two items of an issue that has one DOI
        located = seen.page is AGREE and AGREE in (seen.volume, seen.issue)
        proved = located or agreeing > 1 or (seen.titles is Titles.EQUAL and AGREE in (seen.author, seen.page))
        return SAME if proved and not doubts and seen.issue is not DIFFER else UNSURE
    allowed = 0 if seen.titles is Titles.SILENT else 1  # one slip, such as an article number for a page
    return SAME if len(doubts) <= allowed else UNSURE


def _registration(seen: Likeness) -> Judgement | None:
    """Judge two register entries that share a number; brief and official title differ, sponsors count as authors."""
    return SAME if seen.titles is not Titles.NUMBERED else UNSURE


def _title_year_author(seen: Likeness) -> Judgement | None:
    if seen.issue is DIFFER and AGREE not in (seen.page, seen.doi):
        return None  # a column that returns in every issue
    return SAME if not seen.doubts() and not _apart(seen) else None


def _title_year_page(seen: Likeness) -> Judgement | None:
    if _apart(seen) or (seen.generic and (seen.issue is DIFFER or seen.author is DIFFER)):
        return None
    if seen.same_place and (seen.titles is Titles.EQUAL or seen.author is AGREE):
        return SAME
    if seen.titles is not Titles.EQUAL or seen.doubts():
        return None
    if seen.generic:  # the same person's second piece under that heading would be in another issue
        return SAME if seen.same_issue and seen.author is AGREE else None
    if seen.issue is DIFFER and seen.page is not AGREE:
        return None
    if seen.gap and seen.author is not AGREE:
        return None
    return SAME if AGREE in (seen.page, seen.volume) else None


def _same_title(seen: Likeness) -> Judgement | None:
    """Leave to a person what shares a title and lacks proof; say nothing where the works are plainly others."""
    doubts = seen.doubts()
    if seen.generic:  # two copies of a short title that say little else, or two pieces under one heading
        alike = seen.author is AGREE and seen.gap == 0 and seen.issue is not DIFFER
        return UNSURE if alike and not doubts and not _apart(seen) else None
    if seen.kinds is DIFFER or len(doubts) > 2:
        return None
    if seen.author is DIFFER and len(doubts) > 1:
        return None
    return UNSURE


def _cut_title(seen: Likeness) -> Judgement | None:
    return None if seen.doubts() or _apart(seen) else UNSURE


def _near_title(seen: Likeness) -> Judgement | None:
    return None if seen.doubts() or seen.generic or _apart(seen) else UNSURE


def _apart(seen: Likeness) -> bool:
    return seen.kinds is DIFFER or seen.identifier_differs or seen.titles is Titles.NUMBERED


def _is_title(seen: Likeness) -> bool:
    return seen.titles is Titles.EQUAL


RULES: tuple[Rule, ...] = (
    Rule(
        "registration",
        "Two register entries with one registration number are one entry, under its brief and its official title.",
        lambda seen, a, b: a.registered and b.registered and seen.registration is AGREE,
        _registration,
    ),
    Rule(
        "pmid",
        "PubMed gives a number to one publication only; other facts must not contradict, as numbers get mistyped.",
        lambda seen, _a, _b: seen.pmid is AGREE,
        _identifier,
    ),
    Rule(
        "doi",
        "A DOI names one publication, unless a whole issue carries it: with different titles the pages must agree.",
        lambda seen, _a, _b: seen.doi is AGREE,
        _identifier,
    ),
    Rule(
        "pmcid",
        "PubMed Central gives a number to one article only; other facts must not contradict.",
        lambda seen, _a, _b: seen.pmcid is AGREE,
        _identifier,
    ),
    Rule(
        "title-year-author",
        "Title, year and first author agree and nothing else contradicts.",
        lambda seen, _a, _b: _is_title(seen) and not seen.generic and seen.gap == 0 and seen.author is AGREE,
        _title_year_author,
    ),
    Rule(
        "title-year-page",
        "Titles alike, year at most one off, and volume or first page agree, where names are missing or mangled.",
        lambda seen, _a, _b: (
            seen.titles in (Titles.EQUAL, Titles.ALIKE, Titles.BEGINS) and seen.gap is not None and seen.gap <= 1
        ),
        _title_year_page,
    ),
    Rule(
        "same-title",
        "The titles are equal, but something contradicts or too little else is known: a person decides.",
        lambda seen, _a, _b: _is_title(seen),
        _same_title,
    ),
    Rule(
        "cut-off-title",
        "One title is the beginning of the other: a cut-off copy, or a work with a subtitle. A person decides.",
        lambda seen, _a, _b: seen.titles is Titles.BEGINS,
        _cut_title,
    ),
    Rule(
        "near-title",
        "Titles nearly equal, one first author, one issue: a slip of the pen, or companion papers. A person decides.",
        lambda seen, _a, _b: seen.titles is Titles.ALIKE and seen.author is AGREE and seen.same_issue,
        _near_title,
    ),
)


def judge(one: Fingerprint, other: Fingerprint) -> Verdict | None:
    """Return what the rules say of two citations, or None: different, or nothing to say."""
    seen = compare(one, other)
    if seen.kinds is DIFFER and one.registered != other.registered and not _sparse(one, other):
        return None  # an article and a register entry are two reports; studies join them
    for rule in RULES:
        if rule.applies(seen, one, other) and (said := rule.judge(seen)):
            return Verdict(said, rule.name, _evidence(seen, one, other, said))
    return None


def contradiction(one: Fingerprint, other: Fingerprint) -> str:
    """Say why two citations cannot be one publication although others join them, or '' when nothing forbids it."""
    seen = compare(one, other)
    doubts = seen.doubts()
    if not (doubts or _apart(seen)) or _judged_same(one, other):
        return ""
    if seen.kinds is DIFFER:
        return "one of them about the other" if one.registered == other.registered else "one of them a register entry"
    return f"different {' and '.join(doubts)}" if doubts else seen.titles.value


def _judged_same(one: Fingerprint, other: Fingerprint) -> bool:
    said = judge(one, other)
    return said is not None and said.judgement is SAME


def _sparse(one: Fingerprint, other: Fingerprint) -> bool:
    article = other if one.registered else one
    return not (article.journal or article.doi or article.pmid or article.pmcid or article.author)


def _evidence(seen: Likeness, one: Fingerprint, other: Fingerprint, said: Judgement) -> str:
    """Say in words what a rule saw: what agrees, what differs, and for an unsure pair what is missing."""
    facts = (
        ("PMID", seen.pmid, one.pmid, other.pmid),
        ("DOI", seen.doi, one.doi, other.doi),
        ("PMCID", seen.pmcid, f"PMC{one.pmcid}", f"PMC{other.pmcid}"),
        ("registration", seen.registration, _some(one.registrations, other), _some(other.registrations, one)),
        ("year", seen.year, str(one.year), str(other.year)),
        ("first author", seen.author, " ".join(one.author), " ".join(other.author)),
        ("journal", seen.journal, " ".join(one.journal), " ".join(other.journal)),
        ("volume", seen.volume, one.volume, other.volume),
        ("issue", seen.issue, one.issue, other.issue),
        ("first page", seen.page, one.page, other.page),
    )
    agree = [f"{name} {left}" if name != "journal" else name for name, sign, left, _ in facts if sign is AGREE]
    differ = [f"{name} {left} and {right}" for name, sign, left, right in facts if sign is DIFFER]
    silent = [name for name, sign, _, _ in facts if sign is SILENT and name in ("year", "first author", "journal")]
    parts = [str(seen.titles.value)]
    if agree:
        parts.append("same " + ", ".join(agree))
    if one.kind != other.kind:
        parts.append("one is a " + " and the other a ".join(sorted(k for k in (one.kind, other.kind) if k)))
    if differ:
        parts.append("different " + ", ".join(differ))
    if said is UNSURE and silent:
        parts.append(f"{', '.join(silent)} not given by one or both")
    return "; ".join(parts)


def _some(numbers: frozenset[str], other: Fingerprint) -> str:
    return min(numbers & other.registrations or numbers, default="")
