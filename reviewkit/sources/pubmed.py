"""Searching PubMed: what is sent, fetching all that is listed, and checking that the result stayed as it was."""

from collections.abc import Iterable, Sequence
from datetime import date
from importlib.metadata import version

from reviewkit.model.known import Known
from reviewkit.model.protocol import Strategy
from reviewkit.model.strategy_lines import one_query
from reviewkit.sources import Asking, Counted, Progress, Received, Sent, Shelf
from reviewkit.sources.eutils import ABOUT, Eutils
from reviewkit.sources.limits import limits_told
from reviewkit.sources.politeness import Unanswered
from reviewkit.sources.pubmed_answers import parse_esearch
from reviewkit.sources.pubmed_listing import FIRST_DAY, LAST_DAY, Lister, Listing
from reviewkit.sources.pubmed_records import Records

__all__ = ["ABOUT", "as_sent", "count", "fetch_records", "known_term", "search"]

_LOOKS = 4  # times the result is listed again, until it stays as it is
_ADDED = ("crdt", "edat")
_NAMED = 20  # records named in a warning


def as_sent(strategy: Strategy, since: date | None = None) -> Sent:
    """Say what PubMed gets: the strategy as one query, with languages and, for `since`, days of addition.

    A record is taken as added since a day by its creation date or its entry date: they differ where a record came
    into PubMed long after its publication.
    """
    term = one_query(strategy.strategy)
    if strategy.languages:
        languages = " OR ".join(_language(name) for name in strategy.languages)
        term = f"({term}) AND {languages}" if len(strategy.languages) == 1 else f"({term}) AND ({languages})"
    if since:
        added = " OR ".join(f'("{since:%Y/%m/%d}"[{field}] : "{LAST_DAY:%Y/%m/%d}"[{field}])' for field in _ADDED)
        term = f"({term}) AND ({added})"
    window = " ".join(f"{name}={value}" for name, value in _window(strategy).items())
    limits = limits_told(strategy, published=f"sent as {window}")
    if since:
        limits.append(f"added to PubMed on or after {since} (creation or entry date, [crdt] OR [edat])")
    return Sent(term, tuple(limits))


def count(strategy: Strategy, asking: Asking) -> Counted:
    """Ask how many records PubMed finds."""
    ncbi = Eutils(asking)
    sent = as_sent(strategy)
    body = ncbi.esearch(lambda _body: None, term=sent.strategy, retmax=0, retmode="xml", **_window(strategy))
    found = parse_esearch(body)
    return Counted(reported=found.count, translation=found.translation, warnings=found.warnings)


def known_term(known: Known) -> str:
    """PubMed's way of asking for one paper."""
    return f"{known.key}[uid]" if known.kind == "pmid" else f'"{known.key}"[aid]'


def search(strategy: Strategy, asking: Asking, shelf: Shelf, progress: Progress, since: date | None = None) -> Received:
    """List every PMID, fetch the records by them, and list again until the result stays as it is.

    On the shelf lie `0000-esearch.xml` and its slices, the pages `0001.xml` and on, and `0000-esearch-2.xml` with what
    PubMed listed after all had been fetched. What an earlier attempt put there is not asked for again.

    Raises:
        TooManyResults: more than PubMed hands out, and they cannot be cut into slices.
        Unanswered: PubMed does not answer, or not usably, or some records did not come. These are asked for by the
            next attempt, and when they do not come then either, the search is incomplete.
    """
    ncbi = Eutils(asking)
    lister = Lister(ncbi, shelf, as_sent(strategy, since).strategy, _window(strategy))
    records = Records(ncbi, shelf, progress)
    first = last = lister.list_pmids("0000-esearch")
    records.fetch(first.pmids, first.count)
    listed = set(first.pmids)  # at any time
    still = not first.count
    for look in range(2, 2 + _LOOKS):
        if still:
            break
        before, last = last, lister.list_pmids(f"0000-esearch-{look}")
        listed.update(last.pmids)
        still = set(before.pmids) == set(last.pmids) and not last.problems
        records.fetch(last.pmids, last.count)  # what was added
    _ask_for_lacking(last.pmids, records)
    problems = [*last.problems, *_missing(last.pmids, records)]
    return Received(
        reported=last.count,
        reported_before=first.count if first.count != last.count else 0,
        complete=not problems,
        translation=last.translation,
        warnings=(*last.warnings, *_drift(first, last, still), *_surplus(listed, records), *problems),
        platform=asking.access.platform(ABOUT),
        client=_client(),
    )


