"""Rules of thumb, which make no statement about recall; they are here to be compared with those that do."""

import numpy as np

from reviewkit.model.stopping.history import History


def after_in_a_row(past: History, records: int) -> bool:
    """So many exclusions in a row since the last inclusion, once there is one."""
    return bool(past.found) and past.read - int(past.found_at[-1]) >= records


def at_knee(past: History) -> bool:
    """Cormack and Grossman 2016: inclusions come much more slowly after some point than before it (SIGIR, p. 75).

    The two slopes must differ by 156 times, less the inclusions before the knee, at least by six.
    """
    if past.found < 2 or past.read < 2:
        return False
    at = past.found_at[past.found_at < past.read]
    before = np.arange(1, len(at) + 1)
    ratios = (before / at) * (past.read - at) / (1 + past.found - before)
    best = int(np.argmax(ratios)) if len(at) else -1
    return best >= 0 and bool(ratios[best] >= 156 - min(int(before[best]), 150))
