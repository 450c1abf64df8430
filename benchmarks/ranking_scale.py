"""What ordering a large review costs, measured in this process: `ranking_scale.py FOLDER_OF_SETS RECORDS`.

The records are resampled: each has the title, year and sentences of one record, shuffled, and two sentences of another,
so that no two are alike.
"""

import random
import resource
import sys
import time
from functools import partial
from pathlib import Path


def main() -> None:
    from reviewkit.model.ranking import Text, explain, features, rank, read_topic
    from reviewkit.steps.labelled import read_labelled
    from reviewkit.steps.one_thread import one_thread

    bench, size = Path(sys.argv[1]), int(sys.argv[2])
    dice = random.Random(0)
    paths = sorted(path for path in bench.glob("*.csv*") if path.name[0].isupper())
    pool = [record for path in paths for record in read_labelled(path).records]
    texts, included = [], []
    for _ in range(size):
        one, other = dice.choices(pool, k=2)
        sentences = one.abstract.split(". ") + other.abstract.split(". ")[:2]
        dice.shuffle(sentences)
        texts.append(Text(one.title, ". ".join(sentences), one.year))
        included.append(float(one.included))
    del pool
    print(f"\n{f'{size:,} records, resampled':<46}{'CPU s':>8}{'clock s':>9}{'more MB':>9}")
    before = memory()
    with one_thread():
        known = timed("features, once", before, lambda: features(texts))
        topic = read_topic(known, "Randomized trials of drugs for hypertension and heart failure in adults.")
        timed("the first order, from the topic", before, lambda: rank(known, {}, topic))
        for decided in (10, 1_000, 10_000):
            labels = dict(enumerate(included[: min(decided, size // 2)]))
            what = f"a new order after {len(labels):,} decisions"
            ranked = timed(what, before, partial(rank, known, labels, topic))
        timed("why one record stands where it stands", before, lambda: explain(known, ranked.model, size - 1))


def timed(what: str, before: float, work):
    cpu, clock = time.process_time(), time.perf_counter()
    done = work()
    cpu, clock = time.process_time() - cpu, time.perf_counter() - clock
    print(f"  {what:<44}{cpu:>8.2f}{clock:>9.2f}{memory() - before:>9.0f}", flush=True)
    return done


def memory() -> float:
    """Return the most memory that this process ever had, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1 << 20 if sys.platform == "darwin" else 1 << 10)


if __name__ == "__main__":
    main()
