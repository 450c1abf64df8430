"""The dialogue that settles conflicts: what is drawn for each, and what the keys do."""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from reviewkit.cli.common import safe
from reviewkit.cli.frame import Frame
from reviewkit.cli.record_view import foot, head, record_body, verdict_text
from reviewkit.cli.screening import criterion_keys, verdict_keys
from reviewkit.errors import NothingToUndo
from reviewkit.model.decisions import Basis, Decision, Verdict
from reviewkit.model.ids import record_label
from reviewkit.model.protocol import Protocol
from reviewkit.steps.conflicts import Conflict, find_conflicts, may_settle, settle
from reviewkit.steps.decide import STAGE_NAMES, undo_last
from reviewkit.steps.screen import load_exhibit
from reviewkit.steps.standing import Standing, standing
from reviewkit.store import Store

if TYPE_CHECKING:
    from rich.console import Console, Group
    from rich.text import Text


def settle_all(
    console: "Console", store: Store, protocol: Protocol, name: str, stage: str, clock: Callable[[], str]
) -> int:
    """Show each conflict that this person may settle, with the verdicts, and ask; return how many were settled."""
    with Frame(console) as frame:
        return _Dialogue(console, frame, store, protocol, name, stage, clock).run()


class _Dialogue:
    def __init__(
        self,
        console: "Console",
        frame: Frame,
        store: Store,
        protocol: Protocol,
        name: str,
        stage: str,
        clock: Callable[[], str],
    ) -> None:
        self._console, self._frame, self._store, self._protocol = console, frame, store, protocol
        self._name, self._stage, self._clock = name, stage, clock
        self._criteria = criterion_keys(protocol)
        self._skipped: set[tuple[int, str]] = set()
        self._ahead: tuple[int, str] | None = None  # the conflict whose settling was just taken back
        self._settled = 0
        self._message = ""

    def run(self) -> int:
        while True:
            stand = standing(self._store, self._protocol)
            found = [c for c in find_conflicts(stand, self._protocol, self._stage) if may_settle(c.stage, self._name)]
            left = [c for c in found if _place(c) not in self._skipped]
            if not left:
                return self._settled
            now = next((c for c in left if _place(c) == self._ahead), left[0])
            if not self._ask(stand, now, len(found)):
                return self._settled

    def _ask(self, stand: Standing, conflict: Conflict, open_ones: int) -> bool:
        """Ask about one conflict; False when the person quits."""
        verdicts = {k: v for k, v in verdict_keys(conflict.stage).items() if v[0] is not Verdict.MAYBE}
        exhibit = load_exhibit(self._store, stand, conflict.record)
        body = record_body(exhibit, self._protocol, {run.id: run for run in stand.runs}, self._votes(conflict))
        words = [(key, word) for key, (_, word) in verdicts.items()]
        key = self._frame.ask(self._head(conflict, open_ones), body, self._foot(words))
        self._message = ""
        if key == "s":
            self._skipped.add(_place(conflict))
            self._message = f"{record_label(conflict.record)} skipped; it stays in conflict."
        elif key == "u":
            self._undo()
        elif key in self._criteria:
            self._settle(conflict, Verdict.EXCLUDE, self._criteria[key].id)
        elif key in verdicts:
            self._settle(conflict, verdicts[key][0])
        elif key != "q":
            self._message = "That key settles nothing." if key else "Several keys at once: nothing was settled."
        return key != "q"

    def _settle(self, conflict: Conflict, verdict: Verdict, criterion: str = "") -> None:
        wanted = Decision(
            record=conflict.record, stage=conflict.stage.id.value, verdict=verdict, criterion=criterion,
            by=self._name, at=self._clock(),
        )  # fmt: skip
        why = safe(self._frame.line(f"{verdict_text(wanted, self._protocol)}. Why? ") or "").strip()
        if not why:
            self._message = "Not settled: nothing was written. Say why, and it is kept with the decision."
            return
        stand = standing(self._store, self._protocol)  # somebody else may have been quicker
        if conflict not in find_conflicts(stand, self._protocol, conflict.stage.id):
            label = record_label(conflict.record)
            self._message = f"{label} was decided or settled otherwise meanwhile: nothing was written."
            return
        made = settle(self._store, self._protocol, stand, replace(wanted, note=why))
        self._settled += 1
        self._ahead = None
        self._message = f"{record_label(made.record)} settled: {verdict_text(made, self._protocol)}. u takes it back."

    def _undo(self) -> None:
        """Take back the conflict that this person settled last; it comes next."""
        try:
            taken = undo_last(self._store, self._name, self._clock(), self._stage, Basis.CONSENSUS)
        except NothingToUndo:
            self._message = "You have settled no conflict that could be taken back."
            return
        self._ahead = (taken.record, taken.stage)
        self._skipped.discard(self._ahead)
        self._settled = max(0, self._settled - 1)  # it may have been an earlier sitting's
        self._message = f"Taken back: {record_label(taken.record)} {verdict_text(taken, self._protocol)}."

    # --- drawing -------------------------------------------------------------------------------

    def _votes(self, conflict: Conflict) -> "list[Text]":
        from rich.text import Text

        lines = [Text("")]
        for vote in conflict.votes:
            note = f" ({safe(vote.note)})" if vote.note else ""
            lines.append(Text.assemble((safe(vote.by), "bold"), f": {verdict_text(vote, self._protocol)}{note}"))
        return lines

    def _head(self, conflict: Conflict, open_ones: int) -> "Group":
        left = f"{self._settled} settled, {open_ones} open"
        right = f"Conflicts at {STAGE_NAMES[conflict.stage.id]} \N{MIDDLE DOT} {safe(self._name)}"
        return head(record_label(conflict.record), left, right, self._settled, self._settled + open_ones)

    def _foot(self, verdicts: list[tuple[str, str]]) -> "Group":
        return foot(
            self._console, self._criteria, [*verdicts, ("s", "skip"), ("u", "undo"), ("q", "quit")], self._message
        )


def _place(conflict: Conflict) -> tuple[int, str]:
    return conflict.record, conflict.stage.id.value
