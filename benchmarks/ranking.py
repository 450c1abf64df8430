"""How well and how fast records are ordered, beside ASReview, and which stopping rules keep their promise.

Ten labelled reviews, their prior records, topic texts and ASReview's results come from a folder that holds
`screening/`: --bench FOLDER, REVIEWKIT_BENCH, or else ../shared/bench beside this repository. Where it is not there,
nothing is measured. ASReview and buscarpy are installed into environments of their own, below .venv; where one cannot
be had, it is left out. CPU seconds and peak memory are what the system counted for each process.
"""

import argparse
import csv
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import mean

from measuring import measure

HERE = Path(__file__).resolve().parent
BESIDE = HERE.parent.parent / "shared" / "bench"
ASREVIEW, BUSCARPY = "asreview==3.0.8", "buscarpy==0.0.2"
TIMED = ("MicroNutrients", "ACEInhibitors", "COPD")
LARGE = 800  # records: a set of so many may not be worse than ASReview's by more than WORSE
WORSE, CHEAPER, COLD_BETTER = 0.01, 10, 0.2
SCALE = 100_000


@dataclass(frozen=True)
class Review:
    """One labelled set with its priors, its topic and what ASReview reached: (loss, WSS@95, R@10) a replicate."""

    name: str
    path: Path
    priors: tuple[tuple[str, str], ...]
    topic: str
    peer: dict[str, tuple[float, float, float]]


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--bench", type=Path, metavar="FOLDER", help="where screening/ with the labelled sets lies")
    arguments.add_argument("--no-peer", action="store_true", help="measure reviewkit alone")
    arguments.add_argument("--peers", type=Path, metavar="FOLDER", help="where environments of the peers are")
    arguments.add_argument("--records", type=int, default=SCALE, help=f"of the large set ({SCALE:,})")
    arguments.add_argument("--only", choices=("order", "cost", "scale"), help="measure this part alone")
    given = arguments.parse_args()
    bench = (given.bench or Path(os.environ.get("REVIEWKIT_BENCH") or BESIDE)).resolve() / "screening"
    if not (bench / "priors.csv").is_file():
        print(f"Order of screening: the labelled sets are not at {bench}, so nothing is measured (--bench FOLDER).")
        return
    reviews = list(read_reviews(bench))
    peers = given.peers or Path(sys.prefix) / "peers"
    if given.only in (None, "order"):
        measure_order(reviews, None if given.no_peer else peer(peers, "buscarpy", BUSCARPY))
    if given.only in (None, "cost"):
        measure_cost(reviews, None if given.no_peer else peer(peers, "asreview", ASREVIEW))
    if given.only in (None, "scale"):
        subprocess.run([sys.executable, HERE / "ranking_scale.py", bench, str(given.records)], check=True)


def read_reviews(bench: Path) -> Iterator[Review]:
    def table(name: str) -> list[dict[str, str]]:
        with (bench / name).open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    priors, results = table("priors.csv"), table("asreview-3.0.8.csv")
    for row in table("topics.csv"):
        name = row["set"]
        path = next(path for path in (bench / f"{name}.csv", bench / f"{name}.csv.gz") if path.exists())
        pairs = tuple((r["included_id"], r["excluded_id"]) for r in priors if r["set"] == name)
        reached = {
            r["replicate"]: (float(r["loss"]), float(r["wss95"]), float(r["recall10"]))
            for r in results
            if r["set"] == name and r["source"] != "random"
        }
        yield Review(name, path, pairs, row["text"], reached)


# --- how good the order is, and which rules keep their promise -----------------------------------


