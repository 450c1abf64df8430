"""A loopback server that plays NCBI's E-utilities over given records, with faults switched on per request.

with EutilsServer(records=30) as server:
    server.fail(too_many("0"), on="efetch", times=2)
    ... REVIEWKIT_EUTILS_URL=server.url ...
    server.log  # every request
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from xml.sax.saxutils import escape

from tests.servers.entrez_terms import BadTerm, select_dates, within
from tests.servers.faults import Fault, Reply, error, no_count
from tests.servers.loopback import Asked, Loopback
from tests.servers.pubmed_records import Record, to_page

__all__ = ["CAP", "Asked", "EutilsServer"]

CAP = 9_999  # as NCBI's: more ids are never listed, nor sent over history

_CAPPED = (
    "<WarningList><OutputMessage>Restrictions achieved. start and count adjusted to 0, 9999</OutputMessage>"
    "</WarningList>"
)
_BEYOND = (  # with a raw line end inside, as NCBI sends it
    '{"header":{"type":"esearch","version":"0.3"},"esearchresult":{"ERROR":"Search Backend failed: Exception:\n'
    "'retstart' cannot be larger than 9998. For PubMed, ESearch can only retrieve the first 9,999 records matching the "
    'query."}}'
)


@dataclass
class EutilsServer(Loopback):
    """E-utilities on a free port.

    Args:
        records: the records of its PubMed, or how many to make up; every search finds them all, newest first, within
            the ranges of dates that the term names (see `entrez_terms`), unless `select` says otherwise.
        select: parameters of an esearch -> the records it finds.
        keys: API keys that are valid; None takes any, and none at all.
        withheld: PMIDs that are listed and never sent.
        instead: records that are sent in place of others, by the others' PMID.
        extra: XML that is added to every answer of esearch (an ErrorList, for example).
    """

    records: int | Sequence[Record] = 30
    select: Callable[[Mapping[str, str], Sequence[Record]], Sequence[Record]] | None = None
    keys: set[str] | None = None
    withheld: set[int] = field(default_factory=set)
    instead: Mapping[int, Record] = field(default_factory=dict)
    extra: str = ""
    base: str = field(default="/entrez/eutils/", kw_only=True)
    _histories: dict[str, list[Record]] = field(default_factory=dict)
    _changes: list["_Change"] = field(default_factory=list)

    def __post_init__(self) -> None:
        if isinstance(self.records, int):
            self.records = [Record(pmid) for pmid in range(30_000_000 + self.records, 30_000_000, -1)]

    def fail(self, fault: Fault, on: str = "efetch", times: int = 1, after: int = 0) -> None:
        """Let the next `times` requests of a utility fail, after `after` more good ones."""
        super().fail(fault, on, times, after)

    def change(self, records: Sequence[Record], on: str = "efetch", after: int = 0) -> None:
        """Let PubMed hold these records from one request of a utility on, after `after` earlier ones."""
        self._changes.append(_Change(records, on, after))

    def right(self, asked: Asked) -> Reply:
        """Answer as NCBI does."""
        key = asked.parameters.get("api_key")
        if self.keys is not None and key is not None and key not in self.keys:
            body = f'{{"error":"API key invalid","api-key":"{key}","type":"client","status":"unknown"}}'
            return Reply(body.encode(), 400, "application/json")
        if asked.parameters.get("db") != "pubmed":
            return error("Invalid db name specified", 400)(Reply(b""))
        for change in self._changes:
            if change.on == asked.utility and not change.made:
                change.made = change.after == 0
                change.after -= 1
                self.records = change.records if change.made else self.records
        if asked.utility == "esearch":
            return self._esearch(asked.parameters)
        if asked.utility == "efetch":
            return self._efetch(asked.parameters)
        return Reply(b"<html>Not found</html>", 404, "text/html")

    def _esearch(self, parameters: Mapping[str, str]) -> Reply:
        assert not isinstance(self.records, int)
        try:
            found = self._found(parameters, self.records)
        except BadTerm:
            return no_count()(Reply(b""))
        start, most = int(parameters.get("retstart", 0)), min(int(parameters.get("retmax", 20)), CAP)
        if start >= CAP:
            return Reply(_BEYOND.encode(), 200, "application/json")
        listed = found[start : min(start + most, CAP)]
        capped = _CAPPED if len(found) > CAP and start + most >= CAP else ""
        kept = ""
        if parameters.get("usehistory") == "y":
            webenv = f"MCID_{len(self._histories) + 1:024x}"
            self._histories[webenv] = found
            kept = f"<QueryKey>1</QueryKey><WebEnv>{webenv}</WebEnv>"
        ids = "\n".join(f"<Id>{record.pmid}</Id>" for record in listed)
        translation = escape(f'"{parameters["term"]}"[All Fields]')
        return Reply(
            f"""<?xml version="1.0" encoding="UTF-8" ?>
<!DOCTYPE eSearchResult PUBLIC "-//NLM//DTD esearch 20060628//EN" "https://eutils.ncbi.nlm.nih.gov/eutils/dtd/20060628/esearch.dtd">
<eSearchResult><Count>{len(found)}</Count><RetMax>{len(listed)}</RetMax><RetStart>{start}</RetStart>{kept}<IdList>
{ids}
</IdList><TranslationSet/><QueryTranslation>{translation}</QueryTranslation>{capped}{self.extra}</eSearchResult>
""".encode()
        )

    def _found(self, parameters: Mapping[str, str], records: Sequence[Record]) -> list[Record]:
        if self.select is not None:
            return list(self.select(parameters, records))
        if parameters.get("mindate"):
            records = within(parameters["datetype"], parameters["mindate"], parameters["maxdate"], records)
        return select_dates(parameters["term"], records)

    def _efetch(self, parameters: Mapping[str, str]) -> Reply:
        assert not isinstance(self.records, int)
        start, most = int(parameters.get("retstart", 0)), int(parameters.get("retmax", CAP))
        if "id" in parameters:
            wanted = dict.fromkeys(int(pmid) for pmid in parameters["id"].split(","))
            known = {record.pmid: record for record in self.records if record.pmid in wanted}
            known = {pmid: record for pmid, record in known.items() if pmid not in self.withheld} | {**self.instead}
            found = [known[pmid] for pmid in wanted if pmid in known]
        elif parameters.get("WebEnv") in self._histories and parameters.get("query_key") == "1":
            found = self._histories[parameters["WebEnv"]][:CAP]  # a page that crosses the cap is cut short silently
            if start >= max(len(found), 1):
                return error("Cannot retrieve history data: OUT OF RANGE.", 400)(Reply(b""))
        else:
            return error("Unable to obtain query #1")(Reply(b""))
        return Reply(to_page(found[start : start + most]))


@dataclass
class _Change:
    records: Sequence[Record]
    on: str
    after: int
    made: bool = False
