"""RIS as each database and program writes it: a small file of each, and what is hidden where."""

import pytest

from reviewkit.formats.identifiers import article_number
from reviewkit.model.citation import Citation
from tests.formats.reading import read, read_data

PROGRAMS = {
    # file -> how many entries it holds
    "scopus": 2, "wos": 2, "embase": 2, "ovid": 2, "endnote": 3, "zotero": 3, "mendeley": 1, "central": 2,
    "proquest": 2, "ebsco": 2, "converted": 5, "rayyan": 1, "covidence": 1, "register": 3, "ieee": 1,
    "sciencedirect": 1, "springer": 2, "perish": 1,
}  # fmt: skip


def entries(program: str) -> list[Citation]:
    return read_data("ris", f"{program}.ris")[0]


@pytest.mark.parametrize("program", PROGRAMS)
def test_every_entry_of_every_program_is_kept_without_a_doubt(program: str) -> None:
    citations, findings = read_data("ris", f"{program}.ris")
    assert (len(citations), findings) == (PROGRAMS[program], [])
    assert all(c.title for c in citations)


def test_scopus_is_read_whole() -> None:
    assert entries("scopus")[0] == Citation(
        title="Vesicles & discs: A pilot study",
        abstract="The injected group improved (p < 0.05). © 2021 The Authors",
        authors=("Adebayo, F.", "Müller-Lüdenscheidt, K."),
        year=2021,
        date="2021",
        journal="Journal of Invented Spine Research",
        journal_abbreviation="J. Inv. Spine Res.",
        volume="12",
        issue="3",
        pages="104532",
        doi="10.5555/jisr.2021.104532",
        pmid="33000001",
        issns=("1234-5679",),
        accession="2-s2.0-85100000001",
        language="English",
        types=("Article",),
        keywords=("exosomes", "low back pain"),
        publisher="Invented Press",
        url="https://www.scopus.com/inward/record.uri?eid=2-s2.0-85100000001&doi=10.5555%2fjisr.2021.104532&partnerID=40&md5=0",
        notes="Export Date: 18 March 2024; Cited By: 7; CODEN: JISRX",
        line=1,
    )


def test_editors_of_a_volume_are_no_authors_of_a_paper_in_it_but_of_a_book_without_others() -> None:
    assert entries("scopus")[1].authors == ("Brandt, C.",)
    assert [c.authors for c in entries("zotero")[1:]] == [("Writer, W.",), ("Editor, E.",)]


def test_web_of_science_writes_the_month_alone_and_two_abbreviations() -> None:
    full, early = entries("wos")
    assert (full.date, full.journal_abbreviation, full.publisher) == (
        "2018 Sep", "J. Invent. Spine Res.", "ELSEVIER SCIENCE INC",
    )  # fmt: skip
    assert (full.accession, full.issns) == ("WOS:000000000000009", ("2211-3681", "2211-369X"))
    assert full.notes.split("\n")[1] == "Total Times Cited: 7"
    assert (early.date, early.pages) == ("2020 Mar 20", "1234")


def test_embase_has_its_number_in_u2_the_pmid_in_c5_and_affiliations_where_others_have_the_issue() -> None:
    whole, abstract = entries("embase")
    assert (whole.accession, whole.pmid, whole.doi, whole.issue) == ("L373000001", "15000001", "10.5555/ie.138783", "3")
    assert whole.registrations == ("NCT01234567",)
    assert (whole.year, whole.date) == (2014, "2014")
    assert (abstract.accession, abstract.types, abstract.issue) == ("L2001000002", ("Conference Abstract",), "")


def test_ovid_tells_by_its_address_whether_the_number_is_a_pmid() -> None:
    medline, psycinfo = entries("ovid")
    assert (medline.pmid, medline.accession, medline.keywords) == (
        "30400001", "", ("Mushrooms", "Spine/pa [Pathology]"),
    )  # fmt: skip
    assert (psycinfo.pmid, psycinfo.accession) == ("", "2019-65000-001")


def test_ovid_parts_no_pagination_specified_and_writes_classes_cited_authors_and_references() -> None:
    psycinfo = entries("ovid")[1]
    assert (psycinfo.pages, psycinfo.types, psycinfo.authors) == ("", (), ("Trindade, Ines A",))
    assert (psycinfo.doi, psycinfo.issue, psycinfo.publisher) == ("10.5555/cpp.2398", "", "John Wiley & Sons")


