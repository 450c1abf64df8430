"""Which value stands, how far everyone is, and what holds when people differ."""

import pytest

from reviewkit.model.decisions import Basis
from reviewkit.model.extractions import Cell, Extraction, Filled, agreed, by_reviewer, differences, progress, ready
from reviewkit.model.protocol import Field, FieldType, Form, Group

AT = "2024-06-01T08:00:00Z"

FORM = Form(
    reviewers=2,
    group=(
        Group(
            id="design",
            label="Design",
            field=(Field(id="n", label="N", type=FieldType.INTEGER, required=True), Field(id="kind", label="Kind")),
        ),
        Group(
            id="outcome",
            label="Outcomes",
            repeated=True,
            key=("name",),
            field=(Field(id="name", label="Name"), Field(id="change", label="Change", required=True)),
        ),
    ),
)


def rows(*given: tuple[str, str, str]) -> list[Extraction]:
    """Extractions of study 1: (who, "group.field" or "group.field@row", value)."""
    made = []
    for n, (who, place, value) in enumerate(given, start=1):
        name, _, row = place.partition("@")
        group, _, field = name.partition(".")
        basis = Basis.CONSENSUS if who == "consensus" else Basis.REVIEWER
        by = "lee" if who == "consensus" else who
        made.append(Extraction(study=1, group=group, row=row, field=field, value=value, by=by, at=AT, n=n, basis=basis))
    return made


def table(*given: tuple[str, str, str]) -> dict[Cell, dict[str, Extraction]]:
    return by_reviewer(rows(*given), {1: 1})


N = Cell(1, "design", "", "n")
KIND = Cell(1, "design", "", "kind")


def test_each_persons_last_value_stands_and_a_blank_one_takes_it_back() -> None:
    found = table(
        ("ann", "design.n", "20"), ("ann", "design.n", "21"), ("bob", "design.n", "5"), ("bob", "design.n", "")
    )
    assert {who: row.value for who, row in found[N].items()} == {"ann": "21"}
    assert table(("ann", "design.n", "20"), ("ann", "design.n", "")) == {}


def test_an_undone_value_lets_the_one_before_stand() -> None:
    made = rows(("ann", "design.n", "20"), ("ann", "design.n", "21"))
    made.append(Extraction(study=1, group="design", field="n", by="ann", at=AT, n=3, undoes=2))
    assert by_reviewer(made, {1: 1})[N]["ann"].value == "20"


def test_values_follow_their_study_and_those_of_an_excluded_one_are_left_out() -> None:
    made = rows(("ann", "design.n", "20"))
    assert list(by_reviewer(made, {1: 7})) == [Cell(7, "design", "", "n")]
    assert by_reviewer(made, {}) == {}


def test_a_study_is_finished_when_every_required_field_has_a_value() -> None:
    def of_ann(*given: tuple[str, str, str]) -> Filled:
        return progress(FORM, table(*given), [1])["ann"][1]

    assert of_ann(("ann", "design.kind", "trial")) == Filled(values=1, filled=0, required=1)
    assert of_ann(("ann", "design.n", "not reported")).finished
    begun = (("ann", "design.n", "20"), ("ann", "outcome.name@pain", "pain"))
    assert of_ann(*begun) == Filled(values=2, filled=1, required=2)
    assert of_ann(*begun, ("ann", "outcome.change@pain", "5")).finished


def test_where_nothing_is_required_any_value_finishes_a_study() -> None:
    loose = Form(group=(Group(id="design", label="D", field=(Field(id="kind", label="K"),)),))
    people = progress(loose, table(("ann", "design.kind", "trial")), [1, 2])
    assert people["ann"][1].finished and not people["ann"][2].finished


def test_values_may_be_compared_only_when_enough_people_have_finished() -> None:
    one = progress(FORM, table(("ann", "design.n", "20"), ("bob", "design.kind", "x")), [1])
    assert ready(FORM, one, 1) == ()
    two = progress(FORM, table(("ann", "design.n", "20"), ("bob", "design.n", "21")), [1])
    assert ready(FORM, two, 1) == ("ann", "bob")


@pytest.mark.parametrize(
    ("given", "value", "differs"),
    [
        ((("ann", "design.n", "20"), ("bob", "design.n", "20")), "20", False),
        ((("ann", "design.n", "20"), ("bob", "design.n", "21")), "", True),
        ((("ann", "design.n", "20"), ("bob", "design.n", "21"), ("consensus", "design.n", "22")), "22", False),
        ((("ann", "design.n", "A  trial"), ("bob", "design.n", "a trial")), "A  trial", False),
        ((("ann", "design.n", "20"),), "", True),
    ],
)
def test_what_holds_is_the_consensus_or_what_all_agree_on(
    given: tuple[tuple[str, str, str], ...], value: str, differs: bool
) -> None:
    found = agreed(table(*given)[N], 2, ("ann", "bob"))
    assert (found.value, found.differs, found.waiting) == (value, differs, False)


def test_a_value_is_kept_back_while_its_study_waits_for_the_other() -> None:
    found = agreed(table(("ann", "design.n", "20"))[N], 2, ())
    assert (found.value, found.source, found.by, found.waiting) == ("", "", ("ann",), True)


def test_where_one_extractor_is_enough_the_latest_value_holds() -> None:
    found = agreed(table(("ann", "design.n", "20"), ("bob", "design.n", "21"))[N], 1, ())
    assert (found.value, found.by) == ("21", ("bob",))


def test_differences_come_in_the_order_of_the_form_with_what_was_settled() -> None:
    given = (
        ("ann", "design.kind", "trial"), ("bob", "design.n", "21"), ("ann", "design.n", "20"),
        ("ann", "outcome.name@pain", "pain"), ("ann", "outcome.change@pain", "5"),
        ("consensus", "design.kind", "trial"),
    )  # fmt: skip
    found = differences(FORM, table(*given), [1])
    assert [(d.cell.field, sorted(d.values), d.settled is not None) for d in found] == [
        ("n", ["ann", "bob"], False),
        ("kind", ["ann"], True),
        ("change", ["ann"], False),
    ]
    assert {d.people for d in found} == {("ann", "bob")}
    assert differences(FORM, table(*given[:1]), [1]) == []
