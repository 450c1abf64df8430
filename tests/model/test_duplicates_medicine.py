"""Near misses of the medical literature, and copies that differ as the databases of medicine do."""

import pytest

from tests.build import citation
from tests.model.test_duplicates import BARE, LONG, compare, no_ids, said

ONE = (
    "Background: pain of the low back is common. We treated 112 people with vesicles for 12 weeks. Pain fell by 34.5 % "
    "(95% CI 21 to 47, p = 0.013) and that lasted for half a year in most of them."
)
OTHER = (
    "Objective: to count vesicles in the lumbar discs of 48 people in 2011. Of 23 samples 17 held 90 or more vesicles, "
    "and 12 held none at all."
)
ABSTRACT = {**no_ids(), "volume": "29", "issue": "Suppl 1", "pages": "S45"}
NOWHERE = {"volume": "", "issue": "", "pages": ""}
COCHRANE = {"journal": "Cochrane Database of Systematic Reviews", "volume": "", "issue": "3"}
DRUG = "Effects of rosuvastatin on bone density in older people with heart failure: a cohort study"


def abstract(**changed: object) -> dict[str, object]:
    return {**ABSTRACT, **changed}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        # one group's abstracts at one congress: neighbouring pages, one page, one DOI for all
        (abstract(title=DRUG), abstract(title=DRUG.replace("bone density", "gait"), pages="S46")),
        (abstract(title=DRUG), abstract(title=DRUG.replace("rosuvastatin", "atorvastatin"))),
        (abstract(title=DRUG), abstract(title=DRUG.replace("people", "pigs"), pages="")),
        (
            abstract(title=DRUG, doi="10.1000/suppl", pages="S45"),
            abstract(title=DRUG.replace("heart failure", "stroke"), doi="10.1000/suppl", pages="S46"),
        ),
        (
            abstract(title=DRUG, doi="10.1000/suppl", pages=""),
            abstract(title=DRUG.replace("heart failure", "stroke"), doi="10.1000/suppl", pages=""),
        ),
        # two drugs with one ending, twins on neighbouring pages
        (no_ids(title=DRUG), no_ids(title=DRUG.replace("rosuvastatin", "atorvastatin"), pages="53-60")),
        (no_ids(title=DRUG, pages="45-47"), no_ids(title=DRUG.replace(" in older people", ""), pages="48-55")),
        # a congress abstract and its article in one journal and volume
        (no_ids(pages=""), no_ids(issue="Suppl 1", pages="S99")),
        (no_ids(abstract=ONE), no_ids(abstract=ONE, issue="Suppl 1", pages="S99")),
        (no_ids(abstract=ONE, pages="", volume="", issue=""), no_ids(abstract=OTHER)),
        # one abstract at two meetings of one society
        (abstract(pages="S45"), abstract(issue="Suppl 2", pages="S345")),
        # a Cochrane protocol, the review and its update, with and without what tells their versions
        (
            no_ids(**COCHRANE, year=2014, pages="CD001234", doi="10.1002/14651858.CD001234"),
            no_ids(**COCHRANE, year=2014, pages="", doi="10.1002/14651858.CD001234.pub2"),
        ),
        (no_ids(**COCHRANE, year=2014, pages=""), no_ids(**COCHRANE, year=2015, pages="")),
        # a thesis and its article
        ({**BARE, "authors": ("Doe, Jane",), "year": 2020, "types": ("Thesis",)}, no_ids()),
        (no_ids(journal="Dissertation Abstracts International: Section B", volume="", issue="", pages=""), no_ids()),
    ],
)
def test_works_that_belong_together_are_not_merged(one, other):
    assert said(one, other)[0] != "same"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        # each source gives the number of another registry
        (no_ids(registrations=("NCT01234567",)), no_ids(registrations=("ISRCTN12345678",))),
        # one source calls it an abstract, the other shows its single page
        (abstract(types=("Conference Abstract",)), abstract(issue="6", pages="45")),
        (abstract(journal="Spine.Conference: 6th Congress of Spines. Oslo", issue="", pages=""), abstract()),
        (abstract(), abstract(issue="S1")),
        # one database has headings in the abstract, the other cut it off
        (no_ids(abstract=ONE, pages=""), no_ids(abstract=ONE.removeprefix("Background: ")[:150], volume="")),
        # one thesis in two databases
        (
            {**BARE, "authors": ("Doe, Jane",), "year": 2020, "types": ("Thesis",)},
            {**BARE, "authors": ("Doe J",), "year": 2020, "types": ("Dissertation",)},
        ),
    ],
)
def test_copies_from_two_databases_are_the_same(one, other):
    assert said(one, other)[0] == "same"


