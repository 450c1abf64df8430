"""A way out of a dead end: when the first inclusions lead nowhere, look elsewhere with every second record.

One or two known inclusions may be unlike the rest, and an order learned from them shows everything like them first. In
a drought at the beginning every second record is therefore taken from the upper half of the order, at places that
spread evenly. At worst the drought takes twice as long; where the first inclusion was a stray it is much shorter.
"""

from collections.abc import Sequence

_DROUGHT = 10  # exclusions in a row
FEW = 5  # inclusions; with more, the model has seen enough kinds of them
_GOLDEN = 0.6180339887498949  # multiples of it, without their whole parts, never crowd
_UPPER = 0.5  # of the order: what is below is hardly wanted, whatever was seen


def place_of_next(found: Sequence[bool], unread: int) -> int:
    """Return which of the unread, as `Ranked.order` has them, is to be read next: 0, or another in a drought.

    Args:
        found: the decisions so far in their order, True for an inclusion.
        unread: how many are left, at least one.
    """
    drought = next((n for n, included in enumerate(reversed(found)) if included), len(found))
    if drought < _DROUGHT or drought % 2 or sum(found) > FEW:
        return 0
    return int(drought // 2 * _GOLDEN % 1 * _UPPER * unread)
