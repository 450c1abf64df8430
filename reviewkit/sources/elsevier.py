"""What the APIs of Elsevier (Scopus, Embase) have in common: key, institutional token, quota and errors.

Keys, quotas and rates: https://dev.elsevier.com/api_key_settings.html; errors and entitlements:
https://dev.elsevier.com/tecdoc_api_authentication.html. Key and token travel in headers, never in an address: where
they stand in the query, Elsevier repeats them in the links of its answers.
"""

import json
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from urllib.parse import urlencode

from reviewkit.sources import About, Asking, Need
from reviewkit.sources.http import Answer, PoliteSession, refuse_repeated
from reviewkit.sources.paging import LostPlace
from reviewkit.sources.politeness import Unanswered

API_KEY = Need(
    variable="ELSEVIER_API_KEY",
    what="an API key of Elsevier",
    where="https://dev.elsevier.com/apikey/manage",
)
TOKEN = Need(
    variable="ELSEVIER_INSTTOKEN",
    what="an institutional token of Elsevier",
    where="https://dev.elsevier.com/support.html (a librarian asks for it)",
    required=False,
    benefit="what the institution subscribes to, abstracts above all, from outside its network too",
)

_CODE = re.compile(r"<(?:statusCode|error-code)>(.*?)</", re.S)
_TEXT = re.compile(r"<(?:statusText|error-message|message)>(.*?)</", re.S)
_BAD_REQUEST, _UNAUTHORISED, _FORBIDDEN, _NOT_FOUND = 400, 401, 403, 404
_TOO_LONG = (413, 414)
_TOO_MANY = 429
_SECONDS = 10**11  # a larger number of an epoch counts milliseconds


class NotEntitled(Exception):
    """The key is good, and does not give what was asked for: this view, this way of paging, this database."""

    def __init__(self, text: str) -> None:
        self.text = text
        super().__init__(text)


class BeyondLimit(Exception):
    """More was asked for, or from further on, than the service level allows."""


