"""Finding duplicates by rules: what is joined, what is left to a person, what is left alone."""

import pytest

from reviewkit.model.duplicates import RULES, Found, find_matches
from reviewkit.model.matches import Judgement
from reviewkit.model.partition import partition
from tests.build import citation

LONG = "Extracellular vesicles for chronic low back pain after failed surgery of the lumbar disc"
FULL = {
    "title": LONG, "authors": ("Doe J", "Roe R"), "year": 2020, "journal": "Spine", "volume": "12", "issue": "3",
    "pages": "45-52", "doi": "10.1000/abc", "pmid": "31234567", "pmcid": "PMC7654321",
}  # fmt: skip
TEXT = "Background: pain of the low back is common. We treated a hundred people with vesicles of stromal cells and " * 3
NO_IDS = {"doi": "", "pmid": "", "pmcid": ""}
BARE = {"title": LONG, "authors": (), "year": None, "journal": ""}


def compare(one: dict[str, object], other: dict[str, object]) -> Found | None:
    found = list(find_matches([citation(id=1, **one), citation(id=2, **other)]))
    assert len(found) <= 1
    return found[0] if found else None


def said(one: dict[str, object], other: dict[str, object]) -> tuple[str, str]:
    """The judgement and the rule, the same in both orders; ("", "") where no rule says anything."""
    found, turned = compare(one, other), compare(other, one)
    results = {(f.judgement.value, f.rule) if f else ("", "") for f in (found, turned)}
    assert len(results) == 1
    return results.pop()


def but(**changed: object) -> dict[str, object]:
    return {**FULL, **changed}


def no_ids(**changed: object) -> dict[str, object]:
    return {**FULL, **NO_IDS, **changed}


@pytest.mark.parametrize(
    ("one", "other", "rule"),
    [
        (but(pmid=""), {**BARE, "doi": "https://doi.org/10.1000/ABC"}, "doi"),
        (but(), {**BARE, "pmid": "31234567"}, "pmid"),
        (but(), {**BARE, "pmcid": "PMC7654321"}, "pmcid"),
        (but(doi="", pmid=""), but(doi="10.1000/abc", year=2021, pmid=""), "pmcid"),
        (no_ids(), {**BARE, "authors": ("Doe, Jane",), "year": 2020}, "title-year-author"),
        (no_ids(), {**BARE, "year": 2020, "pages": "45"}, "title-year-page"),
        (no_ids(), no_ids(authors=("D'oh X",)), "title-place"),  # mangled name, same place
        (no_ids(), no_ids(title=LONG.replace("failed", "fialed")), "title-place"),
        (no_ids(), no_ids(year=2021), "title-place"),
        (no_ids(), no_ids(year=2002), "title-place"),  # a mistyped year
        (no_ids(), no_ids(journal="Wirbelsäule"), "title-place"),
        (no_ids(), no_ids(title=LONG.replace("failed", "fialed"), pages="", year=2021), "title-issue"),
        (no_ids(), no_ids(pages="", year=2022), "title-issue"),
        (no_ids(), no_ids(title=LONG[:-21], pages=""), "title-issue"),  # cut off
        (no_ids(), no_ids(volume="", issue="", journal="Zhurnal boli"), "title-page"),
        (no_ids(), no_ids(pages="49-52", issue=""), "title-year-author"),
        (no_ids(), no_ids(pages="49-52", issue="", year=2021), "title-overlapping-pages"),
        (no_ids(), no_ids(pages="", volume="", issue="", year=2021), "title-near-year"),
        (
            no_ids(),
            no_ids(title=LONG.replace("failed", "fialed"), pages="", issue=""),
            "near-title-authors",
        ),
        (no_ids(abstract=TEXT), no_ids(abstract=TEXT, title=LONG[:-21], issue="4", pages=""), "same-abstract"),
        (no_ids(), no_ids(title="Vesículas para el dolor lumbar después de cirugía"), "same-pages"),
        (no_ids(), no_ids(title=""), "same-pages"),
        (no_ids(), no_ids(volume="", issue="12", pages="3"), "title-year-author"),  # one column too far
        (no_ids(), {**BARE, "journal": "Spine", "year": 2020}, "title-year-page"),
    ],
)
def test_copies_are_the_same_and_the_match_names_its_rule(one, other, rule):
    assert said(one, other) == ("same", rule)