def measure_order(reviews: list[Review], buscarpy: Path | None) -> None:
    """Simulate every set with every pair of priors, and from its topic alone."""
    from reviewkit.steps.labelled import read_labelled
    from reviewkit.steps.simulate import simulate

    columns = "".join(f"{name:>8}{'peer':>8}" for name in ("loss", "WSS@95", "R@10", "cold"))
    print(f"\n{'order of screening, mean of replicates':<42}{columns}{'+ topic':>9}")
    runs, sums, fails = {}, [], []
    for review in reviews:
        labelled = read_labelled(review.path)

        def once(**how):
            return simulate(labelled, progress=lambda *_: None, **how)  # noqa: B023

        with_priors = [once(priors=pair) for pair in review.priors]
        runs |= {(review.name, n): run for n, run in enumerate(with_priors)}
        ours = [figures(run) for run in with_priors]
        theirs = [reached for replicate, reached in review.peer.items() if replicate != "cold"]
        cold = once(topic=review.topic).quality.loss
        both = mean(once(priors=pair, topic=review.topic).quality.loss for pair in review.priors)
        row = [mean(part) for part in zip(*ours, strict=True)], [mean(part) for part in zip(*theirs, strict=True)]
        peer_cold = review.peer.get("cold", (None,))[0]
        sums.append((*row, cold, peer_cold, both))
        total = len(labelled.records)
        cells = "".join(f"{a:>8.3f}{b:>8.3f}" for a, b in zip(*row, strict=True))
        shown = f"{peer_cold:>8.3f}" if peer_cold is not None else f"{'-':>8}"
        size = f"{total:>6,}, {labelled.included:>4} in"
        print(f"  {review.name:<24}{size} {cells}{cold:>8.3f}{shown}{both:>9.3f}", flush=True)
        if total >= LARGE and row[0][0] > row[1][0] + WORSE:
            fails.append(f"{review.name} is worse by {row[0][0] - row[1][0]:.3f}")
    ours, theirs = ([mean(row[side][part] for row in sums) for part in range(3)] for side in (0, 1))
    known = [row for row in sums if row[3] is not None]
    cold, peer_cold = mean(row[2] for row in known), mean(row[3] for row in known)
    cells = "".join(f"{a:>8.3f}{b:>8.3f}" for a, b in zip(ours, theirs, strict=True))
    print(f"  {'mean of the sets':<40}{cells}{cold:>8.3f}{peer_cold:>8.3f}{mean(row[4] for row in sums):>9.3f}")
    fails += [name for name, bad in (("loss", ours[0] > theirs[0]), ("WSS@95", ours[1] < theirs[1])) if bad]
    less = 1 - cold / peer_cold
    print(f"With priors, as asked: {'yes' if not fails else 'NO: ' + ', '.join(fails)}.")
    print(f"From the topic alone the loss is {less:.0%} below ASReview's cold start: "
          f"{'as asked' if less >= COLD_BETTER else f'LESS than the {COLD_BETTER:.0%} asked for'}.")  # fmt: skip
    measure_stopping(list(runs.values()))
    if buscarpy:
        compare_p_values(list(runs.values()), buscarpy)


def figures(run) -> tuple[float, float, float]:
    return run.quality.loss, run.quality.wss_95, run.quality.recall_at[10]


def measure_stopping(runs: list) -> None:
    """Say of every rule what it would have cost and kept."""
    needed = mean(run.quality.read_for_95 / run.quality.records for run in runs)
    print(f"\n{f'stopping rules, {len(runs)} runs; 95 % needed {needed:.0%} on average':<70}"
          f"{'recall':>8}{'lowest':>8}{'read':>8}{'kept 95 %':>11}")  # fmt: skip
    for stops in zip(*(run.stops for run in runs), strict=True):
        recalls = [stop.recall for stop in stops]
        read = mean(stop.read / run.quality.records for stop, run in zip(stops, runs, strict=True))
        kept = mean(recall >= 0.95 - 1e-9 for recall in recalls)
        rule = stops[0].rule
        name = f"  {rule.label} ({rule.source})"
        print(f"{name:<70}{mean(recalls):>8.3f}{min(recalls):>8.3f}{read:>8.0%}{kept:>11.0%}")


