"""A loopback server that plays ClinicalTrials.gov's API v2 over made-up studies."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.servers.faults import Reply
from tests.servers.loopback import Asked, Loopback, json_reply

_KNOWN = {"format", "fields", "countTotal", "pageSize", "pageToken", "sort", "aggFilters", "postFilter.advanced"}


def study(number: int, posted: str = "2022-08-24", results: str = "", status: str = "RECRUITING") -> dict[str, Any]:
    """A study; what is not said is made up from its number."""
    state: dict[str, Any] = {
        "overallStatus": status,
        "studyFirstPostDateStruct": {"date": posted, "type": "ACTUAL"},
        "lastUpdatePostDateStruct": {"date": results or posted, "type": "ACTUAL"},
    }
    if results:
        state["resultsFirstPostDateStruct"] = {"date": results, "type": "ACTUAL"}
    return {
        "protocolSection": {
            "identificationModule": {"nctId": f"NCT{number:08}", "briefTitle": f"Exosomes for back pain {number}"},
            "statusModule": state,
            "sponsorCollaboratorsModule": {"leadSponsor": {"name": "University of Somewhere", "class": "OTHER"}},
            "descriptionModule": {"briefSummary": f"Patient {number} may feel better; p < 0.05."},
            "conditionsModule": {"conditions": ["Low Back Pain"]},
            "designModule": {"studyType": "INTERVENTIONAL", "phases": ["PHASE2"]},
        },
        "hasResults": bool(results),
    }


def _everything(parameters: Mapping[str, str], studies: Sequence[dict[str, Any]]) -> Sequence[dict[str, Any]]:
    return studies


@dataclass(kw_only=True)
class ClinicalTrialsServer(Loopback):
    """ClinicalTrials.gov on a free port; its API begins at /api/v2.

    Args:
        studies: its studies, or how many to make up; every search finds them all, unless `select` says otherwise.
        total: what it reports in place of the true count.
    """

    base: str = "/api/v2"
    studies: int | Sequence[dict[str, Any]] = 30
    select: Callable[[Mapping[str, str], Sequence[dict[str, Any]]], Sequence[dict[str, Any]]] = _everything
    total: int | None = None
    _tokens: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if isinstance(self.studies, int):
            self.studies = [study(number) for number in range(5_000_001, 5_000_001 + self.studies)]

    def forget(self) -> None:
        """Forget every token."""
        self._tokens.clear()

    def right(self, asked: Asked) -> Reply:
        """Answer /studies; errors are plain text."""
        if asked.utility != "studies" or asked.method != "GET":
            return Reply(b"<html><body>404 Not Found</body></html>", 404, "text/html")
        given = asked.parameters
        for name in given:
            if name not in _KNOWN and not name.startswith(("query.", "filter.")):
                return _refusal(f"`{name}` is unknown parameter")
        for name in given:
            if name.startswith(("query.", "filter.advanced")) and given[name].count("(") != given[name].count(")"):
                return _refusal(f"Invalid expression in parameter `{name}`: unbalanced parentheses")
        assert not isinstance(self.studies, int)
        found = list(self.select(given, self.studies))
        size, token = min(int(given.get("pageSize") or 10), 1000), given.get("pageToken", "")
        if token and token not in self._tokens:
            return _refusal("Incorrect format of `pageToken`")
        start = self._tokens.get(token, 0)
        page: dict[str, Any] = {"studies": found[start : start + size]}
        if start + size < len(found):
            page["nextPageToken"] = f"KV5Em4jOxqUg{start + size:06}"
            self._tokens[page["nextPageToken"]] = start + size
        if given.get("countTotal") == "true" and not token:
            page["totalCount"] = len(found) if self.total is None else self.total
        return json_reply(page)


def _refusal(text: str) -> Reply:
    return Reply(text.encode(), 400, "text/plain; charset=utf-8")