@pytest.mark.parametrize("title", ["Low back pain", "Exosomes therapy"])
def test_a_short_title_by_one_author_in_one_year_is_left_to_a_person(title):
    short = {"title": title, "authors": ("Doe J",), "year": 2020, "journal": "Spine"}
    assert said(short, {**short, "authors": ("Doe, Jane",)}) == ("unsure", "same-title")
    assert said(short, {**short, "journal": "Pain"}) == ("", "")
    assert said(short, {**short, "authors": ("Roe R",)}) == ("", "")
    assert said({**short, "issue": "1"}, {**short, "issue": "2"}) == ("", "")


def test_a_translated_title_is_the_same_where_doi_and_pages_agree():
    spanish = "Los exosomas son una nueva estrategia para la mejoría del dolor lumbar"
    found = compare(but(pmid="", pmcid=""), but(pmid="", pmcid="", title=spanish, authors=("Doe-Pérez J",)))
    assert (found.judgement, found.rule) == ("same", "doi")
    assert "different titles" in found.evidence
    assert "first page 45" in found.evidence


def test_a_vernacular_title_is_compared_too():
    vernacular = "Exosomas en el dolor lumbar: un ensayo clínico"
    one = no_ids(vernacular_title=vernacular)
    assert said(one, {**BARE, "title": vernacular, "authors": ("Doe J",), "year": 2020}) == (
        "same",
        "title-year-author",
    )


def test_a_doi_shared_by_different_titles_is_left_to_a_person():
    other = "A quite different piece of work on the cervical spine of horses"
    assert said(but(pmid="", pmcid=""), {**BARE, "title": other, "doi": FULL["doi"]}) == ("unsure", "doi")


def test_the_items_of_an_issue_that_has_one_doi_are_not_matched():
    one = but(title="Exosomes and discs in the ageing human spine", pages="1-9", pmid="", pmcid="")
    other = but(
        title="Knee cartilage after marathon running in men", pages="10-19", authors=("Poe E",), pmid="", pmcid=""
    )
    assert said(one, other) == ("", "")


@pytest.mark.parametrize(
    ("other", "word"),
    [
        (but(pmid="39999999"), "PMID"),
        (but(pmcid="PMC1111111", pmid=""), "PMCID"),
        (but(doi="10.1000/other", pages="", issue="", pmid="", pmcid=""), "DOI"),
        (no_ids(year=2018, pages="", volume=""), "year"),
        (no_ids(pages="99-101", issue=""), "first page"),
        (no_ids(volume="13", pages=""), "volume"),
        (no_ids(authors=("Zhukov P",), pages="", volume=""), "first author"),
        (no_ids(journal="Blood", pages="", volume=""), "journal"),
    ],
)
def test_a_contradiction_leaves_equal_titles_to_a_person_and_says_what_it_is(other, word):
    found = compare(but(), other)
    assert found.judgement is Judgement.UNSURE
    assert word in found.evidence.split("different", 1)[1]


def test_a_row_with_a_title_only_is_left_to_a_person():
    assert said(but(), BARE) == ("unsure", "same-title")
    assert "first author" in compare(but(), BARE).evidence


def test_a_cut_off_title_is_left_to_a_person():
    assert said(but(), {**BARE, "title": LONG[:60]}) == ("unsure", "cut-off-title")


def test_a_short_beginning_is_no_cut_off_title():
    assert said(but(), {**BARE, "title": LONG[:30]}) == ("", "")