def test_endnote_writes_lines_without_tags_and_short_forms_that_look_tagged() -> None:
    entry = entries("endnote")[0]
    assert entry.abstract == "BACKGROUND: Pain.\nMETHODS: We asked. AB - antibody CI - confidence interval"
    assert entry.keywords == ("Animals", "Spine/chemistry", "Phytotherapy")
    assert (entry.pmid, entry.pmcid, entry.date, entry.url) == (
        "21550001", "PMC3000001", "2011 Jun 3", "https://example.org/gum",
    )  # fmt: skip


def test_a_librarys_running_number_is_no_issue() -> None:
    assert [(c.issue, c.accession) for c in entries("endnote")[1:]] == [
        ("4", "WOS:000000000000002"), ("2-3", "L2001000003"),
    ]  # fmt: skip
    alone = read("ris", b"TY  - JOUR\nTI  - x\nIS  - 1370\nID  - 1370\nER  - \n")[0][0]
    weekly = read("ris", b"TY  - JOUR\nTI  - x\nIS  - 12\nID  - 12\nER  - \n")[0][0]
    assert (alone.issue, weekly.issue) == ("", "12")


def test_the_library_of_medicines_codes_of_journals_in_ovids_files_are_neither_pages_nor_issue() -> None:
    link = "L2  - http://ovidsp.ovid.com/ovidweb.cgi?T=JS&D=medp&AN=30000001"
    for codes in ("101000001", "b6e, 9000001", "9000001, b6e", "0300001"):
        for tag in ("M1", "IS"):  # of Ovid itself, and of Zotero
            body = f"TY  - JOUR\nTI  - x\n{tag}  - {codes}\n{link}\nER  - \n"
            entry = read("ris", body.encode())[0][0]
            assert (entry.pages, entry.issue) == ("", "")
    scopus = read("ris", b"TY  - JOUR\nTI  - x\nM1  - 8700001\nIS  - 4\nDB  - Scopus\nER  - \n")[0][0]
    assert (scopus.pages, scopus.issue) == ("8700001", "4")  # an article's number


def test_na_as_programs_in_r_write_it_is_neither_abstract_nor_issue() -> None:
    entry = read("ris", b"TY  - JOUR\nTI  - x\nAB  - NA\nIS  - NA\nER  - \n")[0][0]
    assert (entry.abstract, entry.issue) == ("", "")
    assert read("ris", b"TY  - JOUR\nTI  - x\nAB  - NA\nN2  - It hurts.\nER  - \n")[0][0].abstract == "It hurts."


def test_zotero_hides_the_pmid_in_its_extra_and_spoils_dates() -> None:
    article, chapter, _ = entries("zotero")
    assert (article.pmid, article.pmcid, article.date, article.notes) == (
        "31600001",
        "PMC6700001",
        "2019 Oct",
        "A note",
    )
    assert (article.issns, article.url) == (("1895-5770", "0000-0019"), "https://example.org/paper")
    assert (chapter.date, chapter.year) == ("2018 Feb 3", 2018)


def test_mendeley_writes_keywords_in_one_line_and_files_of_its_own_as_links() -> None:
    entry = entries("mendeley")[0]
    assert (entry.keywords, entry.url, entry.pages) == (("one", "two", "three"), "https://example.org/a", "9")


def test_central_hides_pubmeds_number_in_c3_and_calls_a_register_entry_by_its_address() -> None:
    report, registered = entries("central")
    assert (report.accession, report.pmid, report.doi) == ("CN-02100001", "32400001", "10.5555/jt.2020.1")
    assert report.types == ("Journal article", "Randomized controlled trial")
    assert report.url.startswith("https://www.cochranelibrary.com/central/")
    assert (registered.registrations, registered.authors, registered.journal) == (("NCT05510001",), (), "")
    assert registered.is_register_entry
    assert registered.notes == "https://clinicaltrials.gov/show/NCT05510001"