class Elsevier:
    """One of Elsevier's APIs as one person uses it."""

    def __init__(self, asking: Asking, about: About, database: str, per_second: float) -> None:
        self._key, token = asking.access.value(API_KEY), asking.access.value(TOKEN)
        self._secrets = [secret for secret in (self._key, token) if secret]
        self._has_token = bool(token)
        self._base = asking.access.address(about)
        self._about, self._database = about, database
        self._headers = {"Accept": "application/json", "X-ELS-APIKey": self._key}
        if token:
            self._headers["X-ELS-Insttoken"] = token
        self._session = PoliteSession(asking.politeness, per_second, self._secrets)

    def ask(
        self,
        path: str,
        parameters: Mapping[str, str | int],
        check: Callable[[bytes], None],
        post: bool = False,
        going_on: bool = False,
    ) -> bytes:
        """Ask, and return the body of the first answer that passes `check`.

        Args:
            post: send the parameters in the body, so that a strategy may be of any length.
            going_on: we go on from a place that the server gave us, and a refusal means that it is lost.

        Raises:
            NotEntitled, BeyondLimit, LostPlace: see there.
            Unanswered: no usable answer came.
        """
        form = urlencode(parameters)
        headers = {**self._headers, **({"Content-Type": "application/x-www-form-urlencoded"} if post else {})}
        try:
            answer = self._session.ask(
                "POST" if post else "GET",
                f"{self._base}{path}" if post else f"{self._base}{path}?{form}",
                data=form.encode() if post else None,
                headers=headers,
                check=lambda answer: self._check(answer, check, going_on),
                first=self._check_quota,
            )
        except Unanswered as end:
            if "(503)" not in end.reason:
                raise
            remedy = (
                "run the same command again in a while; and check ELSEVIER_API_KEY, for Elsevier says 503 to a key "
            )
            raise Unanswered(end.reason, f"{remedy}that it does not know, too.") from None
        return answer.body

    def _check_quota(self, answer: Answer) -> None:
        """Tell a used-up quota, which waiting a minute does not mend, from asking too fast; both are 429."""
        if answer.status != _TOO_MANY:
            return
        code, _ = _error(answer)
        status = f"{code} {answer.headers.get('x-els-status', '')}".upper()
        if "QUOTA" not in status or answer.headers.get("x-ratelimit-remaining", "0") != "0":
            return
        when = _moment(answer.headers.get("x-ratelimit-reset", ""))
        after = f"after {when}" if when else "when the week that it counts for is over (at most seven days)"
        raise Unanswered(
            f"the quota of requests that Elsevier gives your key for a week of {self._database} is used up",
            f"run the same command again {after}.",
        )

    def _check(self, answer: Answer, check: Callable[[bytes], None], going_on: bool) -> None:
        if answer.status == _UNAUTHORISED or answer.status == _FORBIDDEN:
            self._refused(answer)
        if answer.status in _TOO_LONG:
            raise Unanswered(
                f"the strategy is too long for the API of {self._database} ({answer.status})",
                "search on the website, export the result there, and import it.",
            )
        if answer.status in (_BAD_REQUEST, _NOT_FOUND):
            code, text = _error(answer)
            if "exceeds the m" in text.lower():  # "Exceeds the maximum number allowed for the service level"
                raise BeyondLimit
            if going_on:
                raise LostPlace
            raise Unanswered(
                f"{self._database} did not take the strategy ({code or answer.status}: {text or 'no reason given'})",
                "check its syntax on the website's advanced search, mend it, then run the same command again.",
            )
        if answer.status != 200:
            return  # the session says so
        refuse_repeated(answer, *self._secrets)
        check(answer.body)

    def _refused(self, answer: Answer) -> None:
        code, text = _error(answer)
        said = f"{code or answer.status}: {text}" if text else code or str(answer.status)
        if "AUTHENTICATION" in code or "invalid api key" in text.lower():
            token = (
                " and ELSEVIER_INSTTOKEN, which belong together"
                if self._has_token
                else "; outside your institution's network it may need a token with it: ELSEVIER_INSTTOKEN"
            )
            raise Unanswered(
                f"Elsevier does not accept the API key ({said})",
                f"check ELSEVIER_API_KEY (elsevier_api_key in the user configuration){token}.",
            )
        raise NotEntitled(said)


def not_entitled(database: str, refused: NotEntitled) -> Unanswered:
    """Say what a person can do whose key does not open a database."""
    return Unanswered(
        f"your key does not open {database} ({refused.text})",
        "run it within your institution's network, or ask your library for an institutional token "
        "(ELSEVIER_INSTTOKEN); or search on the website, export there, and import the file.",
    )


def _error(answer: Answer) -> tuple[str, str]:
    """Return code and text of an error: JSON or XML, of the gateway (error-response) or the service (service-error)."""
    said = answer.body[:4000].decode("utf-8", "replace")
    try:
        table = json.loads(answer.body, strict=False)
        part = table.get("service-error", {}).get("status") or table.get("error-response") or table
        code = part.get("statusCode") or part.get("error-code") or ""
        text = part.get("statusText") or part.get("error-message") or part.get("message") or ""
    except (ValueError, AttributeError, RecursionError):
        code = "".join(_CODE.findall(said)[:1])
        text = "".join(_TEXT.findall(said)[:1])
    return " ".join(str(code).split())[:60], " ".join(str(text).split())[:300]


def _moment(text: str) -> str:
    """Write X-RateLimit-Reset, an epoch in seconds (or a date, in years past), for people."""
    if not text.isdigit():
        return text.strip()[:25]
    number = int(text[:20])
    try:
        at = datetime.fromtimestamp(number / 1000 if number > _SECONDS else number, UTC)
    except (ValueError, OverflowError, OSError):
        return ""
    return f"{at:%Y-%m-%d %H:%M} UTC"