@pytest.mark.parametrize("prefix", ["Erratum: ", "Correction to: ", "Retraction: ", "Comment on: ", "Reply to: "])
def test_a_piece_about_an_article_is_never_merged_with_it(prefix):
    about = but(title=prefix + LONG)
    assert said(no_ids(), {**about, **NO_IDS})[0] != "same"
    assert said(but(pmid="", pmcid=""), {**about, "pmid": "", "pmcid": ""}) == ("unsure", "doi")


def test_an_erratum_with_the_articles_own_title_is_told_by_its_type():
    erratum = no_ids(types=("Published Erratum",))
    assert said(no_ids(types=("Journal Article",)), erratum)[0] != "same"


def test_parts_of_one_work_are_never_merged():
    one, two = no_ids(title=LONG + ": part I"), no_ids(title=LONG + ": part II")
    assert said(one, two)[0] != "same"
    assert said({**one, "doi": "10.1000/abc"}, {**two, "doi": "10.1000/abc"}) == ("unsure", "doi")


def test_editorials_are_told_apart_by_volume_and_issue():
    editorial = {"title": "Editorial", "authors": ("Doe J",), "year": 2020, "journal": "Spine", "volume": "12"}
    assert said({**editorial, "issue": "1"}, {**editorial, "issue": "2"}) == ("", "")
    assert said({**editorial, "issue": "1"}, {**editorial, "volume": "13", "issue": "1"}) == ("", "")
    assert said({**editorial, "issue": "1", "pages": "1"}, {**editorial, "issue": "1", "pages": "77"}) == ("", "")
    assert said({**editorial, "issue": "1"}, {**editorial, "issue": "1"}) == ("same", "title-issue")


def test_a_column_that_returns_in_every_issue_is_not_merged():
    column = {**FULL, **NO_IDS, "title": "What the editor thinks about the spine this time", "pages": ""}
    assert said({**column, "issue": "1"}, {**column, "issue": "2"})[0] != "same"


def test_the_same_title_by_other_people_in_another_year_is_another_work():
    other = no_ids(authors=("Zhukov P",), year=2012, journal="Pain", volume="3", pages="7")
    assert said(no_ids(), other) == ("", "")


REGISTER = {"authors": (), "year": None, "journal": "ClinicalTrials.gov", "registrations": ("NCT01234567",)}


def test_one_register_entry_under_its_brief_and_official_title_is_the_same():
    brief, official = "Exosomes in back pain", "A prospective randomised trial of exosomes for chronic lumbar pain"
    one, other = {**REGISTER, "title": official}, {**REGISTER, "title": brief}
    assert said(one, other) == ("same", "registration")


def test_register_entries_with_different_numbers_are_never_merged():
    other = {**REGISTER, "title": LONG, "registrations": ("NCT07654321",)}
    assert said({**REGISTER, "title": LONG}, other)[0] != "same"


def test_an_article_and_its_register_entry_are_two_reports_and_never_merged():
    article = but(registrations=("NCT01234567",))
    assert said(article, {**REGISTER, "title": "Exosomes in back pain"}) == ("related", "registered")
    assert said(article, {**REGISTER, "title": LONG}) == ("related", "registered")
    several = but(registrations=("NCT01234567", "NCT07654321"))
    assert said(several, {**REGISTER, "title": LONG}) == ("", "")


@pytest.mark.parametrize(
    "preprint",
    [
        {"journal": "medRxiv"},
        {"journal": "bioRxiv : the preprint server for biology"},
        {"journal": "Research Square"},
        {"journal": "", "doi": "10.1101/2020.03.04.20031112"},
        {"journal": "", "doi": "10.2139/ssrn.3266249"},
        {"journal": "Preprints", "title": LONG.replace("failed surgery", "surgery")},
        {"journal": "Some server", "types": ("Preprint",)},
    ],
)
def test_a_preprint_and_its_article_are_two_reports_of_one_study(preprint):
    server = {**BARE, "authors": ("Doe J", "Roe R"), "year": 2019, **preprint}
    assert said(but(), server) == ("related", "preprint")
    assert said(server, {**server, "year": 2019})[0] == "same"
    assert said(but(authors=("Poe E",)), server) == ("", "")


