"""Agreement between reviewers: raw agreement and Cohen's kappa, from verdicts given without sight of each other's."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from reviewkit.model.decisions import Decision, State, Verdict, as_read, by_stage_and_record, independent
from reviewkit.model.protocol import Protocol, Stage
from reviewkit.steps.standing import Standing
from reviewkit.store import Store

_RARE = 0.1  # share of verdicts: with fewer inclusions (or exclusions) kappa is low although people agree


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far two reviewers agree at one stage, on include or exclude.

    The four counts are the two-by-two table. `maybe` counts the records in it on which one of the two said "maybe",
    read as an inclusion; `left_out` those that both decided and that are not in it, because one of the two
    verdicts was neither (not retrieved, awaiting, ongoing; a "maybe" at full text). `kappa` is None where it is
    not defined, and `note` says why, or what to mind when reading it.
    """

    stage: str
    left: str
    right: str
    both_include: int
    left_only: int  # left includes, right excludes
    right_only: int
    both_exclude: int
    maybe: int
    left_out: int
    raw: float | None
    kappa: float | None
    note: str

    @property
    def decided(self) -> int:
        """Records in the two-by-two table."""
        return self.both_include + self.left_only + self.right_only + self.both_exclude


def agreement(store: Store, protocol: Protocol, standing: Standing, stage: str = "") -> list[Agreement]:
    """Compare every two reviewers who decided the same records, stage by stage.

    Only records are counted whose verdicts may be seen (not pending). Each person's verdict is his own last one before
    he could see the other's; later changes of mind and consensus do not count (see `model.decisions.independent`).

    Args:
        stage: only this one.
    """
    made = by_stage_and_record(standing.records, store.all(Decision))
    found: list[Agreement] = []
    for each in protocol.stage:
        if stage not in ("", each.id):
            continue
        votes = [
            independent(each, made.get(each.id, {}).get(record, ()))
            for record, outcome in standing.screening.stages[each.id].items()
            if outcome.state is not State.PENDING
        ]
        people = sorted({person for vote in votes for person in vote})
        for left, right in combinations(people, 2):
            both = [(vote[left], vote[right]) for vote in votes if left in vote and right in vote]
            if both:
                found.append(_compare(each, left, right, both))
    return found


def _compare(stage: Stage, left: str, right: str, both: Sequence[tuple[Decision, Decision]]) -> Agreement:
    clear = (Verdict.INCLUDE, Verdict.EXCLUDE)
    pairs = [(as_read(a, stage), as_read(b, stage)) for a, b in both]
    counted = [place for place, pair in enumerate(pairs) if pair[0] in clear and pair[1] in clear]
    cells = Counter(pairs[place] for place in counted)
    maybe = sum(Verdict.MAYBE in (both[place][0].verdict, both[place][1].verdict) for place in counted)
    kappa, note = _kappa(left, right, [pairs[place] for place in counted])
    agreed = cells[clear[0], clear[0]] + cells[clear[1], clear[1]]
    return Agreement(
        stage=stage.id.value,
        left=left,
        right=right,
        both_include=cells[Verdict.INCLUDE, Verdict.INCLUDE],
        left_only=cells[Verdict.INCLUDE, Verdict.EXCLUDE],
        right_only=cells[Verdict.EXCLUDE, Verdict.INCLUDE],
        both_exclude=cells[Verdict.EXCLUDE, Verdict.EXCLUDE],
        maybe=maybe,
        left_out=len(pairs) - len(counted),
        raw=agreed / len(counted) if counted else None,
        kappa=kappa,
        note=note,
    )


def _kappa(left: str, right: str, pairs: Sequence[tuple[Verdict, Verdict]]) -> tuple[float | None, str]:
    """Return Cohen's kappa, None where it is not defined, and what to say about it."""
    if not pairs:
        return None, "kappa is not defined: there is no record that both included or excluded"
    said = [{pair[side] for pair in pairs} for side in (0, 1)]
    words = ["included" if verdicts == {Verdict.INCLUDE} else "excluded" for verdicts in said]
    if len(said[0] | said[1]) == 1:
        return None, f"kappa is not defined: both {words[0]} every record, so chance alone explains full agreement"
    from sklearn.metrics import cohen_kappa_score

    kappa = float(cohen_kappa_score([a.value for a, _ in pairs], [b.value for _, b in pairs]))
    for name, verdicts, word in zip((left, right), said, words, strict=True):
        if len(verdicts) == 1:
            return kappa, f"{name} {word} every record, so kappa is 0 however often they agree"
    share = sum(pair.count(Verdict.INCLUDE) for pair in pairs) / (2 * len(pairs))
    rarer = min(share, 1 - share)
    if rarer >= _RARE:
        return kappa, ""
    kind = "inclusions" if share < _RARE else "exclusions"
    return kappa, f"{kind} are rare ({rarer:.0%} of the verdicts), which lowers kappa; give raw agreement with it"
