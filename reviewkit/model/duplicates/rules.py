"""The rules that say whether two citations are the same publication, each with its name and its reason.

A false merge costs more than a missed duplicate: a merged report is never read. So a rule says SAME only
where nothing contradicts, or where what agrees cannot agree by chance; UNSURE leaves the pair to a person.
"""

from collections.abc import Callable
from dataclasses import dataclass

from reviewkit.model.duplicates import identifiers, sure, unsure
from reviewkit.model.duplicates.evidence import evidence
from reviewkit.model.duplicates.fingerprint import Fingerprint
from reviewkit.model.duplicates.journals import is_congress
from reviewkit.model.duplicates.likeness import AGREE, Likeness, compare
from reviewkit.model.duplicates.pages import Style
from reviewkit.model.duplicates.titles import Titles
from reviewkit.model.matches import Judgement


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: what it says of two citations; None is "nothing to say"."""

    name: str
    reason: str
    judge: Callable[[Likeness], Judgement | None]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the first rule that applied says of a pair, and what it saw."""

    judgement: Judgement
    rule: str
    evidence: str


_JUDGING: tuple[Rule, ...] = (
    Rule(
        "registration",
        "Two register entries with one registration number are one entry, under its brief and its official title.",
        identifiers.registration,
    ),
    Rule(
        "pmid",
        "PubMed gives a number to one publication only; other facts must not contradict, as numbers get mistyped.",
        identifiers.identifier("pmid"),
    ),
    Rule(
        "doi",
        "A DOI names one publication, unless a whole issue carries it: with different titles the pages must agree.",
        identifiers.identifier("doi"),
    ),
    Rule(
        "pmcid",
        "PubMed Central gives a number to one article only; other facts must not contradict.",
        identifiers.identifier("pmcid"),
    ),
    Rule(
        "accession",
        "A database's own number is one entry, found again and perhaps corrected; with other titles more must agree.",
        identifiers.accession,
    ),
    Rule(
        "title-year-author",
        "Title, year and first author agree and nothing else contradicts.",
        sure.title_year_author,
    ),
    Rule(
        "title-place",
        "Titles alike, volume and first page agree: two works do not begin there; one mistyped fact is forgiven.",
        sure.title_place,
    ),
    Rule(
        "title-issue",
        "Titles alike, first author, journal, volume and issue agree; the pages are not given or not comparable.",
        sure.title_issue,
    ),
    Rule(
        "title-page",
        "Titles alike, first author, year and pages agree, although the journal or congress has another name.",
        sure.title_page,
    ),
    Rule(
        "title-overlapping-pages",
        "Title, first author and volume agree, and the pages overlap or differ by a slip.",
        sure.overlapping_pages,
    ),
    Rule(
        "title-near-year",
        "Title, first author and journal agree, the years are one apart: online first, then in print.",
        sure.near_year,
    ),
    Rule(
        "near-title-authors",
        "Titles a slip apart, the authors, journal and year agree and nothing contradicts.",
        sure.near_title,
    ),
    Rule(
        "same-abstract",
        "Titles alike, first author, journal and year agree, and the abstracts begin alike.",
        sure.same_abstract,
    ),
    Rule(
        "same-pages",
        "The authors, journal, volume and pages from the first to the last agree: one work, translated or retitled.",
        sure.same_pages,
    ),
    Rule(
        "title-year-page",
        "Title and year agree, and volume, page or journal, where one source names no author.",
        sure.title_without_author,
    ),
    Rule(
        "same-title",
        "The titles are equal, but something contradicts or too little else is known: a person decides.",
        unsure.same_title,
    ),
    Rule(
        "same-place",
        "The same pages by the same authors, but a word or one source's remark tells the two apart: a person decides.",
        unsure.same_place,
    ),
    Rule(
        "cut-off-title",
        "One title is part of the other: a cut-off copy, or a work with a subtitle. A person decides.",
        unsure.cut_title,
    ),
    Rule(
        "near-title",
        "Titles alike, one first author: a slip of the pen, or companion papers. A person decides.",
        unsure.slip,
    ),
    Rule(
        "reworded-title",
        "Titles with some other words, by one group in one place: retitled, or companion papers. A person decides.",
        unsure.reworded,
    ),
    Rule(
        "same-title-other-page",
        "Title, authors and volume agree, the page differs: a mistyped page, or another piece. A person decides.",
        unsure.other_page,
    ),
)
_UNFORCED = frozenset(
    ("registered", "registration", "pmid", "doi", "pmcid", "accession", "same-title", "same-place")
)  # rules that look at what sets apart themselves

