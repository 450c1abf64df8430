"""`reviewkit studies`: the included studies with their reports, and the links between reports."""

import click

from reviewkit.cli.common import json_option, review_option, reviewer_option


@click.group("studies", invoke_without_command=True)
@json_option
@review_option
@click.pass_context
def command(context: click.Context, as_json: bool, review: str | None) -> None:
    """List the included studies; link and unlink their reports.

    One study can have several reports, such as an article and its register entry: link them, and they are
    extracted and counted as one study.
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
    """List the included studies, other linked records, and links worth making."""
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
    """Say that a report belongs to another study; the others stay together."""
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
    from reviewkit.cli.common import console, open_desk, print_json, safe, table
    from reviewkit.model.ids import record_label, study_label
    from reviewkit.steps.standing import standing
    from reviewkit.steps.studies import list_studies, list_waiting_links, suggest_links
    from reviewkit.steps.wording import counted

    desk = open_desk(review)
    now_standing = standing(desk.store, desk.protocol)
    studies = list_studies(desk.store, now_standing)
    waiting = list_waiting_links(desk.store, now_standing)
    suggestions = suggest_links(desk.store, now_standing)
    if as_json:
        reports = [[{"id": record_label(r.id), "title": r.title, "year": r.year} for r in s.reports] for s in studies]
        named = [{"id": study_label(s.id), "name": s.name, "reports": r} for s, r in zip(studies, reports, strict=True)]
        linked = [[record_label(record.id) for record in group] for group in waiting]
        worth = [
            {"registration": s.registration, "records": [record_label(r.id) for r in s.records]} for s in suggestions
        ]
        print_json({"studies": named, "not_all_included": linked, "suggestions": worth})
        return
    out = console()
    columns = {"study": "left", "name": "left", "report": "left", "title": "left", "year": "right"}
    rows = [
        (
            study_label(s.id) if first else "",
            s.name if first else "",
            record_label(r.id),
            r.title,
            r.year or "",
        )
        for s in studies
        for first, r in ((r is s.reports[0], r) for r in s.reports)
    ]
    if rows:
        reports_n = counted(sum(len(study.reports) for study in studies), "report")
        title = f"Included: {counted(len(studies), 'study')}, {reports_n}"
        out.print(table(title, columns, rows))
    else:
        out.print("No study is included yet.")
    for group in waiting:
        out.print(f"\nLinked, and not all included: {', '.join(record_label(record.id) for record in group)}")
    for suggestion in suggestions:
        labels = [record_label(record.id) for record in suggestion.records]
        out.print(f"\n{' and '.join(labels)} name the registration {safe(suggestion.registration)}.")
        out.print(f"If they report one study: reviewkit studies link {' '.join(labels)}")
