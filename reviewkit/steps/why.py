"""Why a record stands where it stands in the order of relevance, as it is told to people."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pull:
    """What one word contributes to a record's place."""

    word: str
    worth: float  # above 0 it carries the record up
    in_title: bool
    records: int  # how many hold the word


@dataclass(frozen=True, slots=True)
class Why:
    """A record's score taken apart: the weightiest words, all other words together, year, and what all records have.

    A score is no probability: it tells only which of two records in one order comes first. Without any words nothing
    was known of what is wanted, or the record came after the records were read.
    """

    record: int
    learned: int  # decided records that the order was learned from
    score: float = 0.0
    words: tuple[Pull, ...] = ()
    others: float = 0.0
    year: float = 0.0
    base: float = 0.0
