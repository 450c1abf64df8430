"""`search-log.xlsx` and the appendix of the report: every search as it was made, and the 16 items of PRISMA-S."""

import io
import re
from dataclasses import fields, replace
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from reviewkit.model.matches import PERSON, Judgement, Match
from reviewkit.model.protocol import Protocol, SearchReport
from reviewkit.model.runs import Line, Response, SearchRun, SourceKind
from reviewkit.protocol import parse_protocol
from reviewkit.steps.export import export_all
from reviewkit.steps.export.gather import gather
from reviewkit.steps.export.prisma_s import answers
from reviewkit.steps.export.prisma_s_items import ITEMS
from reviewkit.steps.export.search_log import log_tables
from reviewkit.store import Store
from reviewkit.workspace import Folders, Workspace
from tests.build import AT, add_run, citation, protocol_text
from tests.steps.review_to_export import fill
from tests.steps.test_export_evidence import rows_of

SHEETS = ["Searches", "Strategies", "Records", "Duplicates", "PRISMA-S", "Provenance", "Files"]
LONG = " OR ".join(f'"extracellular vesicle {n:04}"[Title/Abstract]' for n in range(900))


def made(store: Store, protocol: Protocol, root: Path) -> dict[str, bytes]:
    return {f.path.name: f.path.read_bytes() for f in export_all(store, protocol, Folders(Workspace(root), "backpain"))}


def workbook(store: Store, protocol: Protocol, root: Path) -> Workbook:
    return load_workbook(io.BytesIO(made(store, protocol, root)["search-log.xlsx"]))


def table(store: Store, protocol: Protocol, root: Path, name: str) -> list[dict[str, object]]:
    head, *rows = rows_of(workbook(store, protocol, root)[name])
    return [dict(zip(map(str, head), row, strict=True)) for row in rows]


def items(store: Store, protocol: Protocol) -> dict[int, tuple[str, str]]:
    return {a.item.number: (a.status, " ".join(a.text)) for a in answers(gather(store, protocol))}


def api_run(store: Store, **given: object) -> SearchRun:
    """Store a search over the network that found nothing but what is told of it."""
    first = max((run.first + run.retrieved for run in store.runs()), default=1)
    usual: dict[str, object] = {
        "id": "2025-02-03-pubmed", "database": "pubmed", "platform": "NCBI E-utilities", "date": "2025-02-03",
        "started": "2025-02-03T09:00:00Z", "finished": "2025-02-03T09:04:10Z", "strategy": "#1 AND #2",
        "translation": '"exosomes"[MeSH Terms]', "limits": ("language: english",), "warnings": ("=odd()",),
        "reported": 12, "reported_before": 11, "retrieved": 0, "rejected": 2, "complete": False, "first": first,
        "client": "reviewkit 0.1.0, Biopython 1.85", "protocol": "abc", "searcher": "ann", "since": "2024-11-01",
        "lines": (Line(label="1", text="exosomes", count=1234), Line(label="2", text="back pain")),
        "responses": (Response(name="0001.xml.gz", format="pubmed-xml", bytes=77, sha256="ab" * 32),),
    }  # fmt: skip
    run = SearchRun(**(usual | given))  # type: ignore[arg-type]
    store.add_run(run, [])
    return run


def test_it_has_a_sheet_for_every_need_with_headings_that_stay_in_view(
    store: Store, protocol: Protocol, tmp_path: Path
) -> None:
    fill(store, protocol)
    book = workbook(store, protocol, tmp_path)
    assert book.sheetnames == SHEETS
    for sheet in book:
        assert sheet.freeze_panes == "B5", sheet.title
        assert sheet.page_setup.orientation == "landscape"


def test_every_search_is_told_with_what_prisma_s_asks_of_it(store: Store, protocol: Protocol, tmp_path: Path) -> None:
    api_run(store, update=1)
    (row,) = table(store, protocol, tmp_path, "Searches")
    assert row == {
        "Run": "2025-02-03-pubmed", "Source": "PubMed", "Kind": "database", "Part of": "update 1",
        "Date": "2025-02-03", "Searched by": "ann", "Platform": "NCBI E-utilities", "Interface": "API",
        "Limits": "language: english", "Only added since": "2024-11-01", "Complete": "no", "Warnings": "=odd()",
        "Reported at first": 11, "Reported": 12, "Retrieved": 0, "Could not be read": 2,
    }  # fmt: skip
    (times,) = table(store, protocol, tmp_path, "Provenance")
    assert (times["Began (UTC)"], times["Ended (UTC)"]) == ("2025-02-03 09:00:00", "2025-02-03 09:04:10")
    assert (times["Software"], times["Protocol version"]) == ("reviewkit 0.1.0, Biopython 1.85", "abc")
    (file,) = table(store, protocol, tmp_path, "Files")
    assert (file["File in searches/"], file["Bytes"], file["SHA-256"]) == ("0001.xml.gz", 77, "ab" * 32)


