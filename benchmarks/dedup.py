"""How well and how fast duplicates are found, reviewkit and bib-dedupe side by side: `python benchmarks/dedup.py`.

Accuracy is counted by record, as the literature does: duplicates rightly removed (TP), different works wrongly merged
(FP), duplicates left in (FN). Five labelled sets and made-up sets of any size come from a folder that holds `dedup/`
with `score.py` and `scale.py`: --bench FOLDER, REVIEWKIT_BENCH, or else ../shared/bench beside this repository. Where
it is not there, nothing is measured. bib-dedupe is installed into an environment of its own, below .venv; where it
cannot be had, reviewkit is measured alone. CPU seconds and peak memory are what the system counted for each process.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from measuring import Figures, measure

HERE = Path(__file__).resolve().parent
BESIDE = HERE.parent.parent / "shared" / "bench"
PEER = "bib-dedupe==0.11.0"
SETS = ("cytology_screening", "haematology", "digital_work", "mis_baseline", "tafenoquine")
REPAIRED = "duplicates_adjudicated.csv"  # a set's labels with known mistakes mended; scored beside those as published
SIZES = (1_000, 10_000, 100_000)
COMPARED = 10_000  # the size at which the two are compared
PEER_MOST = 10_000  # records; 50,000 it does not finish in five minutes
LEAST = 50  # times less CPU that is asked for
HEADINGS = (("TP", 8), ("FP", 6), ("FN", 6), ("CPU s", 9), ("ms/record", 11), ("peak MB", 9))


@dataclass(frozen=True)
class Score:
    """What `score.py` counted of one set."""

    records: int
    tp: int
    fp: int
    fn: int

    def __str__(self) -> str:
        return f"{self.tp:>8,}{self.fp:>6,}{self.fn:>6,}"


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--bench", type=Path, metavar="FOLDER", help="where dedup/ with the labelled sets lies")
    arguments.add_argument("--million", action="store_true", help="measure reviewkit with 1,000,000 records too")
    arguments.add_argument("--no-peer", action="store_true", help="measure reviewkit alone")
    arguments.add_argument("--peer-python", type=Path, metavar="FILE", help="a Python that has bib-dedupe already")
    given = arguments.parse_args()
    bench = (given.bench or Path(os.environ.get("REVIEWKIT_BENCH") or BESIDE)).resolve() / "dedup"
    if not (bench / "score.py").is_file():
        print(f"Duplicates: the labelled sets are not at {bench}, so nothing is measured (--bench FOLDER).")
        return
    peer = None if given.no_peer else given.peer_python or peer_python()
    with tempfile.TemporaryDirectory(prefix="reviewkit-bench-") as name:
        run(bench, Path(name), peer, (*SIZES, *([1_000_000] if given.million else [])))


def run(bench: Path, folder: Path, peer: Path | None, sizes: tuple[int, ...]) -> None:
    columns = "".join(f"{heading:>{width}}" for heading, width in HEADINGS)
    print(f"\n{'duplicates':<22}{'records':>9}  {'':<11}{columns}")
    sums: dict[str, list[Score]] = {}
    for name in SETS:
        for program, score, _ in both(bench, bench / name, folder, peer):
            sums.setdefault(program, []).append(score)
    for program, scores in sums.items():
        whole = Score(*(sum(getattr(score, part) for score in scores) for part in ("records", "tp", "fp", "fn")))
        print(f"{'the five sets together':<33}{program:<11}{whole}")
    per_record: dict[str, float] = {}
    for size in sizes:
        made = folder / f"{size:,} made up"
        subprocess.run([sys.executable, bench / "scale.py", str(size), made], check=True, stdout=subprocess.DEVNULL)
        for program, _, figures in both(bench, made, folder, peer if size <= PEER_MOST else None):
            if size == COMPARED:
                per_record[program] = figures[0] / size
        if size == max(SIZES):
            profile(made / "records.csv", folder)
    if len(per_record) > 1:
        times = per_record["bib-dedupe"] / per_record["reviewkit"]
        verdict = "as asked" if times >= LEAST else f"LESS than the {LEAST} asked for"
        print(f"\nWith {COMPARED:,} records reviewkit needs {times:.0f} times less CPU per record: {verdict}.")


def both(bench: Path, data: Path, folder: Path, peer: Path | None) -> Iterator[tuple[str, Score, Figures]]:
    """Measure each program on one set, print a line for each, and yield what was found."""
    records = data / "records.csv"
    out = folder / "clusters.csv"
    commands: dict[str, list[object]] = {
        "reviewkit": [sys.executable, "-m", "reviewkit", "dedupe", records, "--clusters", out, "--json"]
    }
    if peer:
        commands["bib-dedupe"] = [peer, HERE / "peer_bib_dedupe.py", records, out]
    for program, command in commands.items():
        out.unlink(missing_ok=True)
        figures = measure(command, folder, 1)
        score = scored(bench, data, out)
        cpu, _, memory = figures
        line = f"{data.name:<22}{score.records:>9,}  {program:<11}{score}"
        print(f"{line}{cpu:>9.2f}{1000 * cpu / score.records:>11.3f}{memory:>9.0f}", flush=True)
        yield program, score, figures
        if (data / REPAIRED).is_file():
            print(f"{'  labels mended':<33}{program:<11}{scored(bench, data, out, REPAIRED)}", flush=True)


def scored(bench: Path, data: Path, clusters: Path, truth: str = "duplicates.csv") -> Score:
    command = [sys.executable, bench / "score.py", data, clusters, "--truth", data / truth]
    counted = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return Score(*(counted[part] for part in ("records", "tp", "fp", "fn")))


def profile(records: Path, folder: Path) -> None:
    """Show where reviewkit's time goes."""
    command = [sys.executable, HERE / "dedup_profile.py", records, folder / "clusters.csv"]
    print("\n" + subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def peer_python() -> Path | None:
    """Install bib-dedupe into an environment of its own; say so where it cannot be had."""
    home = Path(sys.prefix) / "peers" / "bib-dedupe"
    python = home / "bin" / "python"
    if not (home / "installed").is_file():
        print(f"Installing {PEER} into {home} (only this once) ...", flush=True)
        made = subprocess.run([sys.executable, "-m", "venv", "--clear", home], check=False)
        done = (
            made.returncode or subprocess.run([python, "-m", "pip", "install", "--quiet", PEER], check=False).returncode
        )
        if done:
            print(f"{PEER} cannot be installed here and is not measured.")
            return None
        (home / "installed").touch()
    return python


if __name__ == "__main__":
    main()
