"""Papers that the searches must find: which were found, by which search, and which were missed."""

from dataclasses import dataclass, replace

from reviewkit.model.known import Known, known_as, read_known
from reviewkit.model.protocol import Protocol
from reviewkit.model.runs import SearchRun
from reviewkit.store import Store


@dataclass(frozen=True, slots=True)
class KnownIn:
    """One known paper in one database: `found_by` are the search runs that brought it, `searched` all there were.

    `why` says in words why it was missed, where the database was asked.
    """

    database: str
    searched: tuple[str, ...] = ()
    found_by: tuple[str, ...] = ()
    why: str = ""


@dataclass(frozen=True, slots=True)
class KnownItem:
    """One paper of `must_find`: `name` as the protocol gives it; `also` are other identifiers citations give it."""

    name: str
    known: Known
    also: tuple[Known, ...]
    databases: tuple[KnownIn, ...]

    @property
    def is_found(self) -> bool:
        """Did any search run bring it?"""
        return any(place.found_by for place in self.databases)


@dataclass(frozen=True, slots=True)
class KnownReport:
    """All known papers against all search runs; `unasked` says which databases could not be asked why, and why not."""

    items: tuple[KnownItem, ...] = ()
    runs: int = 0
    unasked: tuple[str, ...] = ()

    @property
    def found(self) -> tuple[KnownItem, ...]:
        """The papers that at least one search brought."""
        return tuple(item for item in self.items if item.is_found)

    @property
    def missed(self) -> tuple[KnownItem, ...]:
        """The papers that no search brought."""
        return tuple(item for item in self.items if not item.is_found)


def find_known(store: Store, protocol: Protocol) -> KnownReport:
    """Look for the papers of `must_find` among the citations of every search run, by PMID and DOI.

    A citation that gives a paper's PMID and its DOI lets the paper be found elsewhere by either.
    """
    sought = {name: known for name in protocol.must_find if (known := read_known(name))}
    runs = store.runs()
    if not sought:
        return KnownReport(runs=len(runs))
    names = _names(store, sought)
    brought: dict[str, set[str]] = {name: set() for name in sought}
    for citation, _, _, _, doi, pmid in store.texts():
        for known in known_as(doi, pmid):
            if known in names:
                run = next((run.id for run in runs if citation in run.ids), "")
                brought[names[known]].add(run)
    items = []
    for name, known in sought.items():
        also = tuple(sorted((k for k, of in names.items() if of == name and k != known), key=lambda k: (k.kind, k.key)))
        items.append(KnownItem(name, known, also, _places(protocol, runs, brought[name])))
    return KnownReport(tuple(items), len(runs))


def with_reason(item: KnownItem, database: str, why: str) -> KnownItem:
    """Return the paper with the reason why one database's search missed it."""
    places = tuple(replace(place, why=why) if place.database == database else place for place in item.databases)
    return replace(item, databases=places)


def _names(store: Store, sought: dict[str, Known]) -> dict[Known, str]:
    """Every identifier that a known paper goes by among the citations."""
    names = {known: name for name, known in sought.items()}
    for _, _, _, _, doi, pmid in store.texts():
        both = [known for known in known_as(doi, pmid) if known.key]
        for one, other in ((both[0], both[1]), (both[1], both[0])) if len(both) == 2 else ():
            if one in sought.values():
                names.setdefault(other, names[one])
    return names


def _places(protocol: Protocol, runs: list[SearchRun], brought: set[str]) -> tuple[KnownIn, ...]:
    databases = dict.fromkeys([strategy.database for strategy in protocol.search] + [run.database for run in runs])
    return tuple(
        KnownIn(
            database,
            tuple(run.id for run in runs if run.database == database),
            tuple(run.id for run in runs if run.database == database and run.id in brought),
        )
        for database in databases
    )