def fetch_records(pmids: Iterable[str], asking: Asking, shelf: Shelf, progress: Progress) -> Received:
    """Fetch the records with these PMIDs and put them on the shelf as pages `0001.xml` and on.

    `reported` of what is returned is how many PMIDs were asked for; one that PubMed does not know makes it incomplete,
    and is named in a warning.

    Raises:
        Unanswered: PubMed does not answer, or not usably.
    """
    ncbi = Eutils(asking)
    wanted = tuple(dict.fromkeys(pmids))
    records = Records(ncbi, shelf, progress)
    records.fetch(wanted, len(wanted))
    records.fetch_lacking(wanted, 1)
    missing = _missing(wanted, records, "asked for")
    return Received(
        reported=len(wanted),
        complete=not missing,
        warnings=(*_surplus(wanted, records), *missing),
        platform=asking.access.platform(ABOUT),
        client=_client(),
    )


def _ask_for_lacking(pmids: Sequence[str], records: Records) -> None:
    """Ask by themselves for records that were listed and did not come, in two attempts of the person who searches.

    Most come later, and one whole run is better than an incomplete one and another that repeats it.
    """
    if records.fetch_lacking(pmids, 1) and (problems := _missing(pmids, records)):
        raise Unanswered("; ".join(problems), "run it again, now or later, to ask for them once more.")
    records.fetch_lacking(pmids, 2)


def _missing(pmids: Sequence[str], records: Records, how: str = "listed") -> list[str]:
    """Say which PMIDs never came; nothing when all did."""
    missing = records.lacking(pmids)
    if not missing:
        return []
    came = len(pmids) - len(missing)
    asked = "reported" if how == "listed" else "was asked for"
    return [f"PubMed {asked} {len(pmids)} records and sent {came}", f"{how} and not sent: {_named(missing)}"]


def _surplus(pmids: Iterable[str], records: Records) -> list[str]:
    """Say which records came that are not among these PMIDs, or came twice."""
    told = []
    if twice := records.doubled:
        told.append(f"PubMed sent {twice} record{'s' if twice > 1 else ''} twice")
    if strange := set(records.came) - set(pmids):
        told.append(f"sent and not listed: {_named(strange)}")
    return told


def _drift(first: Listing, last: Listing, still: bool) -> list[str]:
    """Say how the result changed between the first list and the last."""
    added, gone = set(last.pmids) - set(first.pmids), set(first.pmids) - set(last.pmids)
    if not (added or gone):
        return []
    counts = f" from {first.count:,} to {last.count:,} records" if first.count != last.count else ""
    told = [f"added: {_named(added)}"] if added else []
    told += [f"no longer found: {_named(gone)}"] if gone else []
    told += [] if still else ["it was still changing at the end"]
    return [f"PubMed's result changed{counts} while it was fetched; {'; '.join(told)}"]


def _named(pmids: Iterable[str]) -> str:
    """Name PMIDs in order, the first of them where they are many."""
    ordered = sorted(pmids, key=lambda pmid: (len(pmid), pmid))
    more = f" and {len(ordered) - _NAMED} more" if len(ordered) > _NAMED else ""
    return f"PMID {', '.join(ordered[:_NAMED])}{more}"


def _client() -> str:
    return f"biopython {version('biopython')}, requests {version('requests')}"


def _window(strategy: Strategy) -> dict[str, str]:
    """The date limits as E-utilities take them; pdat is the date of publication."""
    first, last = strategy.published_from, strategy.published_to
    if not (first or last):
        return {}
    return {
        "datetype": "pdat",
        "mindate": f"{first:%Y/%m/%d}" if first else f"{FIRST_DAY:%Y/%m/%d}",
        "maxdate": f"{last:%Y/%m/%d}" if last else f"{LAST_DAY:%Y/%m/%d}",
    }


def _language(name: str) -> str:
    plain = " ".join(name.lower().replace('"', " ").split())
    return f'"{plain}"[la]' if " " in plain else f"{plain}[la]"