_P_VALUES = """
import json, sys, numpy as np, buscarpy
given = json.load(sys.stdin)
print(json.dumps([float(buscarpy.calculate_h0(np.array(found), N=total)) for found, total in given]))
"""


def compare_p_values(runs: list, python: Path) -> None:
    """Compare our p values with those of the authors' own program."""
    from reviewkit.model.stopping import history
    from reviewkit.model.stopping.hypergeometric import p_value

    parts = [(run.found[: len(run.found) // part], len(run.found)) for run in runs for part in (2, 3, 10)]
    given = [([int(label) for label in found], total) for found, total in parts]
    done = subprocess.run(
        [python, "-W", "ignore", "-c", _P_VALUES], input=json.dumps(given), text=True, capture_output=True, check=True
    )
    theirs = json.loads(done.stdout)
    ours = [p_value(history(found, total), 0.95) for found, total in parts]
    apart = max(abs(a - b) for a, b in zip(ours, theirs, strict=True))
    print(f"p values of the hypergeometric test and of {BUSCARPY}: {len(ours)} compared, at most {apart:.0e} apart.")


# --- what it costs -----------------------------------------------------------------------------


def measure_cost(reviews: list[Review], asreview: Path | None) -> None:
    """Measure whole simulations of the larger sets, each program in a process of its own."""
    print(f"\n{'one whole simulation':<40}{'CPU s':>8}{'peak MB':>9}")
    with tempfile.TemporaryDirectory(prefix="reviewkit-bench-") as name:
        folder = Path(name)
        for review in [review for review in reviews if review.name in TIMED]:
            included, excluded = review.priors[0]
            command = [sys.executable, "-m", "reviewkit", "simulate", review.path, "--priors", f"{included},{excluded}"]
            ours = measure([*command, "--ranking", folder / "order.csv"], folder, 1)
            print(f"  {review.name + ', reviewkit':<38}{ours[0]:>8.2f}{ours[2]:>9.0f}", flush=True)
            if not asreview:
                continue
            path, rows = peer_file(review, folder)
            words = [asreview.parent / "asreview", "simulate", path, "--seed", "0", "--prior-idx", *rows]
            theirs = measure([*words, "--output", folder / f"{review.name}.asreview"], folder, 1, quiet=True)
            print(f"  {review.name + ', ASReview':<38}{theirs[0]:>8.2f}{theirs[2]:>9.0f}", flush=True)
            times = theirs[0] / ours[0]
            verdict = "as asked" if times >= CHEAPER else f"LESS than the {CHEAPER} asked for"
            print(f"    {times:.0f} times less CPU: {verdict}; memory {ours[2] / theirs[2]:.0%} of ASReview's.")


def peer_file(review: Review, folder: Path) -> tuple[Path, list[str]]:
    """Write a set as ASReview takes it; return it with the rows of the priors."""
    from reviewkit.steps.labelled import read_labelled

    records = read_labelled(review.path).records
    path = folder / f"{review.name}.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(["title", "abstract", "included"])
        table.writerows([record.title, record.abstract, int(record.included)] for record in records)
    place = {record.id: str(row) for row, record in enumerate(records)}
    return path, [place[name] for name in review.priors[0]]


def peer(folder: Path, name: str, package: str) -> Path | None:
    """Install a peer into an environment of its own; return its Python, and say so where it cannot be had."""
    home = folder / name
    python = home / "bin" / "python"
    if python.is_file() and not subprocess.run([python, "-c", f"import {name}"], check=False).returncode:
        return python
    print(f"Installing {package} into {home} (only this once) ...", flush=True)
    made = subprocess.run([sys.executable, "-m", "venv", "--clear", home], check=False).returncode
    if made or subprocess.run([python, "-m", "pip", "install", "--quiet", package], check=False).returncode:
        print(f"{package} cannot be installed here and is not measured.")
        return None
    return python


if __name__ == "__main__":
    main()
