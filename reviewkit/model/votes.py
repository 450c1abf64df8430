"""Verdicts as another screening program's export tells them, before they are decisions here."""

from dataclasses import dataclass
from enum import StrEnum

from reviewkit.model.citation import Citation
from reviewkit.model.decisions import Verdict


class Tool(StrEnum):
    """Whose file it is."""

    RAYYAN = "rayyan"
    COVIDENCE = "covidence"
    ASREVIEW = "asreview"
    LIST = "list"  # any other file: a table with a column that says it, or a list of records with one verdict

    @property
    def label(self) -> str:
        """The program's name as it is written."""
        return {Tool.RAYYAN: "Rayyan", Tool.COVIDENCE: "Covidence", Tool.ASREVIEW: "ASReview"}.get(self, "a list")


@dataclass(frozen=True, slots=True, kw_only=True)
class Vote:
    """One verdict out of another program's file; an empty text means that the file does not say.

    `by` is the person as the file calls them, `reasons` are the words that were chosen there for an exclusion, the
    first one first; `remark` holds labels and notes in words, `at` the time as the file writes it.
    """

    verdict: Verdict
    by: str = ""
    stage: str = ""
    reasons: tuple[str, ...] = ()
    remark: str = ""
    at: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry of another program's file: the publication, and what was decided on it.

    `copies` names by its hash each file that holds the entry (an archive, and the file in it), with the entry's place
    among those that could be read. `key` is the other program's own id of the publication, `record` the one here
    where the file has a column for it. `problem` says why the verdicts of the entry cannot be read.
    """

    file: str
    tool: Tool
    citation: Citation
    copies: tuple[tuple[str, int], ...] = ()
    key: str = ""
    record: str = ""
    votes: tuple[Vote, ...] = ()
    problem: str = ""

    @property
    def place(self) -> str:
        """Where the entry stands, as messages name it."""
        return f"{self.file}, line {self.citation.line}" if self.citation.line else self.file
