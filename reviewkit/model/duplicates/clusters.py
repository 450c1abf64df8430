"""The check before a merge: a citation that says little must not join two publications that differ from each other."""

from collections.abc import Collection, Mapping
from dataclasses import replace

from reviewkit.model.duplicates.fingerprint import Fingerprint
from reviewkit.model.duplicates.rules import RULES, Verdict, contradiction, judged_same
from reviewkit.model.ids import record_label
from reviewkit.model.matches import Judgement

_RANK = {rule.name: place for place, rule in enumerate(RULES)}


class Clusters:
    """The citations joined so far. Each new one is checked against the whole cluster that it would join.

    What is found for a citation depends on it and on earlier ones only.
    """

    def __init__(self, most: int) -> None:
        """Start with nothing joined; at most `most` members of a cluster are looked at, to keep time linear."""
        self._most = most
        self._cluster: dict[int, int] = {}
        self._members: dict[int, list[Fingerprint]] = {}

    def check(
        self, new: Fingerprint, near: Mapping[int, Fingerprint], found: Mapping[int, Verdict]
    ) -> dict[int, Verdict]:
        """Return what rules found between `new` and earlier citations, SAME made UNSURE where a member contradicts.

        Args:
            new: the citation that comes in.
            near: the earlier citations that it was compared with.
            found: earlier citation -> what rules say of it and `new`.
        """
        joining: dict[int, list[int]] = {}
        for left, verdict in found.items():
            if verdict.judgement is Judgement.SAME:
                joining.setdefault(self._cluster.get(left, left), []).append(left)
        groups = {name: self._members.get(name) or [near[name]] for name in joining}
        checked = dict(found)
        for name, lefts in joining.items():
            others = [member for other, members in groups.items() if other != name for member in members[: self._most]]
            said = (
                self._conflict(groups[name], [new], lefts)
                or self._conflict(groups[name], others, ())
                or self._unvouched(groups[name], new, lefts)
            )
            if said:
                for left in lefts:
                    evidence = f"{found[left].evidence}; but {said}"
                    checked[left] = replace(found[left], judgement=Judgement.UNSURE, evidence=evidence)
        return self._at_most_one(new, checked)

    def _at_most_one(self, new: Fingerprint, found: dict[int, Verdict]) -> dict[int, Verdict]:
        """Let a citation without title or authors join one record only, the one with the best rule."""
        same = [left for left, verdict in found.items() if verdict.judgement is Judgement.SAME]
        if _telling(new) or len({self._cluster.get(left, left) for left in same}) < 2:
            return found
        best = min(same, key=lambda left: (_RANK[found[left].rule], left))
        chosen = self._cluster.get(best, best)
        for left in same:
            if self._cluster.get(left, left) != chosen:
                evidence = f"{found[left].evidence}; but it says too little to join {record_label(chosen)} and this one"
                found[left] = replace(found[left], judgement=Judgement.UNSURE, evidence=evidence)
        return found

    def join(self, new: Fingerprint, same: Collection[Fingerprint]) -> None:
        """Join a citation with the earlier ones that are the same."""
        members = {m.id: m for m in self._members.pop(self._cluster.get(new.id, new.id), None) or [new]}
        for earlier in same:
            name = self._cluster.get(earlier.id, earlier.id)
            members.update((m.id, m) for m in self._members.pop(name, None) or [earlier])
        ordered = [members[i] for i in sorted(members)]
        self._members[ordered[0].id] = ordered
        self._cluster.update((m.id, ordered[0].id) for m in ordered)

    def _conflict(self, group: list[Fingerprint], others: list[Fingerprint], vouched: Collection[int]) -> str:
        for member in group[: self._most]:
            for other in others:
                if member.id not in vouched and (said := contradiction(member, other)):
                    pair = " and ".join(record_label(i) for i in sorted((member.id, other.id)))
                    return f"{pair} would become one, with {said}"
        return ""

    def _unvouched(self, group: list[Fingerprint], new: Fingerprint, vouching: Collection[int]) -> str:
        """Say that only members without title or authors speak for a join, where the record has others that do not."""
        told = [member for member in group[: self._most] if _telling(member)]
        if not told or not _telling(new) or any(member.id in vouching for member in told):
            return ""
        if any(judged_same(member, new) for member in told):
            return ""
        bridge = next(iter(sorted(vouching)))
        return f"{record_label(bridge)} says too little to join {record_label(told[0].id)} and {record_label(new.id)}"


def _telling(print_: Fingerprint) -> bool:
    return bool(print_.titles and print_.people)
