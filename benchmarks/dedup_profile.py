"""Where the time of `reviewkit dedupe` goes: the program is looked at 1,000 times a second of its CPU time.

usage:  dedup_profile.py RECORDS_CSV CLUSTERS_CSV
"""

import signal
import sys
from collections import Counter
from pathlib import Path
from types import FrameType

EVERY = 0.001  # seconds of CPU time between two looks
PHASES = {
    # part of a file's name -> what is going on while it runs, the innermost file that is named counts
    "/formats/": "read",
    "/steps/outside.py": "read",
    "/duplicates/fingerprint.py": "fingerprint",
    "/duplicates/blocking.py": "block",
    "/duplicates/matching.py": "compare",
    "/duplicates/likeness.py": "compare",
    "/duplicates/rules.py": "compare",
    "/duplicates/evidence.py": "compare",
    "/duplicates/__init__.py": "compare",
    "/duplicates/clusters.py": "cluster",
    "/model/partition.py": "cluster",
    "/model/matches.py": "cluster",
    "/steps/dedup_files.py": "write and count",
}


def main() -> None:
    from reviewkit.steps.dedup_files import Outputs, deduplicate_files

    seen: Counter[str] = Counter()

    def look(_signal: int, frame: FrameType | None) -> None:
        while frame is not None:
            name = frame.f_code.co_filename
            if phase := next((phase for part, phase in PHASES.items() if part in name), ""):
                seen[phase] += 1
                return
            frame = frame.f_back
        seen["start and the rest"] += 1

    signal.signal(signal.SIGPROF, look)
    signal.setitimer(signal.ITIMER_PROF, EVERY, EVERY)
    report = deduplicate_files([Path(sys.argv[1])], Outputs(Path(sys.argv[2])), lambda _doing, _entries, _share: None)
    signal.setitimer(signal.ITIMER_PROF, 0)
    print(f"where the time goes, with {report.kept:,} records:")
    for phase, looks in seen.most_common():
        print(f"  {phase:<22}{100 * looks / seen.total():>5.0f} %")


if __name__ == "__main__":
    main()
