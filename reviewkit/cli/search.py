"""`reviewkit search`: run the protocol's searches, or load the ones that lie in searches/."""

import sys
from typing import TYPE_CHECKING, Any

import click

from reviewkit.cli.common import (
    Desk,
    json_option,
    now,
    open_desk,
    print_json,
    review_option,
    safe,
    update_option,
    who_if_told,
    words,
)

if TYPE_CHECKING:
    from reviewkit.model.protocol import Strategy
    from reviewkit.model.runs import SearchRun
    from reviewkit.steps.known_items import KnownReport
    from reviewkit.steps.search import Searched
    from reviewkit.steps.strategy_check import CheckedStrategy


@click.command(name="search")
@click.option("--database", metavar="NAME", default="", help="Only this one of the protocol's databases.")
@click.option("--again", is_flag=True, help="Run a strategy that was run before once more; its records are added.")
@click.option("--dry-run", is_flag=True, help="Only say how many records each strategy and line finds; write nothing.")
@click.option("--anyway", is_flag=True, help="Search although a strategy is surely wrong, such as an open bracket.")
@click.option("--recorded", is_flag=True, help="Only load what lies in searches/, without any network.")
@click.option("--searcher", metavar="NAME", default="", help="Who searches, for the report (PRISMA-S).")
@update_option
@review_option
@json_option
def command(
    database: str, again: bool, dry_run: bool, anyway: bool, recorded: bool, searcher: str, update: int,
    review: str | None, as_json: bool,
) -> None:  # fmt: skip
    """Run the protocol's searches, or load the ones in searches/.

    Every answer is kept as received in searches/REVIEW/DATE-DATABASE, with search.toml beside it: the strategy as
    sent, how the database read it, its warnings and counts, and what each line of a line-by-line strategy finds. A
    strategy that was run already is not run again. Before, the strategies are checked ('reviewkit strategy check');
    after, the papers of must_find are looked for.

    NCBI asks for an e-mail address: set REVIEWKIT_EMAIL, and NCBI_API_KEY if you have a key. The exit status is 1
    when less came than a database reported, or a database could not be asked: the others are searched all the same.
    """
    if dry_run:
        _count(database, review, as_json)
        return
    desk = open_desk(review)
    if recorded:
        _load(desk, as_json, review)
        return
    checked = _check(desk, database, anyway)
    found = _search(desk, database, again, update, searcher, quiet=as_json)
    known = _known(desk)
    if as_json:
        print_json(
            {
                "runs": [_facts(desk, run) for run in found.done],
                "skipped": [_facts(desk, run) for run in found.skipped],
                "loaded": [_facts(desk, run) for run in found.recovered],
                "resumed": [run.id for run in found.resumed],
                "discarded": [_planned_run(run) for run in found.discarded],
                "failed": found.failed,
                "by_hand": [_planned(strategy) for strategy in found.by_hand],
                "unconfigured": found.unconfigured,
                "strategies": [one for one in checked if one.findings],
                "known": {"found": known.found, "missed": known.missed},
            }
        )
    else:
        _show(desk, found, checked, known, review)
    if found.incomplete or found.failed:
        sys.exit(1)


def show_run(desk: Desk, run: "SearchRun") -> None:
    """Print what one run brought."""
    from reviewkit.model.runs import database_label

    click.echo(click.style(safe(database_label(run.database)), bold=True))
    lines = [("reported", f"{run.reported:,}"), ("retrieved", f"{run.retrieved:,}")]
    if run.rejected:
        lines.append(("not readable", f"{run.rejected:,}"))
    lines += [("strategy", run.strategy or "not given"), *(("limit", limit) for limit in run.limits)]
    if run.translation:
        lines.append(("read as", run.translation))
    lines += [("warning", warning) for warning in run.warnings]
    lines.append(("kept in", _path(desk, run)))
    for name, text in lines:
        click.echo(f"  {name:<13}{safe(' '.join(text.split()))}")
    if run.lines:
        from reviewkit.cli.strategy_view import show_lines

        show_lines(run.lines)


def _count(database: str, review: str | None, as_json: bool) -> None:
    """Say what every strategy would find; the workspace stays as it is."""
    from reviewkit.cli.asking import asking_of, showing_progress
    from reviewkit.cli.strategy import open_protocol
    from reviewkit.cli.strategy_view import show_counts
    from reviewkit.steps.strategy_counts import count_strategies

    _, protocol, settings = open_protocol(review)
    with showing_progress(quiet=as_json) as progress:
        counts = count_strategies(protocol, asking_of(settings, quiet=as_json), database=database, progress=progress)
    if as_json:
        print_json({"strategies": counts})
    else:
        show_counts(counts, review)
    if any(count.problem and not count.by_hand for count in counts):
        sys.exit(1)


def _check(desk: Desk, database: str, anyway: bool) -> "tuple[CheckedStrategy, ...]":
    """Check the strategies that are about to be run; one that is surely wrong stops everything but --anyway."""
    from reviewkit.sources import find_source
    from reviewkit.steps.strategy_check import check_strategies, refuse_mistakes

    checked = tuple(one for one in check_strategies(desk.protocol, database) if find_source(one.database))
    if not anyway:
        refuse_mistakes(checked)
    return checked


def _known(desk: Desk) -> "KnownReport":
    from reviewkit.steps.known_items import find_known

    return find_known(desk.store, desk.protocol)


