"""The dialogue that settles conflicts: what is drawn for each, and what the keys do."""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from reviewkit.cli.common import safe
from reviewkit.cli.frame import Frame
from reviewkit.cli.record_view import foot, head, record_body, verdict_text
from reviewkit.cli.screening import criterion_keys, verdict_keys
from reviewkit.model.decisions import Decision, Verdict
from reviewkit.model.ids import record_label
from reviewkit.model.protocol import Protocol
from reviewkit.steps.conflicts import Conflict, find_conflicts, may_settle, settle
from reviewkit.steps.decide import STAGE_NAMES
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
        self._settled = 0
        self._message = ""

    def run(self) -> int:
        while True:
            stand = standing(self._store, self._protocol)
            found = [c for c in find_conflicts(stand, self._protocol, self._stage) if may_settle(c.stage, self._name)]
            left = [c for c in found if (c.record, c.stage.id) not in self._skipped]
            if not left or not self._ask(stand, left[0], len(found)):
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
            self._skipped.add((conflict.record, conflict.stage.id))
        elif key in self._criteria:
            self._settle(stand, conflict, Verdict.EXCLUDE, self._criteria[key].id)
        elif key in verdicts:
            self._settle(stand, conflict, verdicts[key][0])
        return key != "q"

    def _settle(self, stand: Standing, conflict: Conflict, verdict: Verdict, criterion: str = "") -> None:
        wanted = Decision(
            record=conflict.record, stage=conflict.stage.id.value, verdict=verdict, criterion=criterion,
            by=self._name, at=self._clock(),
        )  # fmt: skip
        why = safe(self._frame.line(f"{verdict_text(wanted, self._protocol)}. Why? ") or "").strip()
        if not why:
            self._message = "Not settled: nothing was written. Say why, and it is kept with the decision."
            return
        made = settle(self._store, self._protocol, stand, replace(wanted, note=why))
        self._settled += 1
        self._message = f"{record_label(made.record)} settled: {verdict_text(made, self._protocol)}."

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
        return foot(self._console, self._criteria, [*verdicts, ("s", "skip"), ("q", "quit")], self._message)
