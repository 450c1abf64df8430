"""`reviewkit extract`: extraction spreadsheets and what becomes of them."""

import re
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reviewkit.cli.common import (
    Desk,
    json_option,
    now,
    open_desk,
    print_json,
    review_option,
    reviewer_option,
    safe,
    who,
)
from reviewkit.cli.extract_view import show_comparison, show_read

if TYPE_CHECKING:
    from reviewkit.model.decisions import Basis
    from reviewkit.model.extractions import Extraction
    from reviewkit.steps.standing import Standing


@click.group()
def command() -> None:
    """Write, read, compare and settle extraction spreadsheets.

    Each extractor gets a spreadsheet of his own (sheet), fills it in with Excel or LibreOffice and hands it back
    (read). Where two extractors differ, 'compare' says so and 'sheet --consensus' writes the sheet to settle it on.
    """


@command.command()
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="Where to write it.")
@click.option("--consensus", is_flag=True, help="The sheet on which differences between extractors are settled.")
@click.option("--overwrite", is_flag=True, help="Replace a file of that name.")
@reviewer_option
@review_option
def sheet(output: Path | None, consensus: bool, overwrite: bool, reviewer: str | None, review: str | None) -> None:
    """Write a spreadsheet for one extractor.

    It holds his own values so far, and nobody else's.
    """
    from reviewkit.steps.extract import write
    from reviewkit.steps.extract.marks import Kind

    desk = open_desk(review)
    person = who(reviewer, desk)
    kind = Kind.CONSENSUS if consensus else Kind.EXTRACTION
    make = write.consensus_sheet if consensus else write.extraction_sheet
    path = output or Path(write.file_name(desk.folders.review, kind, person))
    write.save_sheet(path, make(desk.store, desk.protocol, _standing(desk), person), overwrite=overwrite)
    what = "The differences to settle" if consensus else f"{person}'s extraction form"
    click.echo(safe(f"{what}: {path}"))
    click.echo(safe(f"Fill it in with Excel or LibreOffice, save it as .xlsx, then: reviewkit extract read {path}"))


@command.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--keep-good", is_flag=True, help="Take the good cells although others are bad.")
@click.option("--drop-missing", is_flag=True, help="Take back the values of rows that are no longer in the sheet.")
@click.option("--other-version", is_flag=True, help="Read it although the extraction form has changed since.")
@click.option("--reviewer", metavar="NAME", help="Make sure that it is this person's sheet.")
@json_option
@review_option
def read(
    file: Path,
    keep_good: bool,
    drop_missing: bool,
    other_version: bool,
    reviewer: str | None,
    as_json: bool,
    review: str | None,
) -> None:
    """Read a filled-in spreadsheet back.

    Every problem is listed by sheet and cell. Only what was changed in the sheet is stored; an unchanged sheet adds
    nothing, and a cell that was cleared takes its value back. Where there are problems, nothing is
    stored unless --keep-good is given.
    """
    from reviewkit.steps.extract.read import read_sheet
    from reviewkit.workspace.files import read_bytes

    desk = open_desk(review)
    found = read_sheet(
        desk.store,
        desk.protocol,
        _standing(desk),
        read_bytes(file),
        file.name,
        at=now(),
        person=" ".join((reviewer or "").split()),
        keep_good=keep_good,
        drop_missing=drop_missing,
        other_version=other_version,
    )
    if as_json:
        print_json(found)
    else:
        show_read(found, file)


@command.command()
@json_option
@review_option
def compare(as_json: bool, review: str | None) -> None:
    """Show where extractors differ.

    Compared are the studies that all of them have finished. A study is finished when every required field has a value
    ("not reported" is one); where the form requires nothing, when any field has one. Until then nobody
    is shown what the others extracted.
    """
    from reviewkit.steps.extract.compare import compare as compare_all

    desk = open_desk(review)
    found = compare_all(desk.store, desk.protocol, _standing(desk))
    if as_json:
        print_json(found)
    else:
        show_comparison(found)


class _WithValue(click.Command):
    """A command whose last word is a value that may be negative: -65.04 is not an option."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        options = {name for each in self.params if isinstance(each, click.Option) for name in each.opts}
        for place, word in enumerate(args):
            if word == "--":
                break
            if re.match(r"-[\d.,]", word) and not (place and args[place - 1] in options):
                args = [*args[:place], *args[place + 1 :], "--", word]
                break
        return super().parse_args(ctx, args)


def _value_arguments(command: click.decorators.FC) -> click.decorators.FC:
    for add in (
        click.argument("value"),
        click.argument("field", metavar="GROUP.FIELD"),
        click.argument("study"),
        click.option("--row", default="", metavar="KEY", help="The row of a repeated group, such as 'pain | 1 month'."),
        click.option("--source", metavar="TEXT", help="The quote and page behind the value."),
    ):
        command = add(command)
    return command


@command.command(cls=_WithValue)
@_value_arguments
@click.option("--note", default="", metavar="TEXT", help="Why it was settled so.")
@reviewer_option
@review_option
def settle(
    study: str,
    field: str,
    value: str,
    row: str,
    source: str | None,
    note: str,
    reviewer: str | None,
    review: str | None,
) -> None:
    """Settle one difference without a spreadsheet.

    An empty VALUE takes the settlement back. For many at once: 'reviewkit extract sheet --consensus'.
    """
    from reviewkit.model.decisions import Basis

    _set(study, field, value, row, source, note, Basis.CONSENSUS, reviewer, review)


@command.command(name="set", cls=_WithValue)
@_value_arguments
@reviewer_option
@review_option
def set_(
    study: str, field: str, value: str, row: str, source: str | None, reviewer: str | None, review: str | None
) -> None:
    """Set one value without a spreadsheet.

    An empty VALUE takes it back.
    """
    from reviewkit.model.decisions import Basis

    _set(study, field, value, row, source, "", Basis.REVIEWER, reviewer, review)


@command.command()
@reviewer_option
@review_option
def undo(reviewer: str | None, review: str | None) -> None:
    """Take back your last value or reading.

    That is the last value you set or settled, or all that your last reading of a sheet stored.
    """
    from reviewkit.steps.extract.marks import without_tag
    from reviewkit.steps.extract.record import undo_last

    desk = open_desk(review)
    rows = undo_last(desk.store, who(reviewer, desk), now())
    last = rows[-1]
    if len(rows) == 1 or last.note == without_tag(last.note):
        click.echo(safe(f"Taken back: {_place(last)} = {last.value or 'blank'}"))
    else:
        click.echo(safe(f"Taken back: {len(rows)} values that were read from a sheet at {last.at}."))


def _place(row: "Extraction") -> str:
    from reviewkit.model.ids import study_label

    return f"{study_label(row.study)} {row.group}.{row.field}{f' ({row.row})' if row.row else ''}"


def _standing(desk: Desk) -> "Standing":
    from reviewkit.steps.standing import standing

    return standing(desk.store, desk.protocol)


def _set(
    study: str,
    field: str,
    value: str,
    row: str,
    source: str | None,
    note: str,
    basis: "Basis",
    reviewer: str | None,
    review: str | None,
) -> None:
    from reviewkit.steps.extract.record import set_value

    desk = open_desk(review)
    stored, new = set_value(
        desk.store,
        desk.protocol,
        _standing(desk),
        study=study,
        field=field,
        value=value,
        row=row,
        source=source,
        note=note,
        basis=basis,
        by=who(reviewer, desk),
        at=now(),
    )
    said = stored.value or "taken back"
    place = _place(stored)
    click.echo(safe(f"{place}: {said}" if new else f"{place} is {stored.value or 'blank'} already; nothing new."))
