"""`reviewkit dedupe`: run the rules, ask about uncertain pairs, and record what people say of duplicates."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reviewkit.cli.common import json_option, review_option, reviewer_option

if TYPE_CHECKING:
    from reviewkit.cli.common import Desk
    from reviewkit.steps.dedup import Deduplicated, Question


@click.command("dedupe")
@click.argument("files", nargs=-1, type=click.Path(path_type=Path), metavar="[FILE]...")
@click.option("--clusters", type=click.Path(path_type=Path), metavar="CSV", help="Of FILEs: write a row per cluster.")
@click.option(
    "--output", type=click.Path(path_type=Path), metavar="OUT", help="Of FILEs: write one record per cluster."
)
@click.option("--unsure", type=click.Path(path_type=Path), metavar="CSV", help="Of FILEs: write the uncertain pairs.")
@click.option("--rules-only", is_flag=True, help="Run the rules and ask nothing.")
@click.option("--list", "listed", is_flag=True, help="List the pairs that wait for a person; run nothing.")
@click.option("--same", nargs=2, metavar="R R", help="Judge two records to be the same publication.")
@click.option("--different", nargs=2, metavar="R R", help="Judge two records to be different publications.")
@click.option("--split", nargs=2, metavar="R C", help="Part citation C from record R; the others stay together.")
@click.option("--show", metavar="R", help="Show a record: its copies, what joined them, where each field is from.")
@click.option("--undo", is_flag=True, help="Take back what you said last about duplicates.")
@click.option("--note", default="", help="A reason to keep with --same, --different or --split.")
@reviewer_option
@json_option
@review_option
def command(
    files: tuple[Path, ...],
    clusters: Path | None,
    output: Path | None,
    unsure: Path | None,
    rules_only: bool,
    listed: bool,
    same: tuple[str, str] | None,
    different: tuple[str, str] | None,
    split: tuple[str, str] | None,
    show: str | None,
    undo: bool,
    note: str,
    reviewer: str | None,
    as_json: bool,
    review: str | None,
) -> None:
    """Find duplicates; show the uncertain pairs and ask.

    The rules run first and name themselves on every match. What they are not sure of waits for you: s same,
    d different, k skip, u undo, q quit; Enter alone never decides. Nothing said is ever deleted, and all can be undone.

    With FILEs it works outside a workspace and touches none: it reads export files of any format and writes
    which of their entries are one publication (--clusters), and what is left of them (--output).
    """
    said = same or different or split
    actions = (rules_only, listed, same, different, split, show, undo)
    if sum(map(bool, actions)) > 1:
        raise click.UsageError("Choose one of --rules-only, --list, --same, --different, --split, --show, --undo.")
    if note and not said:
        raise click.UsageError("--note goes with --same, --different or --split.")
    if files or clusters or output or unsure:
        if any(actions) or review or reviewer:
            raise click.UsageError(
                "FILEs are compared outside a workspace: only --clusters, --output, --unsure, --json."
            )
        if not files or not (clusters or output):
            raise click.UsageError(
                "Name the FILEs to compare, and where to write: --clusters OUT.csv or --output OUT.ris."
            )
        import gc

        gc.disable()  # what is made here is kept or let go at once: looking for cycles in it would take a tenth longer
        from reviewkit.cli.dedupe_files import dedupe_files
        from reviewkit.steps.dedup_files import Outputs

        dedupe_files(files, Outputs(clusters, output, unsure), as_json)
        return
    from reviewkit.cli.common import open_desk

    desk = open_desk(review)
    if said:
        _say(desk, "same" if same else "different" if different else "split", said, note, reviewer, as_json)
    elif undo:
        _undo(desk, reviewer, as_json)
    elif listed:
        _list(desk, as_json, review)
    elif show:
        from reviewkit.cli.dedupe_show import show_record

        show_record(desk, show, as_json)
    else:
        _run(desk, reviewer, as_json, review, ask=not (rules_only or as_json))


# --- rules and questions -----------------------------------------------------------------------


def _run(desk: "Desk", reviewer: str | None, as_json: bool, review: str | None, ask: bool) -> None:
    from reviewkit.cli.common import console, now, print_json, who, words
    from reviewkit.steps.dedup import deduplicate

    screen = console(stderr=True)
    with screen.status("Comparing citations ...") as status:

        def seen(count: int) -> None:
            if count % 1000 == 0:
                status.update(f"Comparing citations ... {count:,}")

        report = deduplicate(desk.store, now(), seen)
    if as_json:
        print_json(report)
        return
    _tell(report)
    if not report.waiting:
        click.echo(f"Next: {words('status', review=review)}")
        return
    if ask and sys.stdin.isatty() and sys.stdout.isatty():
        from reviewkit.cli.dedupe_questions import ask_questions

        ask_questions(desk, who(reviewer, desk), review)
        return
    asks, lists = words("dedupe", review=review), words("dedupe", "--list", review=review)
    click.echo(f"'{asks}' in a terminal asks about them; '{lists}' lists them.")


def _tell(report: "Deduplicated") -> None:
    from reviewkit.cli.common import console, table
    from reviewkit.steps.wording import counted

    out = console()
    if report.added:
        columns = {"rule": "left", "same": "right", "unsure": "right", "related": "right", "reason": "left"}
        rows = [(r.rule, f"{r.same:,}", f"{r.unsure:,}", f"{r.related:,}", r.reason) for r in report.added]
        out.print(table("New matches: pairs of citations, by rule", columns, rows))
    else:
        out.print("The rules found nothing new.")
    citations = f"{counted(report.citations, 'citation')} {'is' if report.citations == 1 else 'are'}"
    duplicates = counted(report.duplicates, "duplicate")
    out.print(f"\n{citations} {counted(report.records, 'record')}: {duplicates}.")
    if any(rule.related for rule in report.added):
        out.print(
            "Related pairs (preprint and article, register entry and article) stay apart as reports of one study."
        )
    if report.waiting:
        out.print(f"{counted(report.waiting, 'pair')} of records may be one publication; a person decides.")


# --- scripts -----------------------------------------------------------------------------------


def _list(desk: "Desk", as_json: bool, review: str | None) -> None:
    from reviewkit.cli.common import console, print_json, table, words
    from reviewkit.model.ids import record_label
    from reviewkit.steps.dedup import ask, waiting

    questions = ask(desk.store, *waiting(desk.store))
    if as_json:
        print_json([_question_json(question) for question in questions])
        return
    if not questions:
        click.echo("No pair waits for a person.")
        return
    rows: list[tuple[object, ...]] = []
    for question in questions:
        for record in (question.left, question.right):
            why = f"{question.match.rule}: {question.match.evidence}" if record is question.left else ""
            rows.append((record_label(record.id), record.title, record.year or "", why))
            for shown, copy in question.otherwise_titled:
                if shown is record:
                    told = f"the copy of {record_label(record.id)} that was compared"
                    rows.append((record_label(copy.id), copy.title or "(no title)", copy.year or "", told))
        rows.append(("", "", "", ""))
    columns = {"id": "left", "title": "left", "year": "right", "why": "left"}
    console().print(table("Pairs that may be one publication", columns, rows[:-1]))
    first = questions[0]
    pair = (record_label(first.left.id), record_label(first.right.id))
    same, different = (words("dedupe", judged, *pair, review=review) for judged in ("--same", "--different"))
    click.echo(f"\nJudge with '{same}' or '{different}'.")


def _question_json(question: "Question") -> dict[str, object]:
    from reviewkit.model.ids import record_label

    sides = ((question.left, question.left_citations), (question.right, question.right_citations))
    left, right = (
        {
            "id": record_label(record.id),
            "title": record.title,
            "authors": list(record.authors),
            "year": record.year,
            "journal": record.journal,
            "doi": record.doi,
            "citations": [record_label(citation) for citation in citations],
        }
        for record, citations in sides
    )
    match = question.match
    return {
        "left": left, "right": right, "rule": match.rule, "evidence": match.evidence, "contested": question.contested,
        "compared": [{"id": record_label(copy.id), "title": copy.title} for copy in question.compared],
    }  # fmt: skip


def _say(desk: "Desk", action: str, pair: tuple[str, str], note: str, reviewer: str | None, as_json: bool) -> None:
    from reviewkit.cli.common import now, print_json, who
    from reviewkit.model.ids import parse_id, record_label
    from reviewkit.model.matches import Judgement
    from reviewkit.steps.judge import judge, split

    name = who(reviewer, desk)
    one, other = map(parse_id, pair)
    if action == "split":
        parting = split(desk.store, one, other, name, now(), note)
        rows = list(parting.rows)
        said = (
            f"{record_label(other)} is now in record {record_label(parting.citation)}, and the others are "
            f"{record_label(parting.rest)}. Decisions stay with the record id that they were made on."
        )
    else:
        rows = judge(desk.store, one, other, Judgement(action), name, now(), note)
        known = "one record" if action == "same" else "judged different"
        labels = f"{record_label(one)} and {record_label(other)}"
        judged = "one publication" if action == "same" else "different"
        said = f"{labels} are {judged}; kept." if rows else f"{labels} are {known} already. Nothing was added."
    if as_json:
        print_json(rows)
        return
    click.echo(said)


def _undo(desk: "Desk", reviewer: str | None, as_json: bool) -> None:
    from reviewkit.cli.common import now, print_json, safe, who
    from reviewkit.steps.judge import in_words, take_back

    rows = take_back(desk.store, who(reviewer, desk), now())
    if as_json:
        print_json(rows)
        return
    click.echo(safe(f"Taken back: {in_words(rows)}"))