def test_another_abstract_speaks_against_one_publication_and_is_named():
    found = compare(no_ids(abstract=ONE, pages="", issue=""), no_ids(abstract=OTHER, volume=""))
    assert found.judgement == "unsure"
    assert "different abstract" in found.evidence
    assert said(no_ids(abstract=ONE), no_ids(abstract=OTHER))[0] == "same"  # in one place: a source wrote its own


def test_one_word_for_another_is_forgiven_within_an_issue_only():
    misread = no_ids(title=LONG.replace("failed", "facial"), pages="")
    assert said(no_ids(), misread) == ("same", "title-issue")
    assert said(no_ids(issue="Suppl 1"), {**misread, "issue": "Suppl 1"})[0] != "same"
    assert said(no_ids(), {**misread, "pages": "53-60"})[0] != "same"


def test_a_cut_off_doi_is_no_contradiction_but_a_version_is():
    one = citation(**no_ids(doi="10.1000/spine.2020.123"))
    assert said(no_ids(doi=one.doi), no_ids(doi="10.1000/spine.2020", volume="")) == ("same", "title-year-author")
    assert said(no_ids(doi=one.doi), no_ids(doi=one.doi + ".pub2", volume="", pages=""))[0] == "unsure"


def test_an_article_that_one_source_labels_as_an_erratum_in_brackets_stays_apart():
    assert said(no_ids(pages=""), no_ids(title=LONG + " [Erratum]", issue="7"))[0] != "same"
    assert said(no_ids(), no_ids(title=LONG + " [Erratum appears in Spine 2021;13:7]"))[0] == "same"


def test_one_word_names_of_journals_are_not_their_longer_siblings():
    sibling = no_ids(journal="Spine Research", volume="", issue="", pages="", year=2021)
    assert said(no_ids(volume="", pages="", issue=""), sibling)[0] == "unsure"
    own = {**sibling, "journal": "Spine; official organ of spines"}
    assert said(no_ids(volume="", pages="", issue=""), own)[0] == "same"


def test_register_entries_are_told_by_the_address_that_stands_for_the_journal():
    entry = {"title": LONG, "authors": (), "year": 2020}
    one = {**entry, "journal": "https://clinicaltrials.gov/show/NCT01234567"}
    assert said(no_ids(), one) == ("", "")
    assert said(one, {**entry, "journal": "https://trialsearch.who.int/Trial2.aspx?TrialID=NCT01234567"})[0] == "same"
    assert said(one, {**one, "journal": "https://clinicaltrials.gov/show/NCT07654321"})[0] != "same"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (no_ids(), no_ids(volume="13", pages="99-101", year=2021)),  # the next volume's piece
        (no_ids(), no_ids(journal="Pain", pages="99-101")),  # a guideline in two journals
        (abstract(pages="S99"), no_ids(volume="29")),  # abstract and article
        (no_ids(**COCHRANE, pages="CD001234"), no_ids(**COCHRANE, pages="CD001234", year=2023)),  # a review's update
        (no_ids(pmid="31234567"), no_ids(pmid="39999999", pages="99-101")),  # two numbers in PubMed
        (no_ids(title=DRUG, pages="45-47"), no_ids(title=DRUG.replace("older", "other"), pages="48-52")),  # companions
    ],
)
def test_nobody_is_asked_about_works_that_stand_in_two_places(one, other):
    assert said(one, other) == ("", "")


@pytest.mark.parametrize(
    ("one", "other", "rule"),
    [
        (no_ids(title="p16 and " + LONG), no_ids(title="p6 and " + LONG), "same-place"),
        (no_ids(types=("Published Erratum",)), no_ids(), "same-place"),
        (no_ids(), no_ids(title=LONG.replace("failed surgery", "physiotherapy"), **NOWHERE), "reworded-title"),
        (no_ids(), no_ids(pages="99-101", issue=""), "same-title-other-page"),
        (no_ids(title="Editor's comments", pages=""), no_ids(title="Editor's comments: the spine"), "cut-off-title"),
    ],
)
def test_a_person_is_asked_where_a_copy_may_be_mistyped(one, other, rule):
    assert said(one, other) == ("unsure", rule)
