"""Every mistake a user can make, one class each: what was found, where, and what to do next."""

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar


class UserError(Exception):
    """Base class that every front end catches once: exit status 1, or `http_status` on the web.

    A subclass carries its wording in `message`, filled in from the keyword facts it is raised with.
    """

    message: ClassVar[str] = "{text}"
    http_status: ClassVar[int] = 400

    def __init__(self, **facts: object) -> None:
        self.facts = facts
        super().__init__(self.message.format(**facts))


class ProblemsFound(UserError):
    """Several problems found at once; `problems` holds one line each, complete with place and remedy."""

    message = "{summary}"

    def __init__(self, summary: str, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        super().__init__(summary=summary)

    def __str__(self) -> str:
        return "\n".join((super().__str__(), *(f"  {problem}" for problem in self.problems)))


# --- workspace -------------------------------------------------------------------------------


class NoWorkspace(UserError):
    message = (
        "{folder} is not inside a reviewkit workspace (no protocols/ folder here or above). "
        "Make one with 'reviewkit init', or change to its folder."
    )


class NoProtocol(UserError):
    message = "There is no protocol in {folder}. Make one with 'reviewkit init'."


class WhichReview(UserError):
    message = "This workspace holds several reviews: {names}. Choose one with --review NAME."


class UnknownReview(UserError):
    http_status = 404
    message = "There is no review '{name}' in this workspace; it holds: {names}."


class NotEmpty(UserError):
    message = "{folder} already holds {found}. Choose a new folder, or remove it first."


class BadReviewName(UserError):
    message = (
        "'{name}' cannot be a review's name. Use letters, digits, hyphens, dots and underscores, such as low-back-pain."
    )


class ReviewExists(UserError):
    message = "The workspace holds a review '{name}' already ({file}). Give another with --name NAME."


class NotWritable(UserError):
    http_status = 500
    message = "Cannot write {path}: {reason}. Check the disk and the permissions, then run it again."


class NotReadable(UserError):
    message = "Cannot read {path}: {reason}. {remedy}"

    def __init__(self, path: object, reason: object, remedy: str = "Check its name, and that you may read it.") -> None:
        super().__init__(path=path, reason=reason, remedy=remedy)


class SystemRefused(UserError):
    http_status = 500
    message = (
        "The system refused: {reason}{place}. Check that the folder you are in and its files are there and that you "
        "may use them, then run it again."
    )


class BadConfig(UserError):
    message = "The user configuration {path} is not readable: {reason}. Mend or remove it."


class InvalidProtocol(ProblemsFound):
    """The protocol file has mistakes; each line names file, line and key, and what to write instead."""


# --- search runs and imports -------------------------------------------------------------------


class NotConfigured(UserError):
    message = (
        '{database} asks for {what}, and none is set. Set {variable}, or write {key} = "..." into {config}.{where}'
    )


class NothingToSearch(UserError):
    message = "The protocol has no [[search]] that can be run as asked: {reason}."


class StrategyMistakes(ProblemsFound):
    """Strategies that are surely wrong; each line names database, place, reason and remedy."""


class NoTranslation(UserError):
    message = "{reason}. A strategy for PubMed can be translated for: {targets}."


class SearchFailed(UserError):
    http_status = 502
    message = "The search in {database} stopped: {reason}. {kept}; {remedy}"

    def __init__(self, database: str, reason: str, remedy: str, kept: str = "Nothing was kept") -> None:
        super().__init__(database=database, reason=reason, remedy=remedy, kept=kept)


class TooManyResults(UserError):
    message = (
        "{database} finds {count} records for this strategy{where} and hands out at most {cap} for one search, so "
        "nothing was fetched. Narrow the strategy, or its dates with published_from and published_to; or export the "
        "result in parts from its website and import the files together, as one search, with 'reviewkit import'."
    )

    def __init__(self, database: str, count: object, cap: object, where: str = "") -> None:
        super().__init__(database=database, count=count, cap=cap, where=where)


class StrategyTooLong(UserError):
    message = (
        "The strategy is too long for {database}: the request would have {length} characters, and it takes {longest}. "
        "Split the longest list of terms joined by OR over two or more [[search]] entries; together they find the same "
        "records, and what both find is removed as duplicates."
    )


class UnknownLanguage(UserError):
    message = (
        "{database} cannot be asked for the language '{name}'. Write its English name, such as english, in languages "
        "of the [[search]]; or leave it out there and limit within the strategy."
    )


class UnknownParameter(UserError):
    message = (
        "The strategy for {database} begins like a list of the API's parameters, and '{name}' is none that it may "
        "hold. Write plain words, or name=value, joined by &, with these names: {known}."
    )


class NoSeeds(UserError):
    message = (
        "No study is included yet, so there is nothing to start a citation search from. Screen first, or name what to "
        "start from: --record r12, or --seed with a PMID or DOI."
    )


class BadSeed(UserError):
    message = "'{text}' is no seed: write a PMID such as 'PMID 12345678', or a DOI such as 10.1000/x."


class SearchGoingOn(UserError):
    http_status = 409
    message = "Another search of '{review}' is going on in this workspace. Wait until it ends, then run it again."


class UnknownDatabase(UserError):
    message = "'{name}' is not a database that reviewkit knows{hint}. {remedy}"


class BadDate(UserError):
    message = "'{text}' is not possible as the date of the search: {reason}."


class SinceFuture(UserError):
    http_status = 422
    message = "{since} is still to come (today is {today}, UTC): no database has added anything since then."


class UnreadableFile(ProblemsFound):
    """A file of which nothing could be read, or whose format could not be told."""


class UnknownOrigin(UserError):
    message = (
        "The database behind {file} cannot be told: {reason}. Nothing was kept. Say where the entries were exported "
        "with --database NAME, such as --database {example}.{remark}"
    )


class AlreadyImported(UserError):
    message = "{file} was imported before, as run {run} ({how}). Nothing was added."

    def __init__(self, file: object, run: str, how: str = "same content") -> None:
        super().__init__(file=file, run=run, how=how)


class DamagedRun(UserError):
    message = "Search run {run} cannot be loaded: {reason}. {remedy}"


# --- records, matches, decisions ---------------------------------------------------------------


class UnknownRecord(UserError):
    http_status = 404
    message = "There is no record {record} in this review. 'reviewkit flow --list identified' lists them."


class BadId(UserError):
    message = "'{text}' is not a record id such as r12, nor a study id such as s12."


class UnknownStage(UserError):
    message = "There is no stage '{stage}' in the protocol; its stages are: {stages}."


class BadDecision(UserError):
    message = "Record {record} at {stage}: {reason}."


class NoReviewer(UserError):
    message = 'Who is deciding? Give --reviewer NAME, set REVIEWKIT_REVIEWER, or put reviewer = "NAME" into {config}.'


class BadReviewer(UserError):
    message = "'{name}' cannot be the name of a person: {reason}. Give another with --reviewer NAME."


class WhichStage(UserError):
    message = (
        "{file} does not say at which stage was decided. Add --stage title-abstract or --stage full-text; nothing was "
        "taken."
    )


class WhichReviewer(UserError):
    message = "{file} does not say who decided. Add --reviewer NAME; nothing was taken."


class UnusableMapping(UserError):
    message = "{what} cannot be used. {remedy}"


class NothingToUndo(UserError):
    message = "There is nothing of {who} to undo{where}."


class SplitInstead(UserError):
    message = (
        "{left} and {right} belong to one record, {record}. "
        "To part a citation from it: 'reviewkit dedupe --split {record} {right}'."
    )


class NotInRecord(UserError):
    message = "{citation} is not a citation of record {record}; it holds {held}."


class NotSampled(UserError):
    message = "No sample was drawn: {reason}."


class NotStopped(UserError):
    message = "Screening was not stopped: {reason}."


class NothingToSplit(UserError):
    message = "Record {record} holds one citation only, so there is nothing to part."


class NotLinkable(UserError):
    message = (
        "{record} was {how}, so it is no report of a study. "
        "Should it be one, change that decision first with 'reviewkit decide {record}'."
    )


class NothingToLink(UserError):
    message = "Nothing to link in {named}: a link joins different reports of one study, so name two records or more."


class NotLinked(UserError):
    message = "{record} is linked to no other report. 'reviewkit studies' lists the links."


class BadRows(ProblemsFound):
    """Rows of a table handed in by a user that could not be taken; each line names its row or cell."""


# --- files outside a workspace -----------------------------------------------------------------


class AmbiguousIds(UserError):
    message = (
        "{file}:{line}: this row {reason}, so the ids of the table do not tell its rows apart. Nothing was written. "
        "Mend the column of ids, or rename it: without one the rows are numbered."
    )


class OverwritesInput(UserError):
    message = "{path} is read, so it cannot be written too. Nothing was written; name another file."


class OutputExists(UserError):
    message = "{path} is there already. Nothing was written; name another file, or add --overwrite."


class NamedTwice(UserError):
    message = "{path} is named twice. Nothing was written; name it once."


class UnknownOutput(UserError):
    message = "{path}: its ending does not say in which format to write. Nothing was written; use one of {suffixes}."


class NothingToSimulate(ProblemsFound):
    """A file does not hold both included and excluded records."""


class NotAmongRecords(UserError):
    message = "{file} has no record {ids}. Its first ids are {known}."


# --- extraction --------------------------------------------------------------------------------


class WrongSheet(UserError):
    message = "{file} cannot be read as this review's extraction sheet: {reason}. {remedy}"


class NoStudies(UserError):
    message = "No study is included yet, so there is nothing to extract. 'reviewkit status' shows what is left."


class NoForm(UserError):
    message = (
        "The protocol of '{review}' has no extraction form. Add [[extraction.group]] with its fields to it; "
        "'reviewkit check' says whether it is right."
    )


class BadExtraction(UserError):
    message = "{place}: {reason}."


class SheetExists(UserError):
    message = (
        "{path} is there already, and may hold values that were not read yet. Read it with 'reviewkit extract read', "
        "or give another name with -o, or add --overwrite."
    )


class NothingToSettle(UserError):
    message = "There is nothing to settle: {reason}. 'reviewkit extract compare' shows where the extractors stand."


# --- flow, archive -----------------------------------------------------------------------------


class FlowDoesNotAddUp(ProblemsFound):
    """The PRISMA boxes contradict each other: a defect of reviewkit or a damaged database."""

    http_status = 500


class UnknownBox(UserError):
    http_status = 404
    message = "There is no box '{box}' in the flow; the boxes are: {names}."


class DamagedArchive(ProblemsFound):
    """The archive cannot be restored as it stands."""


class NoDatabase(UserError):
    http_status = 404
    message = (
        "There is no database at {where} yet. Load the search runs with 'reviewkit search', or rebuild it from the "
        "archive with 'reviewkit restore'."
    )


class DatabaseTooNew(UserError):
    message = "A newer reviewkit wrote the database (schema {found}; this one knows {known}). Install that version."


class DatabaseUnreachable(UserError):
    http_status = 503
    message = "Cannot open the database {url}: {reason}. {remedy}"

    def __init__(self, url: str, reason: object, remedy: str = "") -> None:
        file = "Check that its folder is there, and that you may write in it."
        server = "Check what REVIEWKIT_DATABASE_URL says, and that the server runs."
        super().__init__(url=url, reason=reason, remedy=remedy or (file if url.startswith("/") else server))


class LoadedMeanwhile(UserError):
    http_status = 409
    message = (
        "Search run {run} was not loaded: someone else loaded it, or a run with the same ids, at the same moment. "
        "Run the same command again; what is there is kept."
    )


class DatabaseFailed(UserError):
    http_status = 503
    message = "The database refused: {reason}. Check the disk and the permissions of {url}, then run it again."


class DatabaseNotEmpty(UserError):
    message = (
        "The database already holds review '{review}', and restoring fills an empty one. "
        "Use another database, or move this one away first: {where}."
    )


class NeedsTerminal(UserError):
    message = "'{command}' asks questions and needs a terminal. For scripts: {instead}."


def where(file: Path | str, line: int | None = None) -> str:
    """Name a place in a file the way editors do: `file:line`, or `file` alone."""
    return f"{file}:{line}" if line else str(file)
