"""`reviewkit studies`: the included studies with their reports, and the links between reports."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import click

from reviewkit.cli.common import json_option, review_option, reviewer_option, safe, words

if TYPE_CHECKING:
    from reviewkit.model.citation import Citation
    from reviewkit.steps.studies import Study


@click.group("studies", invoke_without_command=True)
@json_option
@review_option
@click.pass_context
def command(context: click.Context, as_json: bool, review: str | None) -> None:
    """List the included studies; link and unlink their reports.

    One study can have several reports, such as an article and its register entry: linked, they are extracted and
    counted as one study. Some links the rules of 'reviewkit dedupe' make; unlink parts what is wrong.
    """
    if context.invoked_subcommand is None:
        _list(as_json, review)
    elif as_json:
        raise click.UsageError(f"Write --json after the command: reviewkit studies {context.invoked_subcommand} --json")
    else:
        context.obj = review


@command.command("list")
@json_option
@review_option
@click.pass_obj
def list_(outer: str | None, as_json: bool, review: str | None) -> None:
    """List the included studies and links worth making."""
    _list(as_json, review or outer)


@command.command("link")
@click.argument("records", nargs=-1, required=True, metavar="R R ...")
@click.option("--note", default="", help="Why they are one study.")
@reviewer_option
@json_option
@review_option
@click.pass_obj
def link(
    outer: str | None, records: tuple[str, ...], note: str, reviewer: str | None, as_json: bool, review: str | None
) -> None:
    """Say that two records or more are reports of one study."""
    from reviewkit.cli.common import now, open_desk, print_json, who
    from reviewkit.model.ids import parse_id, record_label
    from reviewkit.steps.standing import standing
    from reviewkit.steps.studies import link_reports

    desk = open_desk(review or outer)
    name = who(reviewer, desk)
    ids = [parse_id(record) for record in records]
    rows = link_reports(desk.store, standing(desk.store, desk.protocol), ids, name, now(), note)
    if as_json:
        print_json(rows)
        return
    named = ", ".join(map(record_label, ids))
    click.echo(
        f"{named}: reports of one study; kept." if rows else f"{named} are one study already. Nothing was added."
    )


@command.command("unlink")
@click.argument("record", metavar="R")
@click.option("--note", default="", help="Why it belongs to another study.")
@reviewer_option
@json_option
@review_option
@click.pass_obj
def unlink(outer: str | None, record: str, note: str, reviewer: str | None, as_json: bool, review: str | None) -> None:
    """Say that a report belongs to another study.

    The reports it was linked to stay together.
    """
    from reviewkit.cli.common import now, open_desk, print_json, who
    from reviewkit.model.ids import parse_id, record_label
    from reviewkit.steps.standing import standing
    from reviewkit.steps.studies import unlink_report

    desk = open_desk(review or outer)
    name = who(reviewer, desk)
    wanted = parse_id(record)
    rows = unlink_report(desk.store, standing(desk.store, desk.protocol), wanted, name, now(), note)
    if as_json:
        print_json(rows)
        return
    click.echo(f"{record_label(wanted)} is no longer linked to other reports; kept.")


@command.command("undo")
@reviewer_option
@json_option
@review_option
@click.pass_obj
def undo(outer: str | None, reviewer: str | None, as_json: bool, review: str | None) -> None:
    """Take back your last link or unlink."""
    from reviewkit.cli.common import now, open_desk, print_json, who
    from reviewkit.model.ids import record_label
    from reviewkit.steps.studies import take_back_link

    desk = open_desk(review or outer)
    rows = take_back_link(desk.store, who(reviewer, desk), now())
    if as_json:
        print_json(rows)
        return
    pairs = ", ".join(f"{record_label(row.left)} and {record_label(row.right)}" for row in rows)
    click.echo(f"Taken back: what was said of {pairs} at {rows[-1].at}.")


def _list(as_json: bool, review: str | None) -> None:
    from reviewkit.cli.common import open_desk, print_json
    from reviewkit.steps.standing import standing
    from reviewkit.steps.studies import list_rule_links, list_studies, list_waiting_links, suggest_links

    desk = open_desk(review)
    stand = standing(desk.store, desk.protocol)
    studies = list_studies(desk.store, stand)
    waiting = [_labels(group) for group in list_waiting_links(desk.store, stand)]
    by_rule = list_rule_links(desk.store, stand)
    suggestions = suggest_links(desk.store, stand)
    if as_json:
        worth = [{"registration": each.registration, "records": _labels(each.records)} for each in suggestions]
        print_json(
            {
                "studies": list(map(_plain, studies)),
                "linked_by_rule": [
                    {"records": _names(each.pair), "rule": each.match.rule, "evidence": each.match.evidence}
                    for each in by_rule
                ],
                "not_all_included": waiting,
                "suggestions": worth,
            }
        )
        return
    _show_studies(studies)
    for link in by_rule:
        one, other = _names(link.pair)
        click.echo(safe(f"\n{one} and {other} were linked by rule {link.match.rule}: {link.match.evidence}."))
        click.echo(f"If they report two studies: {words('studies', 'unlink', other, review=review)}")
    for group in waiting:
        click.echo(f"\nLinked, and not all included: {', '.join(group)}")
    for each in suggestions:
        labels = _labels(each.records)
        click.echo(safe(f"\n{' and '.join(labels)} name the registration {each.registration}."))
        click.echo(f"If they report one study: {words('studies', 'link', *labels, review=review)}")


def _show_studies(studies: "Sequence[Study]") -> None:
    from reviewkit.cli.common import console, table
    from reviewkit.model.ids import record_label, study_label
    from reviewkit.steps.wording import counted

    if not studies:
        click.echo("No study is included yet.")
        return
    rows: list[tuple[object, ...]] = []
    for study in studies:
        named = (study_label(study.id), study.name)
        for report in study.reports:
            rows.append((*named, record_label(report.id), report.title, report.year or ""))
            named = ("", "")
    columns = {"study": "left", "name": "left", "report": "left", "title": "left", "year": "right"}
    title = f"Included: {counted(len(studies), 'study')}, {counted(len(rows), 'report')}"
    console().print(table(title, columns, rows))


def _plain(study: "Study") -> dict[str, object]:
    from reviewkit.model.ids import record_label, study_label

    reports = [{"id": record_label(r.id), "title": r.title, "year": r.year} for r in study.reports]
    return {"id": study_label(study.id), "name": study.name, "reports": reports}


def _labels(records: "Iterable[Citation]") -> list[str]:
    return _names(record.id for record in records)


def _names(records: Iterable[int]) -> list[str]:
    from reviewkit.model.ids import record_label

    return list(map(record_label, records))
