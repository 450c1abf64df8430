"""One polite HTTP session: paced, patient, and silent about keys; the only way sources talk to servers."""

import re
from base64 import b64encode
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import quote, quote_plus, urlsplit

import requests
from requests import exceptions as failures

from reviewkit import __version__
from reviewkit.sources.pace import Pace
from reviewkit.sources.politeness import AskAgain, Politeness, Unanswered

_MARGIN = 1.1  # at exactly three requests a second NCBI still answers 429 now and then (Biopython's experience)
_CLOCKS_APART = 86_400  # seconds between our clock and the server's above which a search would carry the wrong day
_TELLING = 12  # characters of a secret that give it away
_SIGN_IN = (
    "networks of hotels and hospitals do that until you sign in with a browser; do that, or check the address of the "
    "server, then run the same command again."
)
_LARGEST = 256 << 20  # bytes of an answer; the largest real ones are pages of some 10 MB
_HOPELESS = 3  # tries where the address itself seems wrong: no such name, nobody listening


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer: `body` is what the server sent, with the transport's compression taken off."""

    status: int
    content_type: str
    body: bytes
    retry_after: float | None = None
    headers: Mapping[str, str] = field(default_factory=dict)  # names in lower case


def _accept(answer: Answer) -> None:
    """Take any answer."""


class PoliteSession:
    """Sends questions one at a time, never faster than allowed, and asks again where that may help.

    Args:
        per_second: requests a second to one host; every attempt counts, retries too, and those of all other sessions
            of this person.
        secrets: texts (API key, e-mail) that must not appear in any message.
    """

    def __init__(self, politeness: Politeness, per_second: float, secrets: Iterable[str] = ()) -> None:
        self._politeness = politeness
        self._interval = _MARGIN / per_second
        self._secrets = _patterns(secrets)
        self._paces: dict[str, Pace] = {}
        self._clock_checked = False
        self._session = requests.Session()
        self._session.headers["User-Agent"] = f"reviewkit/{__version__} python-requests/{requests.__version__}"

    def ask(
        self,
        method: str,
        url: str,
        data: bytes | None = None,
        headers: dict[str, str] | None = None,
        check: Callable[[Answer], None] = _accept,
        first: Callable[[Answer], None] = _accept,
    ) -> Answer:
        """Ask until an answer passes `check`, and return it.

        Args:
            check: looks at an answer of any status but 5xx and 429; raises AskAgain, Unanswered, or an
                exception of its own, which is passed on.
            first: the same for an answer of any status, before 5xx and 429 are taken for passing troubles.

        Raises:
            Unanswered: no usable answer; the reason holds no secrets.
        """
        pace = self._pace(url)
        for attempt in range(1, self._politeness.tries + 1):
            pace.wait_for_turn()
            try:
                answer = self._send(method, url, data, headers)
                first(answer)
                _look(answer)
                self._check_clock(answer)
                check(answer)
                if answer.status != requests.codes.ok:
                    raise Unanswered(f"the server answered {answer.status}: {_first_words(answer.body)}")
                return answer
            except AskAgain as trouble:
                reason, wait = self.scrub(trouble.reason), trouble.wait
                shared = trouble.slow_down or wait is not None
                tries = min(trouble.tries or self._politeness.tries, self._politeness.tries)
            except Unanswered as end:
                reason, remedy = self.scrub(end.reason), self.scrub(end.remedy)
                raise Unanswered(reason, remedy) from None
            if attempt >= tries:
                break
            seconds = self._seconds(reason, wait, attempt)
            if shared:
                pace.hold_off(seconds)
            self._politeness.on_wait(reason, seconds)
            self._politeness.sleep(seconds)
        raise Unanswered(f"{reason} ({attempt} attempts)")

    def scrub(self, text: str) -> str:
        """Take every secret out of a text, and the beginning of one where the text was cut in its middle."""
        return self._secrets.sub("***", text) if self._secrets else text

    def _pace(self, url: str) -> Pace:
        try:
            host = urlsplit(url).netloc.rpartition("@")[2]
        except ValueError:
            host = ""  # sending it says so
        return self._paces.setdefault(host, Pace(host, self._interval, self._politeness))

    def _seconds(self, reason: str, asked: float | None, attempt: int) -> float:
        """How long to wait before the next attempt: as long as the server asked, else twice as long as before."""
        longest = self._politeness.longest_wait
        if asked is not None and asked > longest:
            raise Unanswered(f"{reason}, and asks to wait {asked:.0f} seconds", "run the same command again then.")
        return min(self._politeness.first_wait * 2 ** (attempt - 1), longest) if asked is None else asked

    def _check_clock(self, answer: Answer) -> None:
        """Hold the first good answer's date against our clock, once: the day of a search is part of its record."""
        if self._clock_checked or answer.status != requests.codes.ok or "age" in answer.headers:
            return
        try:
            theirs = parsedate_to_datetime(answer.headers.get("date", "")).timestamp()
        except (TypeError, ValueError):
            return
        self._clock_checked = True
        ours = self._politeness.wall()
        if abs(theirs - ours) > _CLOCKS_APART:
            reason = f"this computer's clock says {_day(ours)}, and the server's says {_day(theirs)}"
            raise Unanswered(reason, "set the clock, since the run would carry the wrong day; then run it again.")

    def _send(self, method: str, url: str, data: bytes | None, headers: dict[str, str] | None) -> Answer:
        """Send once; turn every failure of the network into words that hold nothing of the request."""
        timeout = self._politeness.timeout
        try:
            # No redirects: they would turn a POST into a GET, or carry a key to another host.
            with self._session.request(
                method, url, data=data, headers=headers, timeout=timeout, stream=True, allow_redirects=False
            ) as response:
                body = _body(response)
                declared = response.headers.get("Content-Length", "")
                # The libraries below check this only in some versions, so we do.
                if declared.isdigit() and int(declared) != response.raw.tell():
                    problem = f"{response.raw.tell()} bytes came in place of the {declared} announced"
                    raise AskAgain(problem)
                kind = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
                headers = {name.lower(): value for name, value in response.headers.items()}
                return Answer(response.status_code, kind, body, _retry_after(response), headers)
        except failures.RequestException as error:
            trouble = _in_words(error, timeout)
        raise trouble  # outside the handler: the exception at hand knows the request, with the key in it


