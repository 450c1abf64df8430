"""The screening dialogue: what is drawn for a record, and what each key does."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from reviewkit.cli.common import safe
from reviewkit.cli.frame import WIDEST, Frame
from reviewkit.cli.record_view import foot, head, record_body, verdict_text
from reviewkit.cli.why_view import NO_PROBABILITY, learned_from, why_lines
from reviewkit.errors import NothingToUndo
from reviewkit.model.decisions import Verdict
from reviewkit.model.ids import record_label
from reviewkit.model.protocol import Criterion, Order, Protocol, Stage, StageId
from reviewkit.model.runs import SearchRun
from reviewkit.steps.screen import Exhibit
from reviewkit.steps.sitting import Sitting

if TYPE_CHECKING:
    from rich.console import Console, Group

_CRITERION_KEYS = "123456789bcdefghjklptvyz"  # none of the letters below
_VERDICTS = {"i": (Verdict.INCLUDE, "include"), "m": (Verdict.MAYBE, "maybe")}
_AT_FULL_TEXT = {
    "r": (Verdict.NOT_RETRIEVED, "not retrieved"),
    "a": (Verdict.AWAITING, "awaiting classification"),
    "o": (Verdict.ONGOING, "ongoing study"),
}
_OTHER = (("w", "why"), ("s", "skip"), ("u", "undo"), ("n", "note"), ("?", "help"), ("q", "quit"))
_ORDERS = {"newest": "newest first", "random": "random order", "database": "by database", "sample": "random sample"}
_NO_KEY = "That key decides nothing; ? shows the keys."
_MANY_KEYS = "Several keys at once: nothing was decided."


def screen(
    console: "Console", protocol: Protocol, runs: Sequence[SearchRun], sitting: Sitting, warning: str = ""
) -> int:
    """Show one record after another until none is left or the reviewer quits; return how many were decided."""
    with Frame(console) as frame:
        return _Dialogue(console, frame, protocol, {run.id: run for run in runs}, sitting, warning).run()


def criterion_keys(protocol: Protocol) -> dict[str, Criterion]:
    """Return the key of each exclusion criterion: 1 to 9, then letters that mean nothing else."""
    return dict(zip(_CRITERION_KEYS, protocol.exclude, strict=False))


def verdict_keys(stage: Stage) -> dict[str, tuple[Verdict, str]]:
    """Return the keys of the verdicts at a stage, those for exclusions with a criterion apart."""
    keys = _VERDICTS | (_AT_FULL_TEXT if stage.id is StageId.FULL_TEXT else {})
    return keys | ({"x": (Verdict.EXCLUDE, "no reason")} if stage.reasons == "optional" else {})


def order_words(order: str, asked_for: Order) -> str:
    """Name the order of the record at hand for the head of the screen; the plain one needs no name."""
    if order.startswith(Order.RELEVANCE):
        learned = int(order.split(":")[1])
        return f"by relevance ({learned:,} learned)" if learned else "by relevance"
    if order == Order.ID and asked_for is Order.RELEVANCE:
        return "by id, learning"
    return _ORDERS.get(order, "")


class _Dialogue:
    def __init__(
        self,
        console: "Console",
        frame: Frame,
        protocol: Protocol,
        runs: dict[str, SearchRun],
        sitting: Sitting,
        message: str,
    ) -> None:
        self._console, self._frame, self._protocol, self._runs = console, frame, protocol, runs
        self._sitting, self._message = sitting, message
        self._criteria = criterion_keys(protocol)
        self._verdicts = verdict_keys(sitting.stage)
        self._note = ""
        self._asked_to_drop = ""  # the key that would lose the note, pressed once
        self._decided = 0

    def run(self) -> int:
        while exhibit := self._sitting.current():
            key = self._frame.ask(self._head(exhibit), record_body(exhibit, self._protocol, self._runs), self._foot())
            if key == "q" and self._may_leave(key):
                break
            self._act(key, exhibit)
        return self._decided

    def _act(self, key: str, exhibit: Exhibit) -> None:
        if key in self._criteria:
            self._decide(Verdict.EXCLUDE, self._criteria[key].id)
        elif key in self._verdicts:
            self._decide(self._verdicts[key][0])
        elif key == "n":
            self._take_note()
        elif key == "?":
            self._help()
        elif key == "w":
            self._why(exhibit)
        elif key == "u" and self._may_leave(key):
            self._undo()
        elif key == "s" and self._may_leave(key):
            self._sitting.skip()
            self._go_on(f"{record_label(exhibit.record.id)} skipped; it comes again in the next sitting.")
        elif key not in ("u", "s", "q"):
            self._message = _NO_KEY if key else _MANY_KEYS

    def _decide(self, verdict: Verdict, criterion: str = "") -> None:
        made = self._sitting.decide(verdict, criterion, self._note)
        self._decided += 1
        self._go_on(f"{record_label(made.record)} {verdict_text(made, self._protocol)}. u takes it back.")

    def _undo(self) -> None:
        try:
            taken_back = self._sitting.undo()
        except NothingToUndo:
            self._message = "There is nothing of yours to undo at this stage."
            return
        self._decided = max(0, self._decided - 1)  # it may have been an earlier sitting's
        said = verdict_text(taken_back, self._protocol)
        self._go_on(f"Taken back: {record_label(taken_back.record)} {said}.")

    def _take_note(self) -> None:
        text = self._frame.line("Note: ")
        if text is not None:
            self._note = " ".join(safe(text).split())
        self._message, self._asked_to_drop = "", ""

    def _may_leave(self, key: str) -> bool:
        """Ask once before a note is lost: it is kept with a decision only."""
        if not self._note or self._asked_to_drop == key:
            return True
        self._asked_to_drop = key
        self._message = f"Your note is kept with a decision only. {key} again drops it."
        return False

    def _go_on(self, message: str) -> None:
        self._message, self._note, self._asked_to_drop = message, "", ""

    # --- drawing -------------------------------------------------------------------------------

    def _head(self, exhibit: Exhibit) -> "Group":
        from rich.cells import cell_len

        done = self._sitting.progress()
        maybe = f", {done.maybe} maybe" if done.maybe else ""
        left = f"{done.done} of {done.total} decided{maybe}"
        label = record_label(exhibit.record.id)
        right = [self._sitting.stage.label, safe(self._sitting.reviewer)]
        order = order_words(self._sitting.order, self._sitting.asked_for)
        if order and cell_len("   ".join((label, left, " \N{MIDDLE DOT} ".join((order, *right))))) < min(
            self._console.width, WIDEST
        ):
            right.insert(0, order)  # the first to go where lines are short
        return head(label, left, " \N{MIDDLE DOT} ".join(right), done.done, done.total)

    def _foot(self) -> "Group":
        words = [*((key, word) for key, (_, word) in self._verdicts.items()), *_OTHER]
        return foot(self._console, self._criteria, words, self._message, self._note)

    def _why(self, exhibit: Exhibit) -> None:
        from rich.console import Group
        from rich.rule import Rule
        from rich.text import Text

        why = self._sitting.why()
        if why is None:
            self._message = self._sitting.no_why()
            return
        label = record_label(exhibit.record.id)
        told = Text(f"Learned {learned_from(why.learned)}. {NO_PROBABILITY}")
        self._message = ""
        self._frame.ask(
            Group(Text(f"Why {label} is here", style="bold"), Rule(style="")),
            Group(Text(safe(exhibit.record.title), style="italic"), told, Text(""), *why_lines(why)),
            Group(Rule(style=""), Text("Any key goes back to the record and decides nothing.", style="bold")),
        )

    def _help(self) -> None:
        from rich.console import Group
        from rich.rule import Rule
        from rich.text import Text

        lines = [Text(safe(self._protocol.question.text), style="italic"), Text(""), Text("Include", style="bold")]
        lines += [Text(safe(f"    {c.id}  {c.text}")) for c in self._protocol.include]
        lines += [Text(""), Text("Exclude, with the key of the reason", style="bold")]
        lines += [Text.assemble((f" {k} ", "reverse"), safe(f" {c.id}  {c.text}")) for k, c in self._criteria.items()]
        if without := self._protocol.exclude[len(self._criteria) :]:
            told = ", ".join(c.id for c in without)
            lines.append(Text(safe(f"    {told}: no key is left; use 'reviewkit decide ID exclude --criterion ...'")))
        lines += [Text(""), Text("Other keys", style="bold")]
        lines += [
            Text.assemble((f" {k} ", "reverse"), " exclude without a reason" if k == "x" else f" {word}")
            for k, (_, word) in self._verdicts.items()
        ]
        lines += [
            Text.assemble((f" {key} ", "reverse"), f" {what}")
            for key, what in (
                ("w", "why: which words carried the record up or down in the order of relevance"),
                ("s", "skip: put the record off to the next sitting"),
                ("u", "undo: take your last decision back and show its record again"),
                ("n", "note: a line of text that is kept with your decision on this record"),
                ("q", "quit: everything decided is stored already"),
                ("space", "read on; page up and the arrows scroll too"),
            )
        ]
        lines += [Text(""), Text("Enter and all other keys decide nothing.")]
        self._message = ""
        self._frame.ask(
            Group(Text("Help", style="bold"), Rule(style="")),
            Group(*lines),
            Group(Rule(style=""), Text("Any key goes back to the record and decides nothing.", style="bold")),
        )
