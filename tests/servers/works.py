"""Made-up publications that cite each other, for the servers that play Europe PMC and OpenAlex."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Work:
    """One publication; what is not said is made up from its number.

    `cites` are numbers of other works, `unmatched` references of which the index holds no record.
    """

    number: int
    title: str = ""
    year: int = 2020
    language: str = "en"
    added: str = "2020-03-01"
    cites: tuple[int, ...] = ()
    unmatched: tuple[str, ...] = ()
    retracted: bool = False
    preprint: bool = False
    doi: str | None = None  # None: made up; '': none
    in_pubmed: bool = True

    @property
    def name(self) -> str:
        """Its title."""
        return self.title or f"Exosomes in back pain, study number {self.number}"

    @property
    def identifier(self) -> str:
        """Its DOI."""
        return f"10.1234/made-up.{self.number}" if self.doi is None else self.doi

    @property
    def pmid(self) -> str:
        """Its PMID, or ''."""
        return str(30_000_000 + self.number) if self.in_pubmed and not self.preprint else ""

    @property
    def source(self) -> str:
        """Europe PMC's source of it."""
        return "MED" if self.pmid else "PPR"

    @property
    def id(self) -> str:
        """Europe PMC's number of it."""
        return self.pmid or f"PPR{100_000 + self.number}"

    @property
    def openalex(self) -> str:
        """OpenAlex's number of it."""
        return f"W{4_300_000_000 + self.number}"

    def in_europe_pmc(self) -> dict[str, Any]:
        """What Europe PMC says otherwise of it than of any other work."""
        return {}

    def in_openalex(self) -> dict[str, Any]:
        """What OpenAlex says otherwise of it than of any other work."""
        return {}


def make_works(count: int) -> tuple[Work, ...]:
    """Make up so many works."""
    return tuple(Work(number) for number in range(1, count + 1))
