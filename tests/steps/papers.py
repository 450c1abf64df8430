"""Papers of a tiny PubMed, and a strategy over them, that the tests of counts and known papers share."""

from datetime import date

from reviewkit.model.protocol import Protocol, Question, Strategy
from tests.servers.pubmed_query import Paper

PAPERS = [
    Paper(1, "Exosomes for low back pain", mesh=("Low Back Pain",), doi="10.1000/one"),
    Paper(2, "Extracellular vesicles in lumbago", doi="10.1000/two"),
    Paper(3, "Exosomes in discs", "backache was less"),
    Paper(4, "Exosome therapy in mice with low back pain"),
    Paper(5, "Exosomen bei low back pain", language="german"),
    Paper(6, "Exosomes for low back pain, long ago", year=1990),
    Paper(7, "Platelets for low back pain", mesh=("Low Back Pain",)),
    Paper(8, "Exosomes for sciatica"),
    *(Paper(100 + number, f"Exogenous factor {number} and lumbago") for number in range(30)),
]

LINES = """
#1 "low back pain"[mesh]
#2 "low back pain"[tiab] OR lumbago[tiab] OR backache[tiab] OR lumbagoo[tiab]
#3 #1 OR #2
#4 exosom*[tiab] OR "extracellular vesicles"[tiab]
#5 mice[ti]
#6 (#3 AND #4) NOT #5
"""

ONE = """("low back pain"[mesh] OR "low back pain"[tiab] OR lumbago[tiab] OR backache[tiab])
AND (exosom*[tiab] OR "extracellular vesicles"[tiab]) NOT mice[ti]"""


def strategy(text: str = LINES, *, limited: bool = True) -> Strategy:
    """A PubMed strategy, limited to English papers since 2000 unless told otherwise."""
    if not limited:
        return Strategy(database="pubmed", strategy=text)
    return Strategy(database="pubmed", strategy=text, languages=("english",), published_from=date(2000, 1, 1))


def protocol(*must_find: str, searches: tuple[Strategy, ...] = (strategy(),)) -> Protocol:
    """A protocol with these known papers."""
    return Protocol(title="Vesicles", question=Question(text="?"), search=searches, must_find=must_find)
