"""Numbers as people write them: decimal comma, thousands separators, units, read into one canonical text."""

import re
from decimal import Decimal, InvalidOperation

_SPACES = re.compile(r"(?<=\d)[ \u2009\u202f'’](?=\d{3}(?!\d))")  # thousands set apart; never a decimal sign
_ENGLISH = re.compile(r"[+-]?[1-9]\d{0,2}(,\d{3})+\.\d+|[+-]?[1-9]\d{0,2}(,\d{3}){2,}")
_CONTINENTAL = re.compile(r"[+-]?[1-9]\d{0,2}(\.\d{3})+,\d+|[+-]?[1-9]\d{0,2}(\.\d{3}){2,}")
_EITHER = re.compile(r"([+-]?[1-9]\d{0,2}),(\d{3})")  # 1,234: a thousand or a fraction
_COMMA = re.compile(r"[+-]?\d*,\d+")
_PLAIN = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?")


def number_text(text: str, unit: str, *, whole: bool) -> tuple[str, str]:
    """Read a number; return its canonical text and '', or '' and what is wrong with what to write instead.

    Args:
        text: as written; may end in the field's own unit ("20 %").
        unit: the field's unit, '' when it has none.
        whole: True when only whole numbers are taken.
    """
    shown = f'"{" ".join(text.split())[:60]}"'
    kind = "a whole number" if whole else "a number"
    plain = text.replace("\u2212", "-").replace("\u2013", "-").strip()
    if unit and plain.casefold().endswith(unit.casefold()):
        plain = plain[: -len(unit)].strip()
    elif plain.endswith("%"):
        return "", f"{shown} is a percentage, and the field {_asks(unit)}; write {kind} without the sign"
    plain = _SPACES.sub("", plain)
    if either := _EITHER.fullmatch(plain):
        left, right = either.groups()
        return "", f"{shown} can be read in two ways; write {left}{right} or {left}.{right}"
    if _ENGLISH.fullmatch(plain):
        plain = plain.replace(",", "")
    elif _CONTINENTAL.fullmatch(plain):
        plain = plain.replace(".", "").replace(",", ".")
    elif _COMMA.fullmatch(plain):
        plain = plain.replace(",", ".")
    if not _PLAIN.fullmatch(plain):
        example = "20" if whole else "12.5"
        return "", f"{shown} is not {kind}; write only the number{_in(unit)}, such as {example}"
    try:
        number = Decimal(plain)
    except InvalidOperation:
        return "", f"{shown} is not {kind}; write it in plain digits"
    if abs(number.adjusted()) > 300:
        return "", f"{shown} is beyond what a spreadsheet can hold; write it as text in a note"
    if whole and number != number.to_integral_value():
        return "", f"{shown} is not a whole number; write one without decimals{_in(unit)}"
    return _write(number), ""


def _write(number: Decimal) -> str:
    """Write without trailing zeros; powers of ten only where plain digits would be hard to read."""
    number = number.normalize()
    if number == 0:
        return "0"
    if -7 <= number.adjusted() <= 15:
        return f"{number:f}"
    return f"{number:e}".replace("E", "e").replace("e+", "e")


def _in(unit: str) -> str:
    return f" in {unit}" if unit else ""


def _asks(unit: str) -> str:
    return f"asks for {unit}" if unit else "has no unit"