def test_a_preprint_of_another_title_needs_the_same_people_figures_and_time():
    other = LONG.replace("failed surgery", "surgery")
    server = {**BARE, "authors": ("Doe J", "Roe R", "Poe E"), "title": other, "year": 2019, "types": ("Preprint",)}
    article = but(authors=("Doe J", "Roe R", "Poe E"))
    assert said(article, server) == ("related", "preprint")
    assert said(but(authors=("Doe J", "Fox F", "Hill H")), server) == ("", "")  # one namesake
    assert said(article, {**server, "year": 2012}) == ("", "")
    found = (
        "In the hospital of a made-up town, 40 people with low back pain got vesicles or saline, and were asked " * 2
    )
    found, others = (
        found + "after 12, 15, 18 weeks.",
        found[7:] + "Of 77 rats, 3, 5, 9 and 33 walked.".replace("40", ""),
    )
    others = others.replace("40 people", "rats")
    assert said({**article, "abstract": found}, {**server, "abstract": found}) == ("related", "preprint")
    assert said({**article, "abstract": found}, {**server, "abstract": others}) == ("", "")


def test_a_record_whose_title_the_database_corrected_is_the_same_by_all_its_numbers_and_its_place():
    title = "Exosomes for sacroiliac low back pain: walking in a pilot study"
    before, after = but(title=title), but(title=f"{title}, with a corrected title")
    assert said(before, after) == ("same", "pmid")
    assert said(before, {**after, "doi": "", "pmcid": ""}) == ("unsure", "pmid")  # one number can be mistyped
    assert said(before, {**after, "pages": "53-60"}) == ("unsure", "pmid")
    assert said(before, {**after, "types": ("Published Erratum",)})[0] == "unsure"


def test_a_congress_paper_that_gives_a_preprints_doi_is_no_preprint():
    paper = {**BARE, "authors": ("Doe J", "Roe R"), "year": 2020, "journal": "International Spine Conference"}
    assert said(paper, {**paper, "doi": "10.2139/ssrn.3266249"})[0] == "same"


def test_an_abstract_of_a_congress_is_not_its_article():
    abstract = no_ids(types=("Conference Abstract",), volume="", issue="Suppl 1", pages="S7")
    assert said(no_ids(), abstract) == ("", "")
    assert said(abstract, {**abstract, "pages": ""})[0] == "same"
    assert said(no_ids(), no_ids(types=("Conference Abstract",)))[0] == "same"  # one place: one entry


def test_two_articles_on_one_registered_trial_are_two_reports():
    one = no_ids(registrations=("NCT01234567",))
    follow_up = no_ids(registrations=("NCT01234567",), title="One year later: " + LONG, year=2021, pages="7")
    assert said(one, follow_up) == ("", "")


def test_a_sparse_copy_does_not_join_an_article_and_its_congress_abstract():
    abstract = no_ids(journal="Eur Spine J", volume="29", pages="S7", issue="1")
    article = no_ids()
    sparse = {**BARE, "authors": ("Doe J",), "year": 2020}
    assert said(abstract, article)[0] != "same"
    assert said(abstract, sparse)[0] == said(article, sparse)[0] == "same"
    for order in ((abstract, article, sparse), (abstract, sparse, article), (sparse, article, abstract)):
        citations = [citation(id=n, **facts) for n, facts in enumerate(order, start=1)]
        found = list(find_matches(citations))
        joined = partition([1, 2, 3], [(f.left, f.right) for f in found if f.judgement is Judgement.SAME])
        places = [order.index(abstract) + 1, order.index(article) + 1]
        assert joined.group[places[0]] != joined.group[places[1]]
        unsure = [f for f in found if f.judgement is Judgement.UNSURE and "would become one" in f.evidence]
        assert unsure, "the person is told why the sparse copy was not joined"


