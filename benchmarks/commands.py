"""A whole review of made-up records, every command of it measured: import, duplicates, screening, outputs, archive."""

import csv
import random
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from measuring import measure, show

_REVIEWKIT = [sys.executable, "-m", "reviewkit"]
_SYLLABLES = ("ba", "do", "fi", "gu", "ka", "le", "mi", "no", "pu", "ra", "se", "ti", "vo", "wa", "xe", "zu")
_COPIES = 8  # every eighth entry is another database's copy of an earlier one
_DECIDED = 3  # one record in three is decided on, by two people
_INCLUDED = 100  # and one in a hundred of these is included


def measure_commands(folder: Path, records: int) -> None:
    """Make a review with as many records and print a line for each command."""
    home = folder / "review"
    subprocess.run([*_REVIEWKIT, "init", home], check=True, stdout=subprocess.DEVNULL)
    file = folder / "export.ris"
    write_ris(file, records)
    source = ("--database", "scopus", "--date", "2024-03-18")
    _show(home, f"import {records:,} citations as RIS, with abstracts", "import", str(file), *source)
    _show(home, "dedupe --rules-only, the first time", "dedupe", "--rules-only")
    _show(home, "dedupe --rules-only, again", "dedupe", "--rules-only")
    decisions, undecided = _write_decisions(home, folder / "decisions.csv")
    _show(home, f"decide import, of {decisions:,} decisions", "decide", "import", str(folder / "decisions.csv"))
    _show(home, "decide, one record", "decide", undecided, "include", "--reviewer", "Ann")
    for command in ("status", "flow", "agreement", "studies"):
        _show(home, command, command, times=3)
    _show(home, "extract sheet", "extract", "sheet", "--reviewer", "Ann")
    _show(home, "export", "export")
    _show(home, "archive", "archive")
    _show(home, "verify", "verify")
    again = folder / "restored"
    for part in ("protocols", "searches", "exports"):
        shutil.copytree(home / part, again / part)
    _show(again, "restore", "restore")


def _show(home: Path, what: str, *command: str, times: int = 1) -> None:
    show(f"reviewkit {what}", measure([*_REVIEWKIT, *command], home, times))


def write_ris(path: Path, records: int) -> None:
    dice = random.Random(7)
    made: list[str] = []
    with path.open("w", encoding="utf-8") as file:
        for number in range(1, records + 1):
            if number % _COPIES:
                title, doi = _sentence(dice, 12), f"10.1000/x.{number}"
                made.append(title)
            else:
                title, doi = dice.choice(made).upper(), ""  # in capitals and without its DOI
            people = "".join(f"AU  - {_word(dice).title()}, {chr(65 + n)}\n" for n in range(6)) if doi else ""
            abstract = ". ".join(_sentence(dice, 19) for _ in range(13))  # about 1,500 characters
            file.write(
                f"TY  - JOUR\nTI  - {title}\n{people}PY  - {1990 + number % 35}\nT2  - Journal of Results\nVL  - 7\n"
                f"SP  - {number}\nDO  - {doi}\nAB  - {abstract}\nER  - \n\n"
            )


def _word(dice: random.Random) -> str:
    return "".join(dice.choices(_SYLLABLES, k=dice.choice((2, 3, 3, 4))))


def _sentence(dice: random.Random, words: int) -> str:
    return " ".join(_word(dice) for _ in range(words)).capitalize()


def _write_decisions(home: Path, path: Path) -> tuple[int, str]:
    """Let two people decide on the first records, and differ now and then; return how many rows, and a record left."""
    listed = subprocess.run(
        [*_REVIEWKIT, "flow", "--list", "not-yet-screened", "--json"],
        cwd=home,
        check=True,
        capture_output=True,
        text=True,
    )
    ids = [line.split('"')[3] for line in listed.stdout.splitlines() if line.strip().startswith('"id":')]
    rows = [row for place, record in enumerate(ids[: len(ids) // _DECIDED]) for row in _votes(place, record)]
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(("record", "stage", "reviewer", "verdict", "criterion"))
        table.writerows(rows)
    return len(rows), ids[-1]


def _votes(place: int, record: str) -> Iterator[tuple[str, str, str, str, str]]:
    for reviewer in ("Ann", "Bob"):
        if place % _INCLUDED == 0:
            for stage in ("title-abstract", "full-text"):
                yield record, stage, reviewer, "include", ""
        elif place % 40 == 7 and reviewer == "Bob":
            yield record, "title-abstract", reviewer, "include", ""
        else:
            yield record, "title-abstract", reviewer, "exclude", "E1"
