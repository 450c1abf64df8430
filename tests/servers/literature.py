"""A made-up literature on vesicles for back pain, ten days of its life, and so the truth that a review is checked by.

    publications = make_literature(2_000)
    later, changes = ten_days_later(publications)

Everything follows from the number that each publication has: the same size gives the same literature.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from random import Random

BOOKS = ("pubmed", "scopus", "web-of-science", "embase", "europe-pmc", "openalex", "crossref", "google-scholar")
REGISTER = "clinicaltrials-gov"

_PRODUCTS = (
    "Exosomes", "Extracellular vesicles", "Platelet-derived exosomes", "Stem cell exosomes", "Plasma exosomes",
    "Engineered exosomes", "Umbilical cord exosomes", "Small extracellular vesicles",
)  # fmt: skip
_USES = (
    "for low back pain", "in lumbar disc degeneration", "after lumbar discectomy", "in facet joint pain",
    "for sciatica with low back pain", "in chronic low back pain", "for discogenic low back pain",
    "in back pain after spinal fusion", "in vertebral endplate pain", "for sacroiliac low back pain",
)  # fmt: skip
_DESIGNS = (
    "a randomised trial", "a pilot study", "a cohort study", "a case series", "a systematic review",
    "a narrative review", "a rat model", "a study in cell culture", "a cross-sectional study", "a dose-finding study",
)  # fmt: skip
_ANGLES = (
    "inflammation", "disability", "gait", "sleep", "return to work", "cytokine release", "matrix synthesis",
    "autophagy", "macrophage polarisation", "nucleus pulposus cells", "pain at twelve weeks", "adverse events",
    "quality of life", "opioid use", "oxidative stress", "microRNA-21", "nociceptor firing",
    "adjacent segments", "senescence", "walking",
)  # fmt: skip
_FAMILIES = (
    "Adler", "Brandt", "Castellanos", "Dubois", "Eriksen", "Fontaine", "García-López", "Haddad", "Ito", "Jansen",
    "Kowalczyk", "Lindqvist", "Möller", "Nguyen", "O'Hara", "Petrović", "Quiroga", "Rossi", "Schröder", "Tanaka",
    "Ünal", "van der Berg", "Wang", "Xu", "Yılmaz", "Zhang",
)  # fmt: skip
_GIVEN = ("Anna B.", "Jean-Luc", "Chen", "Dagmar", "Emre", "Fatima Z.", "Giulia", "Hiro", "Ines M.", "John A.", "Kofi")
JOURNALS = (
    ("Journal of Invented Spine Research", "J Invent Spine Res", "1111-222X"),
    ("European Annals of Made-Up Pain", "Eur Ann Made Up Pain", "2222-3338"),
    ("Vesicle Letters", "Vesicle Lett", "3333-4440"),
    ("The Imaginary Journal of Rehabilitation", "Imag J Rehabil", "4444-5554"),
    ("Regenerative Fictions", "Regen Fict", "5555-6666"),
)
_SERVER = ("Inventrxiv", "Inventrxiv", "")


@dataclass(frozen=True, kw_only=True)
class Publication:
    """One publication; every copy that a database holds of it is a duplicate of the others, and nothing else is.

    `of` is the publication that it belongs to without being it: the article of a preprint, of an erratum, of an
    abstract in a conference's book, of a register entry.
    """

    number: int
    title: str
    abstract: str
    authors: tuple[tuple[str, str], ...]
    year: int
    journal: tuple[str, str, str]
    kind: str = "article"  # or preprint, erratum, meeting abstract, register entry
    of: int = 0
    held_by: frozenset[str] = frozenset()
    added: str = "2024-02-01"  # the day when databases took it in
    language: str = "english"
    cites: tuple[int, ...] = ()
    notices: tuple[tuple[str, int], ...] = ()  # ("RetractionIn", number of the notice) ...
    status: str = "RECRUITING"  # of a register entry
    results: str = ""  # since when a register entry has results

    @property
    def doi(self) -> str:
        """Its DOI, or '' of a register entry."""
        if self.kind == "register entry":
            return ""
        return f"10.99999/invent.{'pre.' if self.kind == 'preprint' else ''}{self.number}"

    @property
    def pages(self) -> tuple[int, int]:
        """First and last page."""
        return self.number % 900 + 100, self.number % 900 + 100 + self.number % 7 + 1

    @property
    def volume(self) -> str:
        """The volume; preprints have none."""
        return "" if self.kind == "preprint" else str(self.number % 40 + 1)

    @property
    def nct(self) -> str:
        """The number of a register entry."""
        return f"NCT{5_000_000 + self.number:08}"


def make_literature(size: int) -> tuple[Publication, ...]:
    """Make up a literature: nine in ten are articles, one in ten of them in a language that is no English."""
    made = [_article(number) for number in range(1, size * 9 // 10 + 1)]
    extra = [kind for kind, share in _SHARES for _ in range(max(1, size * share // 1000))][: size - len(made)]
    articles = tuple(made)
    preprints = extra.count("preprint")
    for place, kind in enumerate(extra):
        of = articles[(place * 17) % len(articles)]
        if preprints - 2 <= place < preprints:  # their articles are not out yet
            of = replace(_article(40_000 + place), number=0, language="english")
        made.append(_belonging(size + 1 + place, kind, of))
    return tuple(made)


_SHARES = (("preprint", 25), ("register entry", 30), ("meeting abstract", 30), ("erratum", 15))


def _article(number: int) -> Publication:
    random = Random(number)
    people = random.sample(_FAMILIES, random.randint(1, 6))
    place, product = divmod(number * 7919 % 16_000, len(_PRODUCTS))
    place, use = divmod(place, len(_USES))
    angle, design = divmod(place, len(_DESIGNS))
    again = f" ({number // 16_000 + 1})" if number >= 16_000 else ""
    title = f"{_PRODUCTS[product]} {_USES[use]}{again}: {_ANGLES[angle]} in {_DESIGNS[design]}"
    return Publication(
        number=number,
        title=title,
        abstract=(
            f"Background: {_PRODUCTS[product]} are studied {_USES[use]}. Methods: {_DESIGNS[design]} of "
            f"{number % 83 + 9} participants with p < 0.05. Results: {_ANGLES[angle]} changed by {number % 61} %."
        ),
        authors=tuple((family, random.choice(_GIVEN)) for family in people),
        year=random.randint(2005, 2024),
        journal=JOURNALS[number % len(JOURNALS)],
        held_by=_holders(random),
        language="german" if number % 10 == 7 else "english",
        cites=tuple(sorted({random.randrange(1, number) for _ in range(number % 4)})) if number > 1 else (),
        notices=(("RetractionIn", 900_000 + number),) if number % 400 == 33 else (),
    )


def _holders(random: Random) -> frozenset[str]:
    """Say where an article is held; Europe PMC holds what PubMed does."""
    chances = (0.6, 0.55, 0.5, 0.5, 0.0, 0.5, 0.1, 0.05)
    held = {book for book, chance in zip(BOOKS, chances, strict=True) if random.random() < chance}
    return frozenset(held | ({"europe-pmc"} if "pubmed" in held else set()) or {"openalex"})


def _belonging(number: int, kind: str, of: Publication) -> Publication:
    """Make what belongs to an article: its preprint, its entry in the register ..."""
    made = replace(of, number=number, kind=kind, of=of.number, cites=(), notices=())
    if kind == "preprint":
        made = replace(made, year=of.year - 1, journal=_SERVER, held_by=frozenset(("europe-pmc", "openalex")))
        return replace(made, title=of.title.replace("Exosomes", "Effects of exosomes")) if number % 2 else made
    if kind == "register entry":
        return replace(made, title=of.title.partition(":")[0], held_by=frozenset((REGISTER,)))
    if kind == "erratum":
        said = f"Erratum: {of.title}"
        return replace(made, title=said, abstract="", held_by=frozenset(("pubmed", "europe-pmc", "scopus")))
    return replace(made, year=of.year - 1, held_by=frozenset(("embase", "web-of-science")), journal=JOURNALS[0])


@dataclass
class Changes:
    """What happened in ten days, by numbers of publications."""

    new: list[int] = field(default_factory=list)
    back_dated: list[int] = field(default_factory=list)
    retitled: list[int] = field(default_factory=list)
    rewritten: list[int] = field(default_factory=list)
    retracted: list[int] = field(default_factory=list)
    concerned: list[int] = field(default_factory=list)
    vanished: list[int] = field(default_factory=list)
    published: dict[int, int] = field(default_factory=dict)  # preprint -> the article that it became
    results: list[int] = field(default_factory=list)
    moved_on: list[int] = field(default_factory=list)  # register entries with another status


def ten_days_later(
    before: Sequence[Publication], included: Sequence[int] = (), added: str = "2024-03-25"
) -> tuple[tuple[Publication, ...], Changes]:
    """Let ten days pass: `included` are the publications that retractions and concerns come to first."""
    changes, held = Changes(), {each.number: each for each in before}
    first = max(held) + 1
    english = [each for each in before if each.language == "english" and not each.notices]
    in_pubmed = [each.number for each in english if each.kind == "article" and "pubmed" in each.held_by]
    struck = [number for number in included if number in in_pubmed]
    quiet = iter([number for number in in_pubmed if number not in included])
    for number in range(first, first + 17):
        made = replace(_article(number + 20_000), number=number, added=added, language="english")
        late = number >= first + 12
        held[number] = replace(made, year=2006 if late else 2024, held_by=made.held_by | {"pubmed", "europe-pmc"})
        (changes.back_dated if late else changes.new).append(number)
    kinds = (("RetractionIn", changes.retracted), ("ExpressionOfConcernIn", changes.concerned))
    for place, (kind, numbers) in enumerate(kinds):
        numbers += [*struck[2 * place : 2 * place + 2], next(quiet)]
        for number in numbers:
            held[number] = replace(held[number], notices=((kind, 900_000 + number),))
    changes.retitled += [next(quiet) for _ in range(6)]
    changes.rewritten += [*struck[4:5], *(next(quiet) for _ in range(10))]
    changes.vanished += [next(quiet) for _ in range(5)]
    for number in changes.retitled:
        held[number] = replace(held[number], title=held[number].title + ", with a corrected title")
    for number in changes.rewritten:
        held[number] = replace(held[number], abstract=held[number].abstract + " A paragraph was added.")
    for number in changes.vanished:
        del held[number]
    _move_on(held, changes, [each for each in before if each.kind == "register entry"], added)
    lonely = [each for each in before if each.kind == "preprint"][-2:]
    for preprint, article in zip(lonely, range(first + 17, first + 19), strict=False):
        made = _article(article + 20_000)
        held[article] = replace(
            preprint, number=article, kind="article", of=0, title=preprint.title, journal=JOURNALS[1], year=2024,
            held_by=made.held_by | {"pubmed", "europe-pmc"}, added=added, notices=(("UpdateOf", preprint.number),),
        )  # fmt: skip
        changes.published[preprint.number] = article
    return tuple(held.values()), changes


def _move_on(held: dict[int, Publication], changes: Changes, entries: Sequence[Publication], day: str) -> None:
    moving: Iterator[Publication] = iter(entries)
    for entry, _ in zip(moving, range(3), strict=False):
        held[entry.number] = replace(entry, status="COMPLETED", results=day)
        changes.results.append(entry.number)
    for entry, _ in zip(moving, range(4), strict=False):
        held[entry.number] = replace(entry, status="TERMINATED")
        changes.moved_on.append(entry.number)
