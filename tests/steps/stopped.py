"""A review that was screened in an order of relevance, and where nothing relevant comes any more."""

from collections.abc import Iterable

from reviewkit.model.decisions import Decision
from reviewkit.model.protocol import Protocol
from reviewkit.steps.standing import Standing, standing
from reviewkit.steps.stopping_acts import draw_sample, stop_screening
from reviewkit.store import Store
from tests.build import AT, add_run, citation, decision

TITLE, FULL = "title-abstract", "full-text"
RECORDS, READ = 350, 200
RELEVANT = (1, 2, 3, 4, 6, 7, 9, 12, 15, 20)


def load(store: Store, count: int = RECORDS, **given: object) -> None:
    """Load so many records, no two of which any rule takes for one."""
    add_run(store, [citation(title=f"Work {n * 7919}", authors=(f"A{n}son B",)) for n in range(count)], **given)  # type: ignore[arg-type]


def screened(
    records: Iterable[int], relevant: Iterable[int] = RELEVANT, people: Iterable[str] = ("ann",), order: str = ""
) -> list[Decision]:
    """Decisions on records, one after the other, as they came up in the order of relevance unless told otherwise."""
    return [
        decision(
            record, "include" if record in relevant else "exclude", by=name, order=order or f"relevance:{record}",
            criterion="" if record in relevant else "E1",
        )
        for record in records
        for name in people
    ]  # fmt: skip


def half_screened(store: Store, protocol: Protocol, people: Iterable[str] = ("ann",)) -> Standing:
    """Load a review and screen the half of it that holds all that is relevant."""
    load(store)
    store.add_protocol(protocol.version, protocol.source, AT)
    store.add(screened(range(1, READ + 1), people=people))
    return standing(store, protocol)


def stop(store: Store, protocol: Protocol, by: str = "ann", note: str = "agreed", **given: str) -> Standing:
    """Stop screening; return where the review stands then."""
    stop_screening(store, protocol, standing(store, protocol), by, AT, note, **given)
    return standing(store, protocol)


def sample(store: Store, protocol: Protocol, size: int, **given: int) -> tuple[int, ...]:
    """Draw a sample; return its records."""
    return draw_sample(store, protocol, standing(store, protocol), size, "ann", AT, **given).records
