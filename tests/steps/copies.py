"""A small list of citations with every kind of duplicate and near miss that the rules are made for; all invented."""

from reviewkit.model.citation import Citation
from tests.build import citation

BARE = {"authors": (), "year": None, "journal": ""}
_FACET = "Safety of vesicle injections for pain of the lumbar facet joint in adults"
_TRIAL = "A prospective pilot study of a single injection of a vesicle product for facet pain"
_DISC = "Vesicles of stromal cells as the new frontier for the treatment of disc degeneration"
_CORD = "Clinical outcomes of umbilical cord particulate in disorders of the spine: a series"
_URINE = "Vesicles of urine-derived cells slow disc degeneration by easing endoplasmic stress"
_OA = "Pilot safety study of a vesicle isolate for arthrosis after combat injuries"
_REGISTER = {"authors": (), "year": None, "journal": "ClinicalTrials.gov", "registrations": ("NCT09999901",)}
_SPANISH = {"year": 2023, "journal": "Rev. Dolor", "volume": "30", "issue": "4", "pages": "243-249", "doi": "10.1/sp"}
_IMMUNITY = {
    "title": "Immunity strategies of exosomes in ageing discs",
    "authors": ("Li W",),
    "doi": "10.1/im",
}
_STEM = {"title": "Vesicles derived from stem cells in disc degeneration", "authors": ("Wu X",), "year": 2022}

CITATIONS: tuple[Citation, ...] = (
    citation(title=_FACET, authors=("Adler JE", "Brand B"), year=2024, journal="Regen Med"),  # 1
    citation(title=_FACET, **BARE),  # 2: an index page without authors or year
    citation(title=_TRIAL, **{**_REGISTER, "authors": ("A Sponsor, LLC",)}),  # 3: register entry of the study of 1
    citation(title=_TRIAL, **_REGISTER),  # 4
    citation(title="Pilot study for facet pain", **_REGISTER),  # 5: its brief title
    citation(title=_OA, authors=("East J",), year=2020, journal="", volume="1", issue="2", pages="1-10", doi="10.1/oa"),
    citation(title=_OA, authors=("East DO J",), year=2020, journal="", volume="1", pages="1-10", doi="10.1/oa"),  # 7
    citation(title=_OA + ": one year later", authors=("East J",), year=2021, journal="", volume="2", doi="10.1/oa2"),
    citation(title=_CORD, authors=("Cross A",), year=2022, journal="J Pain Res", doi="10.1/cord"),  # 9
    citation(title=_CORD[:55], **BARE),  # 10: cut off
    citation(title=_URINE, authors=("Hill H",), year=2020, journal="Cell Stress", volume="20", pages="6697577"),  # 11
    citation(title=_URINE, authors=(), year=2020, journal="Cell Stress", volume="20", pages="6697577"),  # 12
    citation(title=_DISC, authors=(), year=2021, journal="Appl. Sci.", volume="11", pages="11222", doi="10.1/disc"),
    citation(title=_DISC, **BARE),  # 14: an index page
    citation(title=_DISC.replace("the new frontier", "a novel strategy"), authors=("Low L",), year=2022, doi="10.1/ns"),
    citation(title="Los exosomas son una nueva estrategia para el dolor", authors=("Sierra-Peña JA",), **_SPANISH),
    citation(title="Exosomes as a strategy for low back pain: review", authors=("Sierra JA",), **_SPANISH),  # 17
    citation(**_IMMUNITY, year=2022),  # 18
    citation(**_IMMUNITY, year=2021),  # 19: the volume's year
    citation(**_STEM, journal="Frontiers in Cell and Developmental Biology"),  # 20
    citation(**_STEM, journal="Front. Cell Dev. Biol."),  # 21
)  # fmt: skip

BY_RULE = {(3, 4), (3, 5), (6, 7), (11, 12), (16, 17), (18, 19), (20, 21)}  # copies that the rules are sure of
BY_PERSON = {(1, 2), (9, 10), (13, 14)}  # copies that only a person can be sure of
NEAR_MISSES = {(1, 3), (6, 8), (13, 15)}
