"""The questions of `reviewkit dedupe` in the terminal: two records side by side, one key an answer."""

from typing import TYPE_CHECKING

from reviewkit.cli.common import console, now, safe, words
from reviewkit.cli.frame import Frame
from reviewkit.cli.side_by_side import LEGEND, side_by_side
from reviewkit.errors import NothingToUndo
from reviewkit.model.ids import record_label
from reviewkit.model.matches import Judgement, Match
from reviewkit.model.runs import database_label
from reviewkit.steps.dedup import ask, waiting
from reviewkit.steps.judge import in_words, judge, take_back

if TYPE_CHECKING:
    from rich.console import Group

    from reviewkit.cli.common import Desk
    from reviewkit.steps.dedup import Question

_KEYS = (("s", "same"), ("d", "different"), ("k", "skip"), ("u", "undo"), ("q", "quit"))
_ANSWERS = {"s": Judgement.SAME, "d": Judgement.DIFFERENT}


def ask_questions(desk: "Desk", name: str, review: str | None) -> None:
    """Ask a person about one pair after the other until none is left or he stops; every answer is kept at once."""
    out = console()
    with Frame(out) as frame:
        sitting = _Sitting(desk, name, frame)
        sitting.run()
    left = len(waiting(desk.store)[1])
    kept = f"{sitting.answered} {'answer' if sitting.answered == 1 else 'answers'} kept"
    if left:
        out.print(f"{kept}, {left} still to give: '{words('dedupe', review=review)}' goes on.")
    else:
        out.print(f"{kept}; no pair waits any more. Next: {words('status', review=review)}")


class _Sitting:
    """One person's sitting: what was skipped, what was said last, and which pair an undo brings back first."""

    def __init__(self, desk: "Desk", name: str, frame: Frame) -> None:
        self._store = desk.store
        self._name = name
        self._frame = frame
        databases = {run.id: database_label(run.database) for run in desk.store.runs()}
        self._database_of = {c: databases.get(run, run) for c, run in desk.store.citation_runs().items()}
        self._skipped: set[tuple[int, int]] = set()
        self._ahead: tuple[int, int] | None = None
        self._said = ""
        self.answered = 0

    def run(self) -> None:
        while True:
            records, matches = waiting(self._store)
            left = [match for match in matches if match.pair not in self._skipped]
            if not left:
                return
            match = next((m for m in left if m.pair == self._ahead), left[0])
            question = ask(self._store, records, [match])[0]
            head = _head(question, len(left), matches.index(match) + 1)
            key = self._frame.ask(head, side_by_side(question, self._database_of), self._foot())
            self._said, self._ahead = "", None
            if key == "q":
                return
            self._act(key, question, match)

    def _act(self, key: str, question: "Question", match: Match) -> None:
        if key in _ANSWERS:
            judge(self._store, match.left, match.right, _ANSWERS[key], self._name, now())
            self.answered += 1
            labels = f"{record_label(question.left.id)} and {record_label(question.right.id)}"
            self._said = f"Kept: {labels} are {'one publication' if key == 's' else 'different'}."
        elif key == "k":
            self._skipped.add(match.pair)
            self._said = "Skipped; it comes again next time."
        elif key == "u":
            self._undo()
        else:
            self._said = "Press s, d, k, u or q."

    def _undo(self) -> None:
        try:
            taken = take_back(self._store, self._name, now())
        except NothingToUndo as nothing:
            self._said = str(nothing)
            return
        self._ahead = taken[0].pair
        self._skipped.discard(self._ahead)
        self.answered = max(0, self.answered - 1)
        self._said = f"Taken back: {in_words(taken)}"

    def _foot(self) -> "Group":
        from rich.console import Group
        from rich.text import Text

        keys = Text()
        for key, what in _KEYS:
            keys.append(f" {key} ", "reverse")
            keys.append(f" {what}  ")
        return Group(Text(safe(self._said), style="italic"), keys)


def _head(question: "Question", left: int, rank: int) -> "Group":
    from rich.console import Group
    from rich.text import Text

    question_line = Text("Are these one publication?", style="bold")
    question_line.append(f"  ({left} to answer, likeliest first; number {rank})", style="not bold")
    why = Text("Why asked: ", style="bold")
    why.append(
        safe(f"{question.reason} ({question.match.rule})" if question.reason else question.match.rule), "not bold"
    )
    seen = Text("Seen: ", style="bold")
    seen.append(safe(question.match.evidence), "not bold")
    lines: list[Text] = [question_line, why, seen]
    for record, copy in question.otherwise_titled:
        text = (
            f"Compared was {record_label(record.id)} as found in {record_label(copy.id)}: {copy.title or '(no title)'}"
        )
        lines.append(Text(safe(text)))
    if question.contested:
        lines.append(Text("This match joins them; they are apart because others of the two were judged different."))
    return Group(*lines, Text(LEGEND, style="dim"), Text())
