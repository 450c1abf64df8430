"""What a workbook says of itself on its hidden sheet: which review, protocol version and person it was written for."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from reviewkit.model.protocol import Form


class Kind(StrEnum):
    """What a workbook is for."""

    EXTRACTION = "extraction"
    CONSENSUS = "consensus"


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """The marks of one workbook.

    `base` is the number of the last extraction that was stored when it was written: with it, reading tells
    what a person has changed in the sheet from what was changed elsewhere since.
    """

    kind: Kind
    review: str
    protocol: str
    form: str
    person: str
    base: int
    format: int = 1

    @property
    def tag(self) -> str:
        """A short name of the workbook, kept with the values read from it."""
        return hashlib.sha256(json.dumps(self.rows()).encode()).hexdigest()[:8]

    def rows(self) -> list[tuple[str, str]]:
        """Return the marks as texts, for the hidden sheet."""
        return [(key, str(value)) for key, value in sorted(asdict(self).items())]

    def note(self, text: str = "") -> str:
        """Return a note that also says from which workbook a value was read."""
        return f"{text} (sheet {self.tag})".strip()

    def wrote(self, note: str) -> bool:
        """Return True when a value with this note was read from this workbook."""
        return note.endswith(f"(sheet {self.tag})")


def parse_marks(rows: Mapping[str, str]) -> Marks | None:
    """Read the marks back, or return None where they are not whole."""
    try:
        return Marks(
            kind=Kind(rows["kind"]),
            review=rows["review"],
            protocol=rows["protocol"],
            form=rows["form"],
            person=rows["person"],
            base=int(rows["base"]),
            format=int(rows["format"]),
        )
    except (KeyError, ValueError):
        return None


def without_tag(note: str) -> str:
    """Return what a person wrote of a note."""
    head, mark, tail = note.rpartition("(sheet ")
    return head.strip() if mark and tail.endswith(")") and len(tail) == 9 else note


def form_version(form: Form) -> str:
    """Return a hash of the extraction form; criteria may change without making a sheet old."""
    content: dict[str, Any] = asdict(form)
    for key in ("reviewers", "settled_by"):
        content.pop(key)
    return hashlib.sha256(json.dumps(content, sort_keys=True, default=str).encode()).hexdigest()[:12]