def _search(desk: Desk, database: str, again: bool, update: int, searcher: str, quiet: bool) -> "Searched":
    """Run the step behind a progress bar on the error stream, which also says why we wait."""
    from reviewkit.cli.asking import asking_of, showing_progress
    from reviewkit.steps.search import run_searches

    with showing_progress(quiet=quiet) as progress:
        return run_searches(
            desk.folders,
            desk.protocol,
            desk.store,
            asking_of(desk.settings, quiet=quiet),
            now=now,
            database=database,
            again=again,
            update=update,
            searcher=searcher or who_if_told(None, desk),
            progress=progress,
        )


def _show(
    desk: Desk, found: "Searched", checked: "tuple[CheckedStrategy, ...]", known: "KnownReport", review: str | None
) -> None:
    from reviewkit.cli.strategy_view import show_known
    from reviewkit.model.runs import database_label

    again = words("search", "--again", review=review)
    for run in found.discarded:
        told = f"What an interrupted search of {database_label(run.database)} had begun was let go of:"
        click.echo(safe(f"{told} nobody asks for it any more."))
    for run in found.recovered:
        click.echo(safe(f"Loaded run {run.id}, which was in searches/ and not in the database ({_records(run)})."))
    for run in found.done:
        show_run(desk, run)
        if run in found.resumed:
            click.echo(f"  {'resumed':<13}it went on from where an interrupted search had ended")
    _warn(checked, [run.database for run in found.done], review)
    for run in found.skipped:
        click.echo(
            f"{safe(database_label(run.database))}: searched on {run.date} with this strategy ({_records(run)}, "
            f"run {safe(run.id)}). '{again}' runs it once more."
        )
    for run in found.incomplete:
        click.echo(
            f"INCOMPLETE: run {safe(run.id)} brought {run.retrieved:,} of {run.reported:,} records. "
            f"The warnings in its search.toml say what is missing; '{again}' searches anew.",
            err=True,
        )
    if found.by_hand:
        from reviewkit.sources.by_hand import how_to_export

        click.echo("To be searched by hand; export the result there, then for each file:")
        for strategy in found.by_hand:
            told = words("import", "FILE", "--database", strategy.database, "--date", "YYYY-MM-DD", review=review)
            click.echo(f"  {told}")
            for line in how_to_export(strategy.database).lines:
                click.echo(f"    {line}")
    for missing in found.unconfigured:
        click.echo(safe(f"Or search from here: {missing}"))
    if known.items:
        show_known(known, review, online=False)
    if found.failed:
        click.echo("FAILED, while the other searches were done:" if found.done else "FAILED:", err=True)
        for each in found.failed:
            click.echo(f"  {safe(each.problem)}", err=True)
        click.echo(f"Next: {words('search', review=review)}, which asks these databases alone")
    elif found.done or found.recovered:
        click.echo(f"Next: {words('dedupe', review=review)}")


def _warn(checked: "tuple[CheckedStrategy, ...]", databases: list[str], review: str | None) -> None:
    """Say on the error stream what was doubtful in the strategies that were just run."""
    from reviewkit.model.runs import database_label
    from reviewkit.steps.strategy_check import place_of

    for one in checked:
        doubts = [finding for finding in one.findings if finding.severity != "note"]
        if one.database not in databases or not doubts:
            continue
        click.echo(f"The strategy for {safe(database_label(one.database))} may not search what is meant:", err=True)
        for finding in doubts:
            click.echo(f"  {safe(place_of(finding))}: {safe(finding.why)}", err=True)
        click.echo(f"  '{words('strategy', 'check', review=review)}' shows the places.", err=True)


def _load(desk: Desk, as_json: bool, review: str | None) -> None:
    """Load what lies in searches/ and is not in the database yet."""
    from reviewkit.steps.loading import load_runs
    from reviewkit.steps.notices import load_checks

    loaded, checks = load_runs(desk.folders, desk.store), load_checks(desk.folders, desk.store)
    if as_json:
        print_json({"loaded": [_facts(desk, run) for run in loaded], "checks": [check.id for check in checks]})
        return
    for check in checks:
        click.echo(safe(f"Loaded {check.id}: what PubMed said of {len(set(check.records)):,} included records."))
    for run in loaded:
        click.echo(safe(f"Loaded {run.id}: {_records(run)}."))
    if loaded:
        click.echo(f"Next: {words('dedupe', review=review)}")
    elif not checks:
        click.echo("Nothing to load: every run in searches/ is in the database.")


def _facts(desk: Desk, run: "SearchRun") -> dict[str, Any]:
    from dataclasses import asdict

    return {**asdict(run), "path": _path(desk, run)}


def _planned_run(run: "SearchRun") -> dict[str, Any]:
    return {"database": run.database, "strategy": run.strategy, "limits": run.limits, "date": run.date}


def _planned(strategy: "Strategy") -> dict[str, Any]:
    from reviewkit.sources.by_hand import how_to_export

    how = how_to_export(strategy.database).lines
    return {"database": strategy.database, "strategy": strategy.strategy, "limits": strategy.limits, "how": how}


def _records(run: "SearchRun") -> str:
    from reviewkit.steps.wording import counted

    return counted(run.retrieved, "record")


def _path(desk: Desk, run: "SearchRun") -> str:
    return desk.folders.run(run.id).relative_to(desk.folders.workspace.root).as_posix()
