"""Values of extraction fields: what people and spreadsheet programs write, read into one canonical text per type."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from difflib import get_close_matches

from reviewkit.model.dates import date_text
from reviewkit.model.extractions import NOT_REPORTED, STATEMENTS, UNCLEAR, fold
from reviewkit.model.numbers import number_text
from reviewkit.model.protocol import Field, FieldType

LONGEST = 30_000  # characters of one value; a spreadsheet cell ends at 32,767 (Excel's specification)
SEPARATOR = "; "  # between several choices
KEY_SEPARATOR = " | "  # between the key values that name a row of a repeated group

FREE = Field(id="source", label="source", type=FieldType.TEXT)  # for quotes and notes, which take any text

_SAID = {"not reported": NOT_REPORTED, "nr": NOT_REPORTED, "n.r": NOT_REPORTED, "unclear": UNCLEAR}
_TRUTH = {"yes": "yes", "y": "yes", "true": "yes", "1": "yes", "no": "no", "n": "no", "false": "no", "0": "no"}
_OR_SAY = " or ".join(f'"{statement}"' for statement in STATEMENTS)
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff\ud800-\udfff]")
_ESCAPED = re.compile(r"_x00([01][0-9A-F])_")  # how Excel writes control characters, such as _x000D_ of pasted text


@dataclass(frozen=True, slots=True)
class Misread:
    """What a cell holds and the field does not take: what was found, and what to write."""

    problem: str


def canonical(field: Field, found: object) -> str | Misread:
    """Read what stands in a cell, or was typed, as the canonical text of a field's value.

    '' means blank. Any field takes the statements "not reported" (also NR) and "unclear".

    Args:
        found: text, number, truth value, date or None, as a spreadsheet library hands them over.
    """
    text = _as_text(found)
    if text == "":
        return ""
    if len(text) > LONGEST:
        return Misread(f"{len(text)} characters are too many for one value; shorten it to at most {LONGEST:,}")
    folded = fold(text)
    exact = {fold(choice): choice for choice in field.choices}
    if folded in exact:
        return exact[folded]
    if said := _SAID.get(folded.rstrip(".")):
        return said
    result = _read(field, found, text)
    if isinstance(result, str) or field.type is FieldType.TEXT:
        return result
    return Misread(f"{result.problem}, {_OR_SAY}")


def wanted(field: Field) -> str:
    """Say in a few words what to write into a field."""
    unit = f" in {field.unit}" if field.unit else ""
    words: Mapping[FieldType, str] = {
        FieldType.TEXT: f"text{unit}",
        FieldType.INTEGER: f"a whole number{unit}",
        FieldType.NUMBER: f"a number{unit}",
        FieldType.DATE: "a date as 2024-03-18, or 2024-03, or 2024",
        FieldType.YES_NO: "yes or no",
        FieldType.CHOICE: "one of the choices",
        FieldType.CHOICES: "one or more of the choices, with ; between them",
    }
    return words[field.type]


def for_cell(field: Field, text: str) -> str | int | float:
    """Return a canonical text as a spreadsheet should hold it: numbers as numbers where nothing is lost by it."""
    if field.type not in (FieldType.INTEGER, FieldType.NUMBER) or not text or text in STATEMENTS:
        return text
    try:
        number = int(text) if re.fullmatch(r"-?\d+", text) else float(text)
    except ValueError:
        return text
    return number if canonical(field, number) == text and abs(number) < 1e15 else text


def row_name(keys: list[str]) -> str:
    """Name a row of a repeated group by its canonical key values."""
    return KEY_SEPARATOR.join(keys)


def quoted(text: str) -> str:
    """Return a text on one line in quotation marks, cut where it is long, for messages."""
    one_line = " ".join(text.split())
    return f'"{one_line[:57]}..."' if len(one_line) > 60 else f'"{one_line}"'


def _as_text(found: object) -> str:
    """Write what was found as one line of thought: Unicode composed, line ends plain, no control characters."""
    if found is None:
        return ""
    if isinstance(found, bool):
        return "TRUE" if found else "FALSE"
    if isinstance(found, float):
        # 15 digits are what a spreadsheet shows; the rest is the noise of binary fractions
        return str(int(found)) if found.is_integer() and abs(found) < 1e15 else f"{found:.15g}"
    if isinstance(found, datetime):
        return found.date().isoformat()
    if isinstance(found, date | time | timedelta):
        return str(found)
    text = _ESCAPED.sub(lambda m: chr(int(m.group(1), 16)), unicodedata.normalize("NFC", str(found)))
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = _CONTROL.sub(" ", text).replace("\u00a0", " ")
    return "\n".join(line.rstrip() for line in text.split("\n")).strip()


def _read(field: Field, found: object, text: str) -> str | Misread:
    match field.type:
        case FieldType.TEXT:
            return _text(found, text)
        case FieldType.INTEGER | FieldType.NUMBER:
            return _number(field, found, text)
        case FieldType.DATE:
            return _date(field, found, text)
        case FieldType.YES_NO:
            return _TRUTH.get(fold(text)) or Misread(f"{quoted(text)} is neither; write yes, no")
        case FieldType.CHOICE:
            return _unknown_choice(field, text)
        case FieldType.CHOICES:
            return _choices(field, text)


def _text(found: object, text: str) -> str | Misread:
    if isinstance(found, date | time | timedelta):
        return Misread(
            f"a date or time ({text}) where text belongs; a spreadsheet program makes dates of texts such as 3-4. "
            f"Put an apostrophe in front and write the text again"
        )
    return text


def _number(field: Field, found: object, text: str) -> str | Misread:
    if isinstance(found, bool | date | time | timedelta):
        return Misread(f"{text} is not a number; write {wanted(field)}, such as 20")
    number, problem = number_text(text, field.unit, whole=field.type is FieldType.INTEGER)
    return Misread(problem) if problem else number


def _date(field: Field, found: object, text: str) -> str | Misread:
    if isinstance(found, bool | time | timedelta):
        return Misread(f"{text} is not a date; write {wanted(field)}")
    made, problem = date_text(found if isinstance(found, date | int | float) else text)
    return Misread(problem) if problem else made


def _choices(field: Field, text: str) -> str | Misread:
    exact = {fold(choice): choice for choice in field.choices}
    parts = [part.strip() for part in re.split(r"[;\n]", text) if part.strip()]
    for part in parts:
        if _SAID.get(fold(part).rstrip(".")) and fold(part) not in exact:
            return Misread(f'{quoted(text)} says "{part}" beside a choice; write only the choices')
        if fold(part) not in exact:
            return _unknown_choice(field, part)
    chosen = {exact[fold(part)] for part in parts}
    return SEPARATOR.join(choice for choice in field.choices if choice in chosen)


def _unknown_choice(field: Field, text: str) -> Misread:
    folded = {fold(choice): choice for choice in field.choices}
    close = get_close_matches(fold(text), folded, n=1)
    if close:
        return Misread(f"{quoted(text)} is not among the choices; did you mean {quoted(folded[close[0]])}? Write it")
    return Misread(f"{quoted(text)} is not among the choices; write {', '.join(map(quoted, field.choices))}")