def test_an_entry_without_title_or_authors_joins_one_record_only():
    one, other = no_ids(volume="", pages="", issue=""), no_ids(authors=("Zhukov P",), pages="", issue="")
    nobody = no_ids(authors=(), pages="", issue="")
    for order in ((one, other, nobody), (one, nobody, other), (nobody, other, one)):
        found = list(find_matches(citation(id=n, **facts) for n, facts in enumerate(order, start=1)))
        joined = partition([1, 2, 3], [(f.left, f.right) for f in found if f.judgement is Judgement.SAME])
        assert joined.group[order.index(one) + 1] != joined.group[order.index(other) + 1]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        # a letter, and the reply on the same page
        (no_ids(pages="45"), no_ids(pages="45", authors=("Zhukov P", "Poe E"))),
        # companion papers of one group in one issue
        (no_ids(), no_ids(title=LONG.replace("chronic", "acute"), pages="53-60")),
        (no_ids(pages=""), no_ids(pages="", title=LONG.replace("failed surgery", "physiotherapy"))),
        # the protocol, and the trial
        (no_ids(), no_ids(title=LONG + ": study protocol", year=2019, volume="11", pages="1")),
        # each year's statistics
        (
            no_ids(title="Statistics of the lumbar spine in our country, 2019", year=2019),
            no_ids(title="Statistics of the lumbar spine in our country, 2020", volume="13"),
        ),
        # a review and its update
        (no_ids(), no_ids(year=2014, volume="", issue="7", pages="CD001234", doi="10.1002/1.pub2")),
        # one abstract given at two congresses
        (
            no_ids(journal="Spine", volume="12", issue="Suppl 1", pages="23"),
            no_ids(journal="Bone", volume="94", issue="Suppl 2", pages="239-240"),
        ),
        # abstract and article of one year and volume
        (no_ids(issue="12", pages="2539-2542"), no_ids(issue="9", pages="1875")),
        # two abstracts on one page
        (
            no_ids(pages="100A"),
            no_ids(pages="100A", title=LONG.replace("failed surgery", "physiotherapy")),
        ),
        # two congress papers, both from page 1
        (
            no_ids(volume="", issue="", pages="1-14", journal="Spine Conference"),
            but(
                **NO_IDS, volume="", issue="", pages="1-14", journal="Spine Conference", title="Discs, and " + LONG[40:]
            ),
        ),
        # what differs: two identifiers, and something else
        (but(pmid="", pmcid=""), but(doi="10.1000/xyz", pmid="", pmcid="", year=2021)),
        (but(doi="", pmcid=""), but(doi="", pmid="39999999", pmcid="")),
        # pieces about a paper
        (no_ids(), no_ids(title=LONG + " - Author's reply", pages="46")),
        (no_ids(), no_ids(title=LONG + " (vol 12, pg 45, 2020)", pages="460")),
        (no_ids(), no_ids(types=("Retraction of Publication",), pages="", issue="", volume="")),
    ],
)
def test_near_misses_are_never_merged(one, other):
    assert said(one, other)[0] != "same"


def test_an_issue_number_alone_is_weak_evidence():
    assert said(no_ids(), no_ids(issue="4"))[0] == "same"
    assert said(no_ids(), no_ids(issue="4", pages=""))[0] == "same"
    alone = {"authors": ("Doe J",), "title": "Notes of the editor on the spine and on the discs of men"}
    assert said(no_ids(**alone), no_ids(**alone, issue="4", pages=""))[0] != "same"


def test_an_entry_without_any_text_matches_nothing():
    empty = {"title": "", "authors": (), "year": None, "journal": ""}
    assert said(empty, empty) == ("", "")


def test_every_rule_has_a_name_and_a_reason_of_one_line():
    assert len({rule.name for rule in RULES}) == len(RULES)
    assert all(rule.reason.endswith(".") and "\n" not in rule.reason for rule in RULES)
