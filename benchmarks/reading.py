"""Reading export files, measured beside what others read them with: RIS with rispy, MEDLINE text with Biopython."""

import subprocess
import sys
from pathlib import Path
from textwrap import fill

from commands import write_ris
from measuring import Figures, measure, show

RISPY = "rispy==0.10.0"

_OURS = """
import sys
from reviewkit.formats import AS_NAMED, FORMATS
with open(sys.argv[2], "rb") as file:
    found = sum(hasattr(item, "title") for item in FORMATS[sys.argv[1]].parse(file, AS_NAMED))
sys.exit(0 if found == int(sys.argv[3]) else f"{found} entries")
"""
_RISPY = """
import sys, rispy
with open(sys.argv[2], encoding="utf-8") as file:
    found = len(rispy.load(file))
sys.exit(0 if found == int(sys.argv[3]) else f"{found} entries")
"""
_BIOPYTHON = """
import sys
from Bio import Medline
with open(sys.argv[2], encoding="utf-8") as file:
    found = sum(bool(record) for record in Medline.parse(file))
sys.exit(0 if found == int(sys.argv[3]) else f"{found} entries")
"""


def measure_reading(folder: Path, records: int) -> None:
    """Print a line for each reader and kind of file; rispy gets an environment of its own, where it can be had."""
    short, full, foreign, medline = (folder / f"{name}.txt" for name in ("short", "full", "foreign", "medline"))
    write_ris(short, records)
    _fill(short, full)
    _season(full, foreign)
    _turn(short, medline)
    theirs = _environment(folder)
    for what, path, kind in (
        ("RIS, title to abstract", short, "ris"),
        ("RIS, as a database exports it", full, "ris"),
        ("RIS, with accents and markup", foreign, "ris"),
        ("MEDLINE text", medline, "nbib"),
    ):
        size = f"{records:,} of {what} ({path.stat().st_size >> 20} MB)"
        show(f"read {size}: reviewkit", _run(sys.executable, _OURS, kind, path, records))
        if kind == "nbib":
            show(f"read {size}: Bio.Medline", _run(sys.executable, _BIOPYTHON, kind, path, records))
        elif theirs:
            show(f"read {size}: {RISPY}", _run(theirs, _RISPY, kind, path, records))


def _run(python: str, program: str, kind: str, path: Path, records: int) -> Figures:
    return measure([python, "-c", program, kind, path, records], path.parent, 3)


def _environment(folder: Path) -> str:
    """Install rispy; say so where it cannot be had."""
    home = folder / "rispy"
    python = home / "bin" / "python"
    subprocess.run([sys.executable, "-m", "venv", home], check=True)
    if subprocess.run([python, "-m", "pip", "install", "--quiet", RISPY], check=False).returncode:
        print("rispy cannot be installed here and is not measured")
        return ""
    return str(python)


def _fill(short: Path, full: Path) -> None:
    """Add to each entry what databases export beside the usual fields: addresses, keywords, numbers, notes."""
    lines = [f"AD  - Department {n}, University of Somewhere, Town, Country" for n in range(4)]
    lines += [f"KW  - keyword number {n}" for n in range(16)]
    lines += ["J2  - J. Res.", "IS  - 3", "EP  - 99", "SN  - 1234-5678 (ISSN)", "LA  - English", "PB  - A Press"]
    lines += ["M3  - Article", "UR  - https://www.example.org/record?id=85193&origin=export", "DB  - Scopus"]
    lines += ["N1  - Export Date: 18 March 2024; Cited By: 3", "ER  - \n"]
    with short.open(encoding="utf-8") as read, full.open("w", encoding="utf-8") as written:
        for line in read:
            written.write("\n".join(lines) if line.startswith("ER  -") else line)


def _season(full: Path, foreign: Path) -> None:
    """Put in what names and abstracts really hold: half of the entries signs beyond ASCII, some markup, blanks."""
    said = [
        "",
        " (P < 0.05)",
        " (95 % CI 1\u20132)",
        " \u00b1 1",
        "",
        " (P \u2264 0.05)",
        "",
        " \u03b1-synuclein",
        "",
        "",
    ] * 2
    said[4], said[8], said[14], said[18] = " (P &lt; 0.05)", " A &amp; B", " CO<sub>2</sub>", "  (n = 3)"
    names = ["", "", "\u00fc", "", "", "\u00e9", "", "", "\u0161", "", ""]
    entries = people = 0
    with full.open(encoding="utf-8") as read, foreign.open("w", encoding="utf-8") as written:
        for line in read:
            if line.startswith("AB  -"):
                entries += 1
                line = line.replace(". ", f"{said[entries % len(said)]}. ", 3)
            elif line.startswith("AU  -"):
                people += 1
                line = line.replace(",", f"{names[people % len(names)]},")
            written.write(line)


def _turn(short: Path, medline: Path) -> None:
    """Write the same entries as MEDLINE text, as PubMed saves it."""
    tags = {"TI": "TI", "PY": "DP", "T2": "JT", "VL": "VI", "SP": "PG", "AB": "AB"}
    more = [f"MH  - Heading {n}/therapy" for n in range(9)] + ["OT  - keyword", "LA  - eng", "PT  - Journal Article"]
    more += ["IS  - 1234-5678 (Print)", "TA  - J Res", "SB  - IM", "CRDT- 2024/03/18 06:00", "PST - ppublish"]
    number = 0
    with short.open(encoding="utf-8") as read, medline.open("w", encoding="utf-8") as written:
        for line in read:
            if line.startswith("TY"):
                number += 1
                written.write(f"\nPMID- {number}\nOWN - NLM\nSTAT- MEDLINE\n" + "\n".join(more) + "\n")
            elif line.startswith("AU"):
                family, _, initial = line[6:].strip().partition(", ")
                written.write(
                    f"FAU - {family}, {initial}\nAU  - {family} {initial}\nAD  - A Department, Town, Country.\n"
                )
            elif tag := tags.get(line[:2]):
                written.write(fill(f"{tag:<4}- {line[6:].strip()}", 88, subsequent_indent="      ") + "\n")