_ASKING = tuple(rule for rule in _JUDGING if rule.name == "same-title")

PREPRINT = Rule(
    "preprint",
    "A preprint and the article with its title and authors: two reports of one study, not one publication.",
    unsure.preprint,
)
REGISTERED = Rule(
    "registered",
    "A register entry and the article that names its number and no other: two reports of one study.",
    unsure.registered,
)
RULES = (*_JUDGING, PREPRINT, REGISTERED)  # the likeliest first: in this order people are asked


def judge(one: Fingerprint, other: Fingerprint) -> Verdict | None:
    """Return what the rules say of two citations, or None: different, or nothing to say."""
    seen = compare(one, other)
    rules = _JUDGING if one.form == other.form or _says_little(one, other) else _between_forms(seen)
    for rule in rules:
        if (rule.name in _UNFORCED or not seen.apart) and (said := rule.judge(seen)):
            return Verdict(said, rule.name, evidence(seen, said))
    return None


def _between_forms(seen: Likeness) -> tuple[Rule, ...]:
    """Return the rules for a preprint, a register entry or a congress abstract, and something else."""
    forms = {seen.one.form, seen.other.form}
    if "register" in forms:
        return (REGISTERED,)
    if "preprint" in forms:
        return (PREPRINT,)
    if "thesis" in forms:
        return ()  # an article with its title is another report
    if seen.same_place or seen.same_issue or AGREE in (seen.doi, seen.pmid, seen.pmcid, seen.accession):
        return _JUDGING  # one source did not say that it is an abstract
    if _looks_like_abstract(seen.one) and _looks_like_abstract(seen.other):
        return _JUDGING
    placeless = seen.one.pages is None or seen.other.pages is None
    return _ASKING if placeless and seen.gap == 0 and seen.journal is AGREE else ()


def _looks_like_abstract(print_: Fingerprint) -> bool:
    """Return True for a congress abstract that a source may not call one: a page of a journal, or of a supplement."""
    pages = print_.pages
    one_page = pages is not None and pages.style is not Style.ARTICLE and pages.first == pages.last
    return print_.form == "abstract" or print_.issue == "suppl" or one_page or is_congress(print_.journal)


def contradiction(one: Fingerprint, other: Fingerprint) -> str:
    """Say why two citations cannot be one publication although others join them, or '' when nothing forbids it."""
    seen = compare(one, other)
    differ = [
        name for name in seen.doubts if name != "journal" or len(seen.doubts) > 1 or seen.titles is not Titles.EQUAL
    ]
    extended = seen.titles is Titles.EXTENDED
    if not (differ or seen.apart or extended or one.form != other.form) or judged_same(one, other):
        return ""
    if seen.updated:
        return "one of them an update of the other"
    if seen.kinds_differ:
        return "one of them about the other"
    if one.form != other.form:
        forms = sorted(form for form in (one.form, other.form) if form)
        return "one of them a " + " and the other a ".join(_FORMS[form] for form in forms)
    return f"different {' and '.join(differ)}" if differ else seen.titles.value


_FORMS = {"register": "register entry", "preprint": "preprint", "abstract": "congress abstract", "thesis": "thesis"}


def judged_same(one: Fingerprint, other: Fingerprint) -> bool:
    """Return True where a rule says that two citations are the same."""
    said = judge(one, other)
    return said is not None and said.judgement is Judgement.SAME


def _says_little(one: Fingerprint, other: Fingerprint) -> bool:
    """Return True where one of them names neither journal nor number nor author: what it is cannot be seen."""
    return any(not (p.form or p.journal or p.doi or p.pmid or p.pmcid or p.volume or p.people) for p in (one, other))
