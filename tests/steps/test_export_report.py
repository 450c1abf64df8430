"""`report.html` and `records.ris`: methods and results for readers, records for other tools."""

import io
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

from reviewkit.formats.ris import parse_ris
from reviewkit.model.citation import Citation
from reviewkit.model.decisions import Basis
from reviewkit.model.matches import Judgement, Match
from reviewkit.model.protocol import Protocol
from reviewkit.protocol import parse_protocol
from reviewkit.steps.export.diagram import draw_flow
from reviewkit.steps.export.gather import gather
from reviewkit.steps.export.records import records_ris
from reviewkit.steps.export.report import to_report
from reviewkit.store import Store
from tests.build import AT, add_run, citation, decision, protocol_text
from tests.steps.review_to_export import fill


def written(store: Store, protocol: Protocol) -> bytes:
    material = gather(store, protocol)
    original = replace(material.flow, updates=(), totals=None)
    before = draw_flow(original, "original") if material.flow.updates else None
    return to_report(material, draw_flow(material.flow, protocol.title), before)


class Page(HTMLParser):
    """Reads a page: its visible text, its elements and attributes, and whether every element was closed."""

    def __init__(self, content: bytes) -> None:
        super().__init__()
        self.words: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(content.decode())
        self.close()
        self.text = " ".join(" ".join(self.words).split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] not in ("style", "title", "desc"):
            self.words.append(data)


def report(store: Store, protocol: Protocol) -> Page:
    return Page(written(store, protocol))


def test_the_page_tells_method_and_result(store: Store, protocol: Protocol) -> None:
    fill(store, protocol)
    page = report(store, protocol)
    assert not page.open
    for said in (
        "Exosomes for back pain",
        "State of 2024-06-02 08:30 UTC",
        "Every record of the original review is decided.",
        "Population adults with back pain",
        "E1 Exosomes not used",
        "exosomes AND back pain",
        "5 records retrieved of 5 reported",
        "doi 1 pair judged the same.",
        "One reviewer decides on each record. Records decided by: ann (n = 8).",
        "An exclusion names its criterion. Records decided by: ann (n = 6).",
        "Records screened: 8",
        "Extracted by: ann.",
        "1 study in 2 reports",
        "Table 1. Characteristics",
        "Table 2. Outcomes in the included studies",
        "Table 3. Reports excluded at full text",
        "Table 4. Ongoing studies",
        "criteria did not change after screening began",
    ):
        assert said in page.text.replace("\N{NO-BREAK SPACE}", " "), said


def test_the_page_needs_no_other_file_and_runs_no_script(store: Store, protocol: Protocol) -> None:
    fill(store, protocol)
    page = report(store, protocol)
    names = {name for name, _ in page.elements}
    assert not names & {"script", "link", "img", "iframe", "object"}
    assert "svg" in names
    links = [value for _, attributes in page.elements for key, value in attributes.items() if key in ("href", "src")]
    assert links
    assert all(link and (link.startswith(("#", "https://doi.org/"))) for link in links)
    assert not [key for _, attributes in page.elements for key in attributes if key.startswith("on")]
    targets = {attributes.get("id") for _, attributes in page.elements}
    assert {link[1:] for link in links if link and link.startswith("#")} <= targets
    style = written(store, protocol).decode().split("<style>")[1].split("</style>")[0]
    assert "url(" not in style


def test_outside_text_is_shown_and_never_obeyed(store: Store, protocol: Protocol) -> None:
    fill(store, protocol)
    page = report(store, protocol)
    assert "<script>alert(1)</script> & co" in page.text


def test_a_review_in_progress_says_so_at_the_top(store: Store, protocol: Protocol) -> None:
    run = add_run(store, [citation(), citation()])
    short = replace(run, id="2024-03-19-scopus", database="scopus", first=3, reported=9, retrieved=0, complete=False)
    store.add_run(short, [])
    add_run(store, [citation()], "websites")
    store.add([Match(left=1, right=2, judgement=Judgement.UNSURE, rule="same-title", by="reviewkit", at=AT)])
    top = report(store, protocol).text.replace("\N{NO-BREAK SPACE}", " ").split("Question")[0]
    assert "In progress, numbers and tables will change: records not yet screened (n = 3);" in top
    assert "possible duplicates that a person must judge (n = 1)" in top
    assert "searches not retrieved completely: 2024-03-19-scopus" in top


