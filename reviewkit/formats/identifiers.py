"""Identifiers, years and dates as sources write them, brought into the one form that citations hold."""

import re
from urllib.parse import unquote

from reviewkit.formats.clean import clean

_DOI = re.compile(r"10\.\d{4,9}(?:\.\d{1,9}){0,3}/\S{1,1000}")  # bounded: hostile text must not cost hours
_WHOLE_DOI = re.compile(r"10\.\d{4,9}/[A-Za-z0-9._()/-]{0,200}[A-Za-z0-9]", re.A)  # and nothing but a plain one
_PMID = re.compile(r"(?:.*pubmed\S*/|PMID\W*|PUBMED\W{1,3}|MEDLINE:)?0*([1-9]\d{0,7})(?:\.0)?(?:\s*\[pmid\])?/?", re.I)
_CINAHL = re.compile(r"\bPMID: ?NLM0*([1-9]\d{0,7})\b")
_PMCID = re.compile(r"(?:^|\W)PMC\s?(\d{1,9})", re.I)
_ISSN = re.compile(r"(?<![\dXx-])(\d{4})-?(\d{3}[\dXx])(?![\dXx-])")
_YEAR = re.compile(r"(?<!\d)(1[5-9]\d\d|20\d\d)(?=(?:[01]\d[0-3]\d)?(?!\d))")
_ARTICLE_NUMBER = re.compile(r"^(?:ARTN|UNSP|art(?:icle)?\.?(?: ?no\.?| number)?)[\s:]+(?=\w)", re.I)
_EMPTY = frozenset(("na", "n/a", "nan", "none", "null", "-"))

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

# The primary registers of the WHO network and ClinicalTrials.gov, by the shape of their numbers.
_REGISTRATION = re.compile(
    r"""(?<![A-Za-z0-9])(?:
    NCT\s?0?\d{8} | ISRCTN\s?\d{8} | ACTRN\s?\d{14} | ChiCTR[-A-Za-z]*\d{8,12} | DRKS\s?\d{8} | KCT\s?\d{7}
    | JPRN-[A-Za-z]+\d+ | UMIN\s?\d{9} | jRCTs?\d{9,10} | JapicCTI-?\d{6} | JMA-IIA\d{5} | CTRI/\d{4}/\d{2,3}/\d{6}
    | IRCT\d{8,20}(?:N\d+)? | NTR\s?\d{2,5} | NL-OMON\d{4,6} | PACTR\d{12,18} | PER-\d{3}-\d{2} | RBR-[0-9a-z]{6,8}
    | RPCEC\d{8} | SLCTR/\d{4}/\d{3} | TCTR\d{11} | LBCTR\d{10}
    | (?:EudraCT|EUCTR|CTIS|EU\sCT)[\s:-]*\d{4}-\d{6}-\d{2}(?:-\d{2})?
    )(?![A-Za-z0-9])""",
    re.X | re.I,
)


def doi_in(text: str) -> str:
    """Return the DOI in a text ("https://doi.org/10.1/X", "doi: 10.1/X."), case as reported, or ''."""
    if _WHOLE_DOI.fullmatch(text):
        return text
    if "10." not in text:
        return ""
    found = _DOI.search(unquote(text) if "doi.org" in text.lower() else clean(text))
    if not found:
        return ""
    doi = found.group()
    while doi and (doi[-1] in ".,;:'\"" or (doi[-1] in ")]}>" and _opens_nothing(doi))):
        doi = doi[:-1]
    return doi


def _opens_nothing(doi: str) -> bool:
    return any(doi.endswith(shut) and doi.count(shut) > doi.count(opened) for opened, shut in ("()", "[]", "{}", "<>"))


def pmid_in(text: str) -> str:
    """Return the PMID of a text that is nothing else ("123", "PMID: 123", PubMed's address), or ''."""
    found = _PMID.fullmatch(text.strip()) if len(text) < 200 else None
    return found.group(1) if found else ""


def pmcid_in(text: str) -> str:
    """Return the PMCID in a text as "PMC123", or ''."""
    found = _PMCID.search(text)
    return f"PMC{found.group(1)}" if found else ""


def labelled_ids(notes: str) -> tuple[str, str]:
    """Return PMID and PMCID in notes: on lines of their own, "PMID: 123" (Zotero), or as CINAHL's "PMID: NLM123"."""
    if "PM" not in notes.upper():
        return "", ""
    lines = [line.strip() for line in notes.split("\n")]
    pmid = next((pmid_in(line) for line in lines if line[:5].upper() == "PMID:"), "")
    if not pmid and (found := _CINAHL.search(notes)):
        pmid = found.group(1)
    return pmid, next((pmcid_in(line) for line in lines if line[:6].upper() == "PMCID:"), "")


def registrations_in(text: str) -> tuple[str, ...]:
    """Return the trial registration numbers in a text, without blanks; NCT numbers in capitals."""
    found = (re.sub(r"\s", "", match.group()) for match in _REGISTRATION.finditer(text))
    return tuple(dict.fromkeys(n.upper() if n[:3].upper() in ("NCT", "ISR", "ACT") else n for n in found))


def is_registration(text: str) -> bool:
    """True when a text is one registration number and nothing else."""
    text = text.strip()
    if not text[-1:].isdecimal() and text[:4].upper() != "RBR-":  # only Brazil's may end in a letter
        return False
    return bool(_REGISTRATION.fullmatch(text))


def issns_in(text: str) -> tuple[str, ...]:
    """Return the ISSNs in a text as "1234-567X"."""
    return tuple(dict.fromkeys(f"{a}-{b.upper()}" for a, b in _ISSN.findall(text)))


def article_number(text: str) -> str:
    """Return an article number without what stands before it: "e12" for "ARTN e12", "104" for "Article No. 104"."""
    return _ARTICLE_NUMBER.sub("", text) or text


def year_in(text: str) -> int | None:
    """Return the first year from 1500 on in a date ("1998 Dec-1999 Jan", "18/03/2024", "20240318"), or None."""
    if len(text) == 4 and text.isdecimal() and text[:2] in ("19", "20"):
        return int(text)
    found = _YEAR.search(text)
    return int(found.group(1)) if found else None


def present(text: str) -> str:
    """Return a table cell's text, or '' where a program wrote that there is none ("NaN", "n/a")."""
    return "" if text.strip().lower() in _EMPTY else text


def written_date(year: str, month: str = "", day: str = "") -> str:
    """Write a date as PubMed does, from parts as sources have them: "2024 Mar 8" from 2024, 03, 08."""
    if month.isdecimal() and 1 <= int(month) <= 12:
        month = MONTHS[int(month) - 1]
    return clean(f"{year} {month} {day.lstrip('0')}")


def iso_day(year: str, month: str, day: str) -> str:
    """Write a day as YYYY-MM-DD, or '' where a part is missing or no number."""
    parts = (year, month or "1", day or "1")
    return f"{int(year):04}-{int(parts[1]):02}-{int(parts[2]):02}" if all(p.isdecimal() for p in parts) else ""
