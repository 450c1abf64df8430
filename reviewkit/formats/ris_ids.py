"""PMIDs, PMCIDs, registration and accession numbers, in whichever tag of a RIS entry a program hid them."""

import re
from functools import lru_cache
from typing import NamedTuple

from reviewkit.formats import ris_tags as tags
from reviewkit.formats.clean import clean
from reviewkit.formats.identifiers import is_registration, labelled_ids, pmcid_in, pmid_in, registrations_in
from reviewkit.formats.tagged import TaggedEntry

_PUBMED = re.compile(r"pubmed|medline|\bnlm\b", re.I)
_EID = re.compile(r"\beid=(2-s2\.0-\d+)")
_OVID = re.compile(r"\bovid\w*\.\S{1,300}?[?&]D=(\w{1,12})\S{0,200}?[?&]AN=([\w.:-]{1,40})", re.I)
_OVID_MEDLINE = re.compile(r"med|mes|prem|ppez|pmnm", re.I)  # its names for the parts of MEDLINE: medl, mesz, ppezv
_WEB_OF_SCIENCE = re.compile(r"<Go to \w+>://(\w+:\w+)")
_EMBASE = re.compile(r"L\d{6,12}")
_CENTRAL = re.compile(r"CN-\d{6,9}")
_EBSCO = re.compile(r"Accession Number: (\w[\w.-]{3,30}?)(?:[.;]|$)")
_REGISTER = re.compile(r"https?://(?:[\w.-]{1,60}\.)?(?:clinicaltrials\.gov|who\.int|isrctn\.com|anzctr\.org\.au"
                       r"|drks\.de|chictr\.org\.cn|ctri\.nic\.in|irct\.ir|clinicaltrialsregister\.eu|umin\.ac\.jp"
                       r"|jrct\.\w+\.go\.jp|trialregister\.nl|cris\.nih\.go\.kr)", re.I)  # fmt: skip
_SHORT = 100  # a custom tag with more characters is prose, in which any trial may be named


class Hiding(NamedTuple):
    """Those of an entry's tags in which numbers may stand."""

    identifiers: tuple[str, ...]
    accession: tuple[str, ...]
    addresses: tuple[str, ...]


def hiding(present: tuple[str, ...]) -> Hiding:
    """Sort an entry's tags."""
    return Hiding(
        tuple(tag for tag in present if tag in tags.IDENTIFIERS),
        tuple(tag for tag in tags.ACCESSION if tag in present),
        tuple(tag for tag in tags.LISTS["addresses"] if tag in present),
    )


def is_address(text: str) -> bool:
    """True for an address on the web."""
    return text.lower().startswith(("http://", "https://", "ftp://", "www."))


def identifiers_of(entry: TaggedEntry, hiding: Hiding, notes: str, address: str) -> tuple[str, str, tuple[str, ...]]:
    """Return PMID, PMCID and registration numbers out of the tags where programs hide them (see `ris_tags`)."""
    fields = entry.fields
    extra = "\n".join((notes, *fields["M2"])) if "M2" in fields else notes
    pmid, pmcid = labelled_ids(extra) if extra else ("", "")
    registrations: list[str] = []
    for tag in hiding.identifiers:
        for text in entry.cleaned(fields[tag]):
            pmid = pmid or _trusted_pmid(tag, text, entry)
            if not pmcid and text[:3].upper() == "PMC":
                pmcid = pmcid_in(text)
            if len(text) < _SHORT and (tag in ("C3", "CN", "XR") or is_registration(text)):
                registrations += registrations_in(text)
    if address and _is_register("/".join(address.split("/", 3)[:3])[:_SHORT]):
        registrations += registrations_in(address)
    return pmid or _addressed_pmid(entry, hiding.addresses), pmcid, tuple(dict.fromkeys(registrations))


@lru_cache(maxsize=1000)
def _is_register(site: str) -> bool:
    return bool(_REGISTER.fullmatch(site))


def _trusted_pmid(tag: str, text: str, entry: TaggedEntry) -> str:
    start = text[:6].upper()
    trusted = (
        tag in ("PMID", "PM", "C5")
        or (tag == "AN" and _PUBMED.search(" ".join(entry.all("DB", "DP"))))
        or (tag == "C2" and "scopus" in " ".join(entry.all("DB")).lower())
        or start in ("PUBMED", "MEDLIN")
        or start[:4] == "PMID"
        or text[-6:].lower() == "[pmid]"
    )
    if not trusted:
        return ""
    return pmid_in(text) or (
        pmid_in(text.rpartition(";")[2]) if tag == "AN" else ""
    )  # ProQuest: "2214991469; 31234567"


def _addressed_pmid(entry: TaggedEntry, addresses: tuple[str, ...]) -> str:
    for text in [text for tag in addresses for text in entry.fields[tag]]:
        if "/pubmed" in text or "pubmed." in text:
            if pmid := pmid_in(clean(text)):
                return pmid
        elif "ovid" in text and (found := _OVID.search(text)) and _OVID_MEDLINE.match(found.group(1)):
            return pmid_in(found.group(2))
    return ""


def accession_of(entry: TaggedEntry, hiding: Hiding, pmid: str, address: str, notes: str) -> str:
    """Return the database's own number, from its tag, an address or a note; no number that is held elsewhere."""
    if "eid=" in address and (found := _EID.search(address)):  # Scopus names its number only in the address
        return found.group(1)
    fields = entry.fields
    for text in entry.cleaned(entry.all(*hiding.accession)) if hiding.accession else ():
        number = text.partition(";")[0].strip()
        if number and not is_registration(number) and not pmcid_in(number) and pmid_in(number) != (pmid or None):
            return number
    for text in [text for tag in hiding.addresses for text in fields[tag]]:
        if "ovid" in text and (found := _OVID.search(text)) and found.group(2) != pmid:
            return found.group(2)
        if "<Go to" in text and (found := _WEB_OF_SCIENCE.search(text)):
            return found.group(1)
    for text in fields.get("ID", ()):
        if _CENTRAL.fullmatch(text.strip()):
            return text.strip()
    first = notes.partition("\n")[0]
    if _EMBASE.fullmatch(first):  # Embase, by way of EndNote
        return first
    return found.group(1) if "Accession Number: " in notes and (found := _EBSCO.search(notes)) else ""