def test_a_strategy_stands_line_by_line_as_sent_and_as_the_database_read_it(
    store: Store, protocol: Protocol, tmp_path: Path
) -> None:
    api_run(store)
    by_hand = "1. exosomes\n2. back pain\n3. 1 and 2"
    api_run(store, id="2025-02-04-medline", database="medline", origin="import", strategy=by_hand, lines=(), first=1)
    rows = [(r["Line"], r["Strategy"], r["Records"]) for r in table(store, protocol, tmp_path, "Strategies")]
    assert rows == [
        ("#1", "exosomes", 1234), ("#2", "back pain", ""), ("as sent", "#1 AND #2", 12),
        ("as the database read it", '"exosomes"[MeSH Terms]', ""),
        ("#1", "exosomes", ""), ("#2", "back pain", ""), ("#3", "1 and 2", ""), ("as given with the file", by_hand, 12),
        ("as the database read it", '"exosomes"[MeSH Terms]', ""),
    ]  # fmt: skip


@pytest.mark.parametrize("text", [LONG, LONG.replace(" OR ", "\nOR "), "x" * 40_000])
def test_a_long_strategy_goes_on_in_the_next_rows_and_loses_no_letter(
    store: Store, protocol: Protocol, tmp_path: Path, text: str
) -> None:
    api_run(store, strategy=text, lines=(), translation="")
    parts = table(store, protocol, tmp_path, "Strategies")
    assert len(parts) > 10
    assert "".join(str(part["Strategy"]) for part in parts) == text
    assert parts[0]["Line"] == f"as sent, part 1 of {len(parts)}"
    assert [part["Records"] for part in parts] == [""] * (len(parts) - 1) + [12]
    sheet = workbook(store, protocol, tmp_path)["Strategies"]
    heights = [sheet.row_dimensions[row].height for row in range(5, 5 + len(parts))]
    assert max(heights) < 409  # no part is taller than a row can be
    assert text in made(store, protocol, tmp_path)["report.html"].decode().replace("&#34;", '"')


def test_what_the_protocol_plans_and_nobody_searched_is_listed_as_such(
    store: Store, protocol: Protocol, tmp_path: Path
) -> None:
    (row,) = table(store, protocol, tmp_path, "Strategies")
    assert (row["Run"], row["Source"], row["Line"], row["Strategy"]) == (
        "not searched yet", "PubMed", "planned", "exosomes AND back pain"
    )  # fmt: skip


def test_records_are_counted_by_source_and_round(store: Store, protocol: Protocol, tmp_path: Path) -> None:
    add_run(store, [citation(), citation()])
    add_run(store, [citation()], "clinicaltrials-gov")
    add_run(store, [citation(), citation(), citation()], date="2025-03-01", update=1)
    rows = rows_of(workbook(store, protocol, tmp_path)["Records"])
    assert rows == [
        ["Source", "Kind", "Last search", "Searches", "Original review", "Update 1", "Records in all"],
        ["PubMed", "database", "2025-03-01", 2, 2, 3, 5],
        ["ClinicalTrials.gov", "register", "2024-03-18", 1, 1, 0, 1],
        ["All sources", "", "2025-03-01", 3, 3, 3, 6],
    ]


def test_rules_and_people_that_judged_pairs_are_told(store: Store, protocol: Protocol, tmp_path: Path) -> None:
    fill(store, protocol)
    store.add([Match(left=2, right=3, judgement=Judgement.UNSURE, rule="same-title", by="reviewkit", at=AT)])
    store.add([Match(left=4, right=5, judgement=Judgement.SAME, rule=PERSON, by="bob", at=AT)])
    rows = [[*row.values()] for row in table(store, protocol, tmp_path, "Duplicates")]
    assert [row[:2] + row[3:] for row in rows] == [
        ["doi", "rule", 1, 0], ["ann", "person", 0, 1], ["bob", "person", 1, 0]
    ]  # fmt: skip
    notes = [str(cell.value) for row in workbook(store, protocol, tmp_path)["Duplicates"].iter_rows() for cell in row]
    assert any(
        re.match(r"Software: reviewkit \S+\. Of 9 citations, 2 were further copies; 7 records", n) for n in notes
    )
    assert "Waiting for a person's judgement: 1 pair." in notes


