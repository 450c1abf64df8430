"""What a protocol says is looked for, in the words and identifiers that the order of relevance begins with."""

from dataclasses import dataclass

from reviewkit.model.protocol import Protocol


@dataclass(frozen=True, slots=True)
class Wanted:
    """The protocol's own words, and the papers that are known to belong to the review."""

    topic: str
    must_find: tuple[str, ...] = ()


def wanted(protocol: Protocol) -> Wanted:
    """Take from a protocol what tells wanted records from others.

    The criteria for exclusion are left out: their words name what is not wanted, and a single word cannot say so.
    """
    asked = protocol.question
    parts = [protocol.title, asked.text, asked.population, asked.intervention, asked.comparator, asked.outcomes]
    parts += [asked.study_design, *(criterion.text for criterion in protocol.include)]
    parts += [term.replace("*", "") for term in protocol.highlight.include]
    return Wanted("\n".join(parts), protocol.must_find)
