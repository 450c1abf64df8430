"""Studies with their reports: the included ones, links that people and rules make, and links worth making."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from reviewkit.errors import NothingToLink, NothingToUndo, NotLinkable, NotLinked
from reviewkit.model import studies as linking
from reviewkit.model.citation import Citation
from reviewkit.model.decisions import State
from reviewkit.model.ids import record_label
from reviewkit.model.journal import last_act
from reviewkit.model.partition import Pair, Partition, partition
from reviewkit.model.relations import Relation
from reviewkit.model.represent import distinct_names
from reviewkit.model.studies import Link
from reviewkit.model.text import registration_key
from reviewkit.steps.decide import STAGE_NAMES
from reviewkit.steps.standing import Standing, load_records
from reviewkit.store import Store


@dataclass(frozen=True, slots=True)
class Study:
    """One included study: its id, the name people call it by ("Wilson 2024"), and its reports, earliest first."""

    id: int
    name: str
    reports: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Records that name the same study registration and are not linked; a person decides whether they are one study."""

    registration: str
    records: tuple[Citation, ...]


def list_studies(store: Store, standing: Standing) -> list[Study]:
    """Return the included studies by ascending id."""
    reports = load_records(store, standing, standing.screening.included)
    names = distinct_names(reports[study] for study in standing.studies.members)
    return [
        Study(study, names[study], tuple(reports[report] for report in members))
        for study, members in standing.studies.members.items()
    ]


def list_waiting_links(store: Store, standing: Standing) -> list[tuple[Citation, ...]]:
    """Return the linked records of which not all are included (yet), each group by ascending id.

    Of those that rules alone linked, only the ones that matter: a report is included and another may still be.
    """
    links = store.all(Link)
    by_people = {end for pair, joined in linking.judged(links, standing.records).items() if joined for end in pair}
    included = set(standing.screening.included)
    waiting = []
    for group in _groups(links, standing).members.values():
        if by_people.isdisjoint(group):
            group = tuple(r for r in group if not _excluded(standing, r)) if not included.isdisjoint(group) else ()
        if len(group) > 1 and not included.issuperset(group):
            waiting.append(group)
    shown = load_records(store, standing, (record for group in waiting for record in group))
    return [tuple(shown[record] for record in group) for group in waiting]


def list_rule_links(store: Store, standing: Standing) -> list[Relation]:
    """Return what rules link within the included studies, and no person has judged; `unlink_report` parts them."""
    judged = linking.judged(store.all(Link), standing.records)
    study = standing.studies.group
    return [
        each
        for each in standing.relations
        if each.pair not in judged and study.get(each.left, -1) == study.get(each.right, -2)
    ]


def link_reports(
    store: Store, standing: Standing, records: Sequence[int], by: str, at: str, note: str = ""
) -> list[Link]:
    """Record that these are reports of one study, with all that are linked to them; none are added when they are.

    Args:
        records: two or more, each by its id or by any of its citations; excluded ones cannot be linked.

    Raises:
        UnknownRecord, NothingToLink, NotLinkable: a record is not there, all are one record, or one was excluded.
    """
    wanted = list(dict.fromkeys(map(standing.record, records)))
    if len(wanted) < 2:
        raise NothingToLink(named=" and ".join(map(record_label, records)))
    for record in wanted:
        if how := _excluded(standing, record):
            raise NotLinkable(record=record_label(record), how=how)
    groups = _groups(store.all(Link), standing)
    pairs = linking.joining(wanted, groups)
    return store.add([Link(left=a, right=b, by=by, at=at, note=note) for a, b in pairs])


def unlink_report(store: Store, standing: Standing, record: int, by: str, at: str, note: str = "") -> list[Link]:
    """Record that a report belongs to another study than those linked to it; these stay together.

    Raises:
        UnknownRecord, NotLinked: it is not there, or is linked to nothing.
    """
    wanted = standing.record(record)
    links = store.all(Link)
    groups = _groups(links, standing)
    if len(groups.members.get(groups.group.get(wanted, 0), ())) < 2:
        raise NotLinked(record=record_label(wanted))
    said = linking.parting(wanted, groups, links, standing.records, _related(standing))
    return store.add([Link(left=a, right=b, joined=j, by=by, at=at, note=note) for (a, b), j in said.items()])


def take_back_link(store: Store, by: str, at: str) -> list[Link]:
    """Take back a person's last linking or unlinking, all rows of it at once; return the rows taken back.

    Raises:
        NothingToUndo: there is none that still stands.
    """
    act = last_act(store.all(Link), by, lambda link: (link.left, link.right))
    if not act:
        raise NothingToUndo(who=by, where=" among the links")
    # Two linkings within one second share time and note; the rows of one linking hang together.
    together = partition({end for row in act for end in (row.left, row.right)}, [(row.left, row.right) for row in act])
    act = [row for row in act if together.group[row.left] == together.group[act[-1].left]]
    store.add([replace(row, by=by, at=at, n=0, undoes=row.n, note="") for row in reversed(act)])
    return act


def suggest_links(store: Store, standing: Standing) -> list[Suggestion]:
    """Return records that name the same registration number, such as an article and its register entry.

    Nothing is linked by it. Excluded records, and pairs that a person linked or parted, are left out.
    """
    naming: dict[str, dict[int, None]] = {}
    for citation in store.citations():
        record = standing.records.group[citation.id]
        for number in citation.registrations if not _excluded(standing, record) else ():
            naming.setdefault(registration_key(number), {})[record] = None
    links = store.all(Link)
    groups, judged = _groups(links, standing), linking.judged(links, standing.records)

    def open_(records: Iterable[int]) -> bool:
        apart = ((a, b) for a, b in combinations(records, 2) if groups.group.get(a, a) != groups.group.get(b, b))
        return any(pair not in judged for pair in apart)

    found: dict[tuple[int, ...], str] = {}  # records that share several numbers are suggested once
    for number in sorted(filter(None, naming)):
        records = tuple(sorted(naming[number]))
        if open_(records):
            found.setdefault(records, number)
    shown = load_records(store, standing, (record for records in found for record in records))
    return [Suggestion(number, tuple(shown[record] for record in records)) for records, number in found.items()]


def _groups(links: Sequence[Link], standing: Standing) -> Partition:
    return linking.linked(links, standing.records, _related(standing))


def _related(standing: Standing) -> list[Pair]:
    return [each.pair for each in standing.relations]


def _excluded(standing: Standing, record: int) -> str:
    if record in standing.screening.removed:
        return "removed before screening"
    for stage, outcomes in standing.screening.stages.items():
        if record in outcomes and outcomes[record].state is State.EXCLUDED:
            return f"excluded at {STAGE_NAMES.get(stage, stage)}"
    return ""
