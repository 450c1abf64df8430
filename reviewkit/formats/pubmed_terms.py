"""PubMed's own codes, the same in XML and in MEDLINE text: registers, relations between records, stand-in texts."""

from collections.abc import Iterable

from reviewkit.formats.clean import clean
from reviewkit.formats.identifiers import registrations_in

# The DataBankList names (SI in MEDLINE text) that are study registers; the others hold sequences or data sets.
# https://www.nlm.nih.gov/bsd/medline_databank_source.html
REGISTERS = frozenset((
    "anzctr", "chictr", "clinicaltrials.gov", "cris", "ctri", "drks", "eudract", "irct", "isrctn", "japiccti", "jmacct",
    "jprn", "jrct", "kctr", "lbctr", "ntr", "pactr", "per", "rebec", "repec", "rpcec", "slctr", "tctr",
    "umin ctr", "umin-ctr",
))  # fmt: skip

# MEDLINE text tags of CommentsCorrections -> the RefType that XML gives them
# https://www.nlm.nih.gov/bsd/mms/medlineelements.html
RELATIONS = {
    "CIN": "CommentIn", "CON": "CommentOn", "CRF": "CorrectedandRepublishedFrom", "CRI": "CorrectedandRepublishedIn",
    "DDIN": "AssociatedDataset", "DRIN": "AssociatedPublication", "ECF": "ExpressionOfConcernFor",
    "ECI": "ExpressionOfConcernIn", "EFR": "ErratumFor", "EIN": "ErratumIn", "ORI": "OriginalReportIn",
    "PRIN": "PartialRetractionIn", "PROF": "PartialRetractionOf", "RIN": "RetractionIn", "ROF": "RetractionOf",
    "RPF": "RepublishedFrom", "RPI": "RepublishedIn", "RRF": "RetractedandRepublishedFrom",
    "RRI": "RetractedandRepublishedIn", "SPIN": "SummaryForPatientsIn", "UIN": "UpdateIn", "UOF": "UpdateOf",
}  # fmt: skip


def registrations_of(numbers: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """Return the registration numbers among (data bank, accession number) pairs."""
    found: list[str] = []
    for bank, number in numbers:
        if bank.strip().lower() in REGISTERS:
            found += registrations_in(number) or [clean(number)]
    return tuple(dict.fromkeys(filter(None, found)))


def title_of(title: str, vernacular: str) -> str:
    """Return the title that says something: the original one where PubMed writes "[Not Available]."."""
    missing = not title or title.strip("[]. ").lower() in ("not available", "in process citation")
    return (vernacular or title) if missing else title


def is_elsewhere(abstract: str) -> bool:
    """True for the sentence that stands where an abstract in another language would."""
    return "abstract available from the publisher" in abstract.lower() and len(abstract) < 80