def test_the_checklist_has_the_16_items_in_their_words_and_their_order(
    store: Store, protocol: Protocol, tmp_path: Path
) -> None:
    fill(store, protocol)
    rows = table(store, protocol, tmp_path, "PRISMA-S")
    assert [row["Item"] for row in rows] == [*range(1, 17)] == [item.number for item in ITEMS]
    assert rows[0]["What PRISMA-S asks"] == "Name each individual database searched, stating the platform for each."
    assert rows[13]["What PRISMA-S asks"] == "Describe any search peer review process."
    assert {n for n, (status, _) in items(store, protocol).items() if status == "to be written by the authors"} == {
        4, 5, 6, 7, 10, 11, 14
    }  # fmt: skip


def test_items_are_filled_from_what_is_stored(store: Store, protocol: Protocol) -> None:
    fill(store, protocol)
    api_run(store, update=1)
    told = {number: text for number, (_, text) in items(store, protocol).items()}
    assert told[1].startswith("PubMed (NCBI E-utilities; API); Scopus (platform not recorded; API).")
    assert told[3].startswith("ClinicalTrials.gov (")
    assert "PubMed: none / language: english; only records added since 2024-11-01 (update 1)." in told[9]
    assert "Update 1: PubMed searched 2025-02-03, only what was added since 2024-11-01." in told[12]
    assert told[13] == "PubMed: last on 2025-02-03. Scopus: last on 2024-03-18. ClinicalTrials.gov: last on 2024-03-18."
    assert "PubMed: 5 records (the original review: 5, update 1: 0), of which not all were retrieved in" in told[15]
    assert "All sources together: 9 records." in told[15]
    assert "judged 1 pair the same" in told[16]
    assert "0 the same" not in told[16]
    assert items(store, protocol)[1][0] == "filled by the program; to be completed by the authors"


def test_citation_searching_websites_and_shared_platforms_come_from_the_runs(store: Store, protocol: Protocol) -> None:
    add_run(store, [citation(), citation()], "citation-searching")
    add_run(store, [citation()], "websites")
    for name in ("medline", "embase"):
        api_run(store, id=f"2025-02-03-{name}", database=name, platform="Ovid", origin="import", limits=())
    told = items(store, protocol)
    assert "Citation searching, 2024-03-18, 2 records: exosomes AND back pain" in told[5][1]
    assert told[5][0] == "filled by the program"
    api_run(
        store, id="2025-02-05-citation-searching", database="citation-searching", kind=SourceKind.OTHER, strategy=LONG
    )
    assert len(items(store, protocol)[5][1]) < 1_100  # the whole stands among the strategies
    assert "Websites, 2024-03-18, 1 record" in told[4][1]
    assert "On one platform, Ovid, one after the other: Embase, MEDLINE." in told[2][1]
    assert "Planned in the protocol, and without a search by now: PubMed." in told[1][1]


def test_of_a_file_exported_by_hand_no_limit_and_no_sending_is_claimed(
    store: Store, protocol: Protocol, tmp_path: Path
) -> None:
    api_run(store, since="", complete=True)
    by_hand = {"database": "google-scholar", "origin": "import", "limits": (), "lines": (), "since": "", "platform": ""}
    api_run(store, id="2025-02-04-google-scholar", strategy="exosomes", **by_hand)
    told = items(store, protocol)
    assert "The strategies of 1 search stand under 'Strategies', exactly as they were sent" in told[8][1]
    assert (
        "Of 1 search whose results were imported as files, the strategies stand under 'Strategies' as they were given"
        in told[8][1]
    )
    assert "PubMed: language: english. Google Scholar: none recorded." in told[9][1]
    assert "why these limits were set, and whether any was set where files were exported by hand." in told[9][1]
    rows = {row["Source"]: row["Limits"] for row in table(store, protocol, tmp_path, "Searches")}
    assert rows == {"PubMed": "language: english", "Google Scholar": "none recorded"}