def test_an_unscreened_update_is_told_at_the_top_and_drawn_beside_the_original_review(
    store: Store, protocol: Protocol
) -> None:
    fill(store, protocol)
    last = store.runs()[-1]
    later = replace(last, id="2024-09-30-pubmed", database="pubmed", date="2024-09-30", first=10, retrieved=1, update=1)
    store.add_run(later, [citation(id=10, run=later.id, title="Brand new")])
    page = report(store, protocol)
    text = page.text.replace("\N{NO-BREAK SPACE}", " ")
    assert "Update 1 (searched 2024-09-30): 1 record identified, 0 duplicates removed, 1 new record" in text
    assert "Update 1 is in progress: records not yet screened (n = 1)." in text
    assert "Every record of the original review is decided." in text
    assert "Studies included in previous version of review: 1." in text
    assert "Records screened: 0." in text
    assert "1 study in 2 reports; update 1 brought 0 studies in 0 reports." in text
    ids = [attributes["id"] for _, attributes in page.elements if attributes.get("id")]
    assert {"flow-title", "original-title"} <= set(ids)
    assert len(ids) == len(set(ids))


def test_two_reviewers_are_named_with_their_agreement_and_settled_conflicts(store: Store) -> None:
    protocol = parse_protocol(protocol_text(2), Path("backpain.toml"))
    add_run(store, [citation(), citation(), citation()])
    store.add([
        *(decision(i, verdict, by=who) for i, verdict in ((1, "include"), (2, "exclude")) for who in ("ann", "bob")),
        decision(3, "include", by="ann"), decision(3, "exclude", by="bob"),
        decision(3, "exclude", by="bob", basis="consensus"),
    ])  # fmt: skip
    text = report(store, protocol).text.replace("\N{NO-BREAK SPACE}", " ")
    assert (
        "2 reviewers decide independently on each record; disagreements are settled by the reviewers together." in text
    )
    assert "Records decided by: ann (n = 3), bob (n = 3). Settled by: bob (n = 1)." in text

    assert re.search(r"Title and abstract, ann and bob: 3 records, raw agreement 66\.7%, Cohen's kappa 0\.40", text)


def test_the_report_tells_what_was_decided_in_another_program(store: Store) -> None:
    dual = parse_protocol(protocol_text(2), Path("backpain.toml"))
    add_run(store, [citation(title=f"Title {n}") for n in (1, 2)])
    store.add([decision(n, "include", by="Covidence", basis=Basis.ELSEWHERE) for n in (1, 2)])
    text = report(store, dual).text.replace("\N{NO-BREAK SPACE}", " ")
    assert "Decided in another program, without record of who voted how: Covidence (n = 2)." in text


def test_criteria_changed_after_screening_began_are_told_as_deviations(store: Store, protocol: Protocol) -> None:
    before = parse_protocol(protocol_text().replace("Exosomes not used", "Old wording"), Path("backpain.toml"))
    store.add_protocol(before.version, before.source, AT)
    add_run(store, [citation()])
    store.add([decision(1, "exclude", criterion="E1", protocol=before.version)])
    text = report(store, protocol).text
    assert f"Under the earlier version {before.version} (in use from 2024-05-01 10:00 UTC) 1 decision was made" in text
    assert "exclusion criterion E1 changed; before: Old wording; now: Exosomes not used" in text


def test_a_retracted_report_is_marked(store: Store, protocol: Protocol) -> None:
    add_run(store, [citation(types=("Retracted Publication",))])
    store.add([decision(1, "include"), decision(1, "include", stage="full-text")])
    assert "RETRACTED" in report(store, protocol).text


def test_records_ris_holds_every_record_with_where_it_stands(store: Store, protocol: Protocol) -> None:
    fill(store, protocol)
    content = records_ris(store, gather(store, protocol))
    read = [entry for entry in parse_ris(io.BytesIO(content)) if isinstance(entry, Citation)]
    assert [entry.title for entry in read][:3] == ["Exosomes in a trial", "Exosomes in mice", "=HYPERLINK(1)"]
    assert len(read) == 8
    assert read[0].doi == "10.1000/Copy"
    assert "reviewkit r1. Found in: PubMed, Scopus. Title and abstract: included. Full text: included" in read[0].notes
    assert "Title and abstract: E2 Back pain not targeted" in read[1].notes