def _body(response: requests.Response) -> bytes:
    """Take the body in, as long as it is of a size that answers have. Raises Unanswered."""
    body = bytearray()
    for part in response.iter_content(1 << 16):
        body += part
        if len(body) > _LARGEST:
            remedy = "check the address of the server, then run the same command again."
            raise Unanswered(f"the server sent more than {_LARGEST >> 20} MB, which no answer holds", remedy)
    return bytes(body)


def _patterns(secrets: Iterable[str]) -> re.Pattern[str] | None:
    """Find secrets as they are, as addresses and forms write them, and in base64; None where there are none.

    Error texts are shortened before they come here, so that at the end of one the first few characters of a secret,
    and whatever follows of it, count as the whole. Elsewhere they do not: a secret may begin with an ordinary word.
    """
    forms = set()
    for secret in filter(None, secrets):
        forms |= {secret, quote(secret), quote(secret, safe=""), quote_plus(secret)}
        forms.add(b64encode(secret.encode()).decode().rstrip("=")[:-1])  # the last one depends on what follows
    if not forms:
        return None
    found = []
    for form in sorted(filter(None, forms), key=len, reverse=True):
        rest = ""
        for character in reversed(form[_TELLING:]):
            rest = f"(?:{re.escape(character)}{rest})?"
        found.append(rf"{re.escape(form)}|{re.escape(form[:_TELLING])}{rest}(?=\W{{0,3}}\Z)")
    return re.compile("|".join(found), re.IGNORECASE)


def refuse_repeated(answer: Answer, *keys: str) -> None:
    """Refuse an answer that repeats a key: it would be kept as received, and shared with the review.

    A shorter text is no key of anybody's, and stands in many an answer by chance.
    """
    if any(len(key) >= _TELLING and key.encode() in answer.body for key in keys):
        raise Unanswered("the answer repeats the API key, and is not kept for that reason")


def _look(answer: Answer) -> None:
    """Ask again for what every server means by a passing trouble; give up where a network stands in between."""
    if 300 <= answer.status < 400 or answer.status == requests.codes.network_authentication:
        raise Unanswered(f"the question was sent on to another address ({answer.status}) and not answered", _SIGN_IN)
    if answer.status == requests.codes.too_many:
        raise AskAgain("the server says that requests come too fast (429)", answer.retry_after, slow_down=True)
    if answer.status >= requests.codes.server_error:
        raise AskAgain(f"the server has trouble ({answer.status})", answer.retry_after)
    start = answer.body[:200].lstrip().lower()
    if answer.status == requests.codes.ok and start.startswith((b"<!doctype html", b"<html")):
        raise AskAgain("the server sent a web page in place of data", answer.retry_after)


def _in_words(error: failures.RequestException, timeout: float) -> AskAgain | Unanswered:
    """Name a failure of the network without its own text, which quotes the address and with it the key."""
    text = repr(error)
    if isinstance(error, failures.Timeout) or "timed out" in text:
        return AskAgain(f"no answer came within {timeout:.0f} seconds")
    if isinstance(error, failures.ChunkedEncodingError | failures.ContentDecodingError):
        return AskAgain("the answer broke off in the middle")
    if isinstance(error, failures.SSLError):
        return AskAgain("no secure connection could be made (certificate or TLS)", tries=_HOPELESS)
    if isinstance(error, failures.ProxyError):
        return AskAgain("the proxy of this network did not let the request through", tries=_HOPELESS)
    if "NameResolution" in text or "getaddrinfo" in text:
        return AskAgain("the server's name was not found; is there a network?", tries=_HOPELESS)
    if "refused" in text:
        return AskAgain("the connection was refused", tries=_HOPELESS)
    if isinstance(error, failures.ConnectionError):
        return AskAgain("the connection was lost")
    if isinstance(error, failures.InvalidURL | failures.MissingSchema | failures.InvalidSchema):
        remedy = (
            "mend the REVIEWKIT_..._URL that names it, or HTTP_PROXY and HTTPS_PROXY, then run the same command again."
        )
        return Unanswered("the server's address is not one, or that of the proxy is not", remedy)
    return Unanswered(f"the request failed ({type(error).__name__})")


def _retry_after(response: requests.Response) -> float | None:
    """Read Retry-After: seconds, or a date that is compared with the server's own clock."""
    text = response.headers.get("Retry-After", "").strip()
    try:
        if text.isdigit():
            return float(text)
        until, sent = parsedate_to_datetime(text), parsedate_to_datetime(response.headers.get("Date", ""))
        return max(0.0, (until - sent).total_seconds())
    except (TypeError, ValueError):
        return None


def _day(seconds: float) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d}"


def _first_words(body: bytes) -> str:
    """The beginning of an error's body, on one line."""
    return " ".join(body[:300].decode("utf-8", "replace").split())[:200] or "(nothing)"
