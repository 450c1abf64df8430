"""Measuring a command as a process of its own, by what the system counted for it."""

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median

Figures = tuple[float, float, float]


def measure(command: Sequence[object], cwd: Path, times: int = 3, quiet: bool = False) -> Figures:
    """Run a command some times; return the medians of CPU seconds, seconds by the clock, and peak megabytes.

    A `quiet` command's progress bars are thrown away, and its complaints with them.
    """
    errors = subprocess.DEVNULL if quiet else None
    runs = []
    for _ in range(times):
        begun = time.perf_counter()
        process = subprocess.Popen([str(word) for word in command], cwd=cwd, stdout=subprocess.DEVNULL, stderr=errors)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            sys.exit(f"{command} failed")
        # Linux counts memory in kilobytes, macOS in bytes.
        peak = usage.ru_maxrss / (1 << 20 if sys.platform == "darwin" else 1 << 10)
        runs.append((usage.ru_utime + usage.ru_stime, time.perf_counter() - begun, peak))
    cpu, clock, memory = (median(column) for column in zip(*runs, strict=True))
    return cpu, clock, memory


def heading() -> None:
    """Print the heading of the table."""
    print(f"{'':<66}{'CPU s':>8}{'clock s':>10}{'peak MB':>10}")


def show(what: str, figures: Figures) -> None:
    """Print one line of the table."""
    cpu, clock, memory = figures
    print(f"{what:<66}{cpu:>8.2f}{clock:>10.2f}{memory:>10.0f}", flush=True)
