"""Small exports of other screening programs, as they write them, of invented publications."""

import csv
import io
from collections.abc import Mapping, Sequence

RAYYAN_COLUMNS = (
    "key", "title", "year", "month", "day", "journal", "issn", "volume", "issue", "pages", "authors", "url",
    "language", "publisher", "location", "abstract", "notes", "doi", "keywords", "pubmed_id", "pmc_id",
)  # fmt: skip
COVIDENCE_COLUMNS = (
    "Title", "Authors", "Abstract", "Published Year", "Published Month", "Journal", "Volume", "Issue", "Pages",
    "Accession Number", "DOI", "Ref", "Covidence #", "Study", "Notes", "Tags",
)  # fmt: skip
_WORDS = (
    "Lumbar", "Cervical", "Thoracic", "Sacral", "Muscular", "Neural", "Vascular", "Cellular", "Molecular", "Clinical",
    "Surgical", "Manual", "Digital", "Chronic", "Acute", "Early", "Late", "Rapid", "Slow", "Novel",
    "Classic", "Rural", "Urban", "Nordic", "Alpine", "Coastal", "Polar", "Tropical", "Hidden", "Open",
)  # fmt: skip


def title(n: int) -> str:
    """The title of publication n (1 to 30), unlike every other one."""
    return f"{_WORDS[n - 1]} vesicles and back pain in {_WORDS[-n].lower()} care"


def author(n: int) -> str:
    """Its only author, as RIS and Rayyan write names."""
    return f"{_WORDS[n * 7 % 30]}er, A."


def table(columns: Sequence[str], rows: Sequence[Mapping[str, object]]) -> bytes:
    """A CSV with these columns; what a row does not say is empty."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, columns, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def inclusion(**verdicts: str) -> str:
    """Rayyan's note: `inclusion(Ann="Included", Bo="Maybe")`."""
    return "RAYYAN-INCLUSION: {" + ", ".join(f'"{name}"=>"{word}"' for name, word in verdicts.items()) + "}"


def rayyan(notes: Mapping[int, str]) -> bytes:
    """Rayyan's articles.csv: number of a publication -> its notes."""
    return table(RAYYAN_COLUMNS, [
        {
            "key": f"rayyan-{9000 + n}", "title": title(n), "year": 2000 + n % 25, "journal": f"{_WORDS[n % 30]} Spine",
            "volume": n, "pages": f"{n}1-{n}9", "authors": author(n), "notes": said, "doi": f"10.1000/back.{n}",
        }
        for n, said in notes.items()
    ])  # fmt: skip


def rayyan_log(*rows: tuple[str, str, int, str, str]) -> bytes:
    """Rayyan's customizations_log.csv: time, e-mail, number of a publication, key, value."""
    return table(
        ("created_at", "user_id", "user_email", "article_id", "key", "value"),
        [
            {
                "created_at": at, "user_id": sum(map(ord, email)), "user_email": email, "article_id": 9000 + n,
                "key": key if key == "included" else f'"{key}"', "value": value,
            }
            for at, email, n, key, value in rows
        ],
    )  # fmt: skip


def covidence(rows: Mapping[int, tuple[str, str]]) -> bytes:
    """One of Covidence's lists: number of a publication -> notes, tags."""
    return table(COVIDENCE_COLUMNS, [
        {
            "Title": title(n), "Authors": author(n), "Published Year": 2000 + n % 25,
            "Journal": f"{_WORDS[n % 30]} Spine", "Volume": n, "Pages": f"{n}1-{n}9", "DOI": f"10.1000/back.{n}",
            "Ref": 70 + n, "Covidence #": f"#{500 + n}",
            "Study": f"{author(n).split('er,')[0]} {2000 + n % 25}", "Notes": notes, "Tags": tags,
        }
        for n, (notes, tags) in rows.items()
    ])  # fmt: skip


def ris(numbers: Sequence[int], notes: Mapping[int, str] | None = None) -> bytes:
    """The same publications as a database exports them, perhaps with notes."""
    entries = []
    for n in numbers:
        lines = [
            "TY  - JOUR", f"TI  - {title(n)}", f"AU  - {author(n)}", f"PY  - {2000 + n % 25}",
            f"JO  - {_WORDS[n % 30]} Spine", f"VL  - {n}", f"SP  - {n}1", f"EP  - {n}9", f"DO  - 10.1000/back.{n}",
        ]  # fmt: skip
        lines += [f"N1  - {notes[n]}"] if notes and n in notes else []
        entries.append("\n".join([*lines, "ER  - ", ""]))
    return "\n".join(entries).encode()