def test_citation_searches_of_one_day_are_told_apart_and_are_no_repetition(
    store: Store, protocol: Protocol, tmp_path: Path
) -> None:
    for number, platform in enumerate(("OpenAlex API", "Europe PMC API")):
        api_run(
            store, id=f"2025-02-03-citation-searching-{number}", database="citation-searching", kind=SourceKind.OTHER,
            platform=platform, since="", client=f"reviewkit 0.1.0, requests 2.{number}",
        )  # fmt: skip
    assert items(store, protocol)[12][1] == "The searches have not been updated."
    page = made(store, protocol, tmp_path)["report.html"].decode()
    for platform in ("OpenAlex API", "Europe PMC API"):
        assert f"<h4>Citation searching, 2025-02-03 (original review; {platform})</h4>" in page
    assert "searches made with reviewkit 0.1.0, requests 2.0, requests 2.1." in page
    assert "<p>Warning: =odd().</p>" in page


def test_the_papers_that_tested_the_searches_are_told_with_what_was_missed(store: Store) -> None:
    text = protocol_text().replace("[question]", 'must_find = ["PMID 11", "PMID 12"]\n\n[question]', 1)
    protocol = parse_protocol(text, Path("backpain.toml"))
    add_run(store, [citation(pmid="11")])
    told = items(store, protocol)[8][1]
    assert "The searches were tested by 2 papers that the protocol names: 1 found, missed: PMID 12." in told


def test_what_the_authors_write_in_the_protocol_is_printed_and_notes_of_searches_are_used(store: Store) -> None:
    keys = [f.name for f in fields(SearchReport)]
    own = "".join(f'{key} = "Own words on {key}."\n' for key in keys)
    text = protocol_text().replace("[[include]]", 'note = "Adapted by =the librarian."\n\n[[include]]', 1)
    plain = parse_protocol(text, Path("backpain.toml"))
    protocol = parse_protocol(text.replace("[[include]]", f"[search_report]\n{own}\n[[include]]", 1), Path("b.toml"))
    assert protocol.version != plain.version
    fill(store, plain)
    told = items(store, protocol)
    for item in ITEMS:
        if item.key:
            assert f"Own words on {item.key}." in told[item.number][1]
    assert {item.key for item in ITEMS if item.key} == set(keys)
    assert told[14] == ("written by the authors", "Own words on peer_review.")
    assert told[16][0] == "filled by the program and the authors"
    assert "Note in the protocol on PubMed: Adapted by =the librarian." in told[8][1]
    assert not [status for status, _ in told.values() if "to be written" in status]


def test_an_empty_table_of_the_authors_words_changes_no_version() -> None:
    before = parse_protocol(protocol_text(), Path("backpain.toml"))
    after = parse_protocol(protocol_text() + "\n[search_report]\n", Path("backpain.toml"))
    assert after.version == before.version == "2e1c843b6f40"  # as it was before there was such a table


def test_nothing_in_it_runs_and_it_is_the_same_each_time(store: Store, protocol: Protocol, tmp_path: Path) -> None:
    fill(store, protocol)
    api_run(store, strategy="=cmd|' /C calc'!A0", searcher="+ann", platform="@here")
    first = made(store, protocol, tmp_path / "one")["search-log.xlsx"]
    assert made(store, protocol, tmp_path / "two")["search-log.xlsx"] == first
    active = 0
    for sheet in load_workbook(io.BytesIO(first)):
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f", (sheet.title, cell.coordinate)
                if isinstance(cell.value, str) and cell.value[:1] in ("=", "+", "-", "@"):
                    active += 1
                    assert cell.quotePrefix
    assert active >= 4


def test_the_report_has_it_as_an_appendix(store: Store, protocol: Protocol, tmp_path: Path) -> None:
    fill(store, protocol)
    api_run(store, strategy="<b>#1 AND #2</b>")
    page = made(store, protocol, tmp_path)["report.html"].decode()
    appendix = page.split('id="search-appendix"')[1]
    assert "How the searches were made (PRISMA-S)" in appendix
    assert "Describe any search peer review process." in appendix
    assert "<p>As sent; 12 records reported:</p>" in appendix
    assert "<pre>&lt;b&gt;#1 AND #2&lt;/b&gt;</pre>" in appendix
    assert '<td class="exact">exosomes</td><td class="number">1,234</td>' in appendix
    assert "Write it as peer_review in [search_report] of the protocol." in appendix


def test_a_review_without_searches_has_a_log_that_says_so(store: Store, protocol: Protocol) -> None:
    bare = replace(protocol, search=())
    assert [table.name for table in log_tables(gather(store, bare))] == SHEETS
    assert items(store, bare)[13] == ("filled by the program", "No search has been made yet.")
    assert items(store, bare)[14][0] == "to be written by the authors"
