"""The limits of a strategy on their way to a database: joined to the query, and told in words for reports."""

from collections.abc import Sequence

from reviewkit.model.protocol import Strategy


def limited(query: str, limits: Sequence[str]) -> str:
    """Join limits in the database's own syntax to a query by AND; without any, the query stays as it is."""
    return " AND ".join((f"({query})", *limits)) if limits else query


def limits_told(strategy: Strategy, languages: str = "", published: str = "") -> list[str]:
    """Return the strategy's limits in words, each with what becomes of it: "sent as ...", "not sent: ..."."""
    told = ((strategy.language_limit, languages), (strategy.published_limit, published))
    return [f"{limit} ({becomes})" if becomes else limit for limit, becomes in told if limit]
