"""A small review that reaches every output: two databases, a register, duplicates, all outcomes, two extractions."""

from reviewkit.model.extractions import Extraction
from reviewkit.model.matches import PERSON, Judgement, Match
from reviewkit.model.protocol import Protocol
from reviewkit.model.studies import Link
from reviewkit.store import Store
from tests.build import AT, add_run, citation, decision

LATER = "2024-06-02T08:30:00Z"


def fill(store: Store, protocol: Protocol) -> None:
    """Fill the store: 9 citations, 1 duplicate, 8 screened, 2 excluded, 6 sought, 5 assessed, 2 reports of 1 study."""
    store.add_protocol(protocol.version, protocol.source, AT)
    titles = [
        "Exosomes in a trial",
        "Exosomes in mice",
        "=HYPERLINK(1)",
        "<script>alert(1)</script> & co",
        "Not to be had",
    ]
    add_run(store, [citation(title=title, authors=("Doe J",), year=2020 + n) for n, title in enumerate(titles)])
    add_run(store, [citation(title="Exosomes in a trial", doi="10.1000/Copy"), citation(title="Pain alone")], "scopus")
    register = citation(
        title="Register entry", authors=(), journal="ClinicalTrials.gov", registrations=("NCT00000001",)
    )
    add_run(store, [register, citation(title="Still recruiting", year=None)], "clinicaltrials-gov")
    store.add([Match(left=1, right=6, judgement=Judgement.SAME, rule="doi", evidence="doi", by="reviewkit", at=AT)])
    store.add([Match(left=8, right=9, judgement=Judgement.DIFFERENT, rule=PERSON, by="ann", at=AT)])
    made = [
        decision(2, "exclude", criterion="E2"), decision(7, "exclude", criterion="E1"),
        *(decision(i, "include") for i in (1, 3, 4, 5, 8, 9)),
        *(decision(i, "include", stage="full-text") for i in (1, 8)),
        decision(3, "exclude", stage="full-text", criterion="E1", note="+1 says: only plasma"),
        decision(4, "exclude", stage="full-text", criterion="E2"),
        decision(5, "not-retrieved", stage="full-text", note="library could not get it"),
        decision(9, "ongoing", stage="full-text"),
    ]  # fmt: skip
    store.add(made)
    store.add([Link(left=1, right=8, by="ann", at=AT)])
    values = [("design", "", "n", "20", "p. 3"), ("design", "", "kind", "not reported", "")]
    for row, change in (("Pain | 12 months", "-65.04"), ("Pain | 3 months", "not reported")):
        name, time = row.split(" | ")
        values += [("outcome", row, "name", name, ""), ("outcome", row, "time", time, "")]
        values += [("outcome", row, "change", change, "=p. 4, table 2")]
    store.add([
        Extraction(study=1, group=group, row=row, field=field, value=value, source=source, by="ann", at=LATER)
        for group, row, field, value, source in values
    ])  # fmt: skip
