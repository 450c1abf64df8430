"""The screening page going by relevance: how soon a record is there, how long a key takes, how far the order is behind.

A key is measured as what a decision costs until the next record is there to be drawn, while the order is learned in the
other process. An order is behind until it is there that was learned from the last decision.

usage:  screening.py WORKSPACE DECISIONS
"""

import json
import resource
import subprocess
import sys
import time
from pathlib import Path

DECISIONS = 50


def measure_screening(home: Path, records: int) -> None:
    """Print lines for a reviewer's first sitting in a workspace, when the texts are read, and for the next one."""
    for sitting in ("the first sitting", "the next sitting"):
        command = [sys.executable, str(Path(__file__).resolve()), str(home), str(DECISIONS)]
        found = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        for what, seconds in found["seconds"].items():
            print(f"{f'screen {records:,} by relevance, {sitting}: {what}':<74}{seconds:>10.3f}")
        for unit in ("CPU s", "peak MB"):
            page, other = found[unit]
            print(
                f"{f'screen {records:,} by relevance, {sitting}: {unit}':<74}{page:>10.1f}, learning {other:.1f}",
                flush=True,
            )


def screen(home: Path, decisions: int) -> dict[str, object]:
    """Decide as a reviewer who reads quickly: the next key comes when the order has caught up."""
    begun = time.perf_counter()
    from reviewkit.model.decisions import Verdict
    from reviewkit.model.protocol import Order
    from reviewkit.protocol import load_protocol
    from reviewkit.steps.ranker import Ranker
    from reviewkit.steps.sitting import Sitting
    from reviewkit.store import open_store
    from reviewkit.workspace import find_workspace

    folders = find_workspace(home).choose(None)
    protocol = load_protocol(folders.protocol)
    store = open_store(folders.workspace.database_url(), folders.review)
    ranker = Ranker(folders, protocol)
    at = "2024-05-01T10:00:00Z"
    sitting = Sitting(store, protocol, protocol.stage[0], "Cyd", lambda: at, Order.RELEVANCE, ranker)
    if sitting.current() is None:
        sys.exit("nothing waits: the figures would mean nothing")
    first = time.perf_counter() - begun
    _wait(ranker, None)
    ready = time.perf_counter() - begun
    keys, behind = [], []
    for number in range(decisions):
        known = ranker.newest()
        begun = time.perf_counter()
        sitting.decide(Verdict.INCLUDE if number % 10 == 0 else Verdict.EXCLUDE)
        sitting.current()
        keys.append(time.perf_counter() - begun)
        _wait(ranker, known)
        behind.append(time.perf_counter() - begun)
    ranker.close()
    scale = 1 << 20 if sys.platform == "darwin" else 1 << 10
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return {
        "seconds": {
            "the first record": first,
            "the first order": ready,
            "a key, median": sorted(keys)[len(keys) // 2],
            "a key, the slowest": max(keys),
            "the order behind a decision, median": sorted(behind)[len(behind) // 2],
            "the order behind a decision, the most": max(behind),
        },
        "CPU s": [each.ru_utime + each.ru_stime for each in used],
        "peak MB": [each.ru_maxrss / scale for each in used],
    }


def _wait(ranker, known) -> None:
    while ranker.newest() is known:
        if ranker.failure:
            sys.exit(ranker.failure)
        time.sleep(0.001)


if __name__ == "__main__":
    print(json.dumps(screen(Path(sys.argv[1]), int(sys.argv[2]))))