def test_proquest_writes_two_numbers_of_which_the_second_is_a_pmid_in_medline_only() -> None:
    medline, other = entries("proquest")
    assert (medline.accession, medline.pmid, medline.date) == ("2214000001", "31000001", "2019 Mar 25")
    assert (medline.doi, medline.issns) == ("10.5555/jts.22387", ("0894-9867",))
    assert (other.accession, other.pmid) == ("2214000002", "")


def test_ebsco_hides_its_number_and_the_pmid_in_a_note() -> None:
    article, thesis = entries("ebsco")
    assert (article.accession, article.date) == ("0992879", "2008 Aug")
    assert article.keywords == ("Climate; Natural Disasters and Their Management Q54", "Housing Supply R31")
    assert (thesis.pmid, thesis.types, thesis.issue) == ("23800001", ("Thesis",), "")


def test_converters_put_pmids_and_dois_anywhere() -> None:
    found = entries("converted")
    assert [c.pmid for c in found] == [f"3000000{n}" for n in range(1, 6)]
    assert [c.doi for c in found] == ["", "", "", "10.5555/conv.4", "10.5555/conv.5"]
    assert found[0].journal == "The journal, in the wrong place"
    assert found[1].pmcid == "PMC6000002"


def test_rayyans_decisions_stay_in_the_notes_as_they_are() -> None:
    entry = entries("rayyan")[0]
    assert entry.notes.startswith('RAYYAN-INCLUSION: {"Ann"=>"Included", "Bob"=>"Excluded"} | RAYYAN-LABELS: spine,')
    assert entry.pmid == "23800002"


def test_register_entries_are_known_by_their_number_or_address_and_articles_are_not() -> None:
    assert [c.registrations for c in entries("register")] == [("ACTRN12617000870001",), ("NCT05510002",), ()]
    assert [c.is_register_entry for c in entries("register")] == [True, True, False]


def test_publishers_are_read() -> None:
    assert (entries("ieee")[0].pages, entries("ieee")[0].year, entries("ieee")[0].volume) == ("1-6", 2020, "")
    assert (entries("sciencedirect")[0].journal, entries("sciencedirect")[0].date) == ("Invented Cells", "2020 Mar 1")
    assert [(c.doi, c.accession) for c in entries("springer")] == [
        ("10.5555/978-3-030-0_1", ""), ("10.5555/s00586-020-1", ""),
    ]  # fmt: skip
    assert (entries("springer")[0].journal, entries("springer")[0].authors) == (
        "Handbook of Invention",
        ("Smith, Anna",),
    )
    perish = entries("perish")[0]
    assert (perish.issue, perish.authors, perish.url) == (
        "",
        ("Wesenbeeck, B. K. van",),
        "https://www.example.org/760628",
    )


def test_a_file_that_people_spoilt_loses_no_entry_and_names_what_it_passes_over() -> None:
    citations, findings = read_data("ris", "broken.ris")
    assert [(c.title, c.line) for c in citations] == [
        ("Mixed line ends and a lone return", 4),
        ("One blank everywhere", 12),
        ("Indented", 18),
        ("A longer dash", 22),
        ("No ER before", 24),
        ("lower case", 31),
        ("دراسة عن الألم", 34),
        ("Cut off in the mid", 41),
    ]
    assert [(f.line, f.rejected) for f in findings] == [(22, False), (24, False), (39, True), (41, False), (1, False)]
    assert findings[-1].message == "this line belongs to no entry and was passed over, nor do 3 later ones"
    assert citations[0].abstract == "First line second line. IL-6 - fell."
    assert (citations[4].issue, citations[4].keywords) == ("7", ("a", "α-helix & sheet"))


def test_keywords_that_hold_a_star_for_another_reason_keep_it() -> None:
    entry = read("ris", b"TY  - JOUR\nTI  - x\nKW  - HLA-A*02\nKW  - *Pain\nER  - \n")[0][0]
    assert entry.keywords == ("HLA-A*02", "Pain")


@pytest.mark.parametrize(
    ("said", "number"),
    [("ARTN e12", "e12"), ("Article No.: 16", "16"), ("art. 104", "104"), ("article", "article"), ("e57539", "e57539")],
)
def test_article_numbers_lose_the_word_before_them(said: str, number: str) -> None:
    assert article_number(said) == number
