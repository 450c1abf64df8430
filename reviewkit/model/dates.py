"""Dates as people and spreadsheet programs write them, read into ISO texts: 2024-03-18, 2024-03 or 2024."""

import re
from datetime import date, datetime, timedelta

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NAME = (
    r"(?P<m>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)\.?"
)
_ISO = re.compile(r"(\d{4})(?:[-/.](\d{1,2})(?:[-/.](\d{1,2}))?)?(?:[T ][\d:.]+Z?)?")
_DAY_FIRST = re.compile(r"(\d{1,2})\.\s*(\d{1,2})\.\s*(\d{4})")  # with points the day always comes first
_SLASHED = re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4})")  # day or month first, by country
_NAMED = (
    re.compile(rf"(?P<d>\d{{1,2}})(?:st|nd|rd|th|\.)?[ -]{_NAME}[ ,-]*(?P<y>\d{{4}})", re.IGNORECASE),
    re.compile(rf"{_NAME} (?P<d>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<y>\d{{4}})", re.IGNORECASE),
    re.compile(rf"{_NAME}[ ,-]*(?P<y>\d{{4}})(?P<d>)", re.IGNORECASE),
)
_FIRST, _LAST = 1800, 2200  # years that a report of a study can name
_ZERO = date(1899, 12, 30)  # day 0 of spreadsheet programs
_WRITE = "write it as 2024-03-18 (year, month, day), or 2024-03, or 2024"


def date_text(found: date | float | str) -> tuple[str, str]:
    """Read a date; return its ISO text and '', or '' and what is wrong with what to write instead."""
    if isinstance(found, date):
        day = found.date() if isinstance(found, datetime) else found
        serial = (day - _ZERO).days
        if _FIRST <= serial <= _LAST:  # a year alone, typed into a cell that is formatted as a date
            return "", f"{day} is what a spreadsheet program makes of the year {serial}; write '{serial} as text"
        return _made(day.year, day.month, day.day, str(day))
    if isinstance(found, int | float):
        if _FIRST <= found <= _LAST and found == int(found):
            return str(int(found)), ""
        hint = f" (the number of {_ZERO + timedelta(days=int(found))})" if 20_000 < found < 100_000 else ""
        return "", f"{found:g} is a number{hint}, not a date; {_WRITE}"
    return _read(" ".join(found.split()))


def _read(text: str) -> tuple[str, str]:
    if iso := _ISO.fullmatch(text):
        return _made(int(iso[1]), int(iso[2]) if iso[2] else None, int(iso[3]) if iso[3] else None, text)
    if first := _DAY_FIRST.fullmatch(text):
        return _made(int(first[3]), int(first[2]), int(first[1]), text)
    if slashed := _SLASHED.fullmatch(text):
        one, two, year = map(int, slashed.groups())
        if one != two and one <= 12 and two <= 12:
            return "", f'"{text}" can be read in two ways; write {year}-{two:02}-{one:02} or {year}-{one:02}-{two:02}'
        return _made(year, min(one, two), max(one, two), text)  # the one above 12 is the day
    for pattern in _NAMED:
        if named := pattern.fullmatch(text):
            month = _MONTHS.index(named["m"][:3].lower()) + 1
            return _made(int(named["y"]), month, int(named["d"]) if named["d"] else None, text)
    return "", f'"{text[:60]}" is not a date; {_WRITE}'


def _made(year: int, month: int | None, day: int | None, text: str) -> tuple[str, str]:
    try:
        date(year, month or 1, day or 1)
    except ValueError:
        return "", f'there is no such day as "{text}"; {_WRITE}'
    if not _FIRST <= year <= _LAST:
        return "", f'the year of "{text}" cannot be right; {_WRITE}'
    return "-".join([f"{year:04}", *(f"{part:02}" for part in (month, day) if part is not None)]), ""
