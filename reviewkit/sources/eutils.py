"""NCBI's E-utilities through Bio.Entrez: it builds the requests, our session carries them, raw bytes come back."""

import io
import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.message import Message
from typing import Any
from urllib.parse import urlsplit
from urllib.request import Request

from reviewkit.sources import About, Asking, Need
from reviewkit.sources.http import Answer, PoliteSession, refuse_repeated
from reviewkit.sources.politeness import AskAgain, Unanswered

EMAIL = Need(variable="REVIEWKIT_EMAIL", what="an e-mail address with every request")
API_KEY = Need(
    variable="NCBI_API_KEY",
    what="an API key of NCBI",
    where="https://account.ncbi.nlm.nih.gov/settings/",
    required=False,
    benefit="10 requests a second in place of 3",
)
ABOUT = About(
    platform="NCBI E-utilities",
    address="https://eutils.ncbi.nlm.nih.gov/entrez/eutils",
    address_variable="REVIEWKIT_EUTILS_URL",
    documentation="https://www.ncbi.nlm.nih.gov/books/NBK25501/",
    needs=(EMAIL, API_KEY),
    since=True,
)
PER_SECOND, PER_SECOND_WITH_KEY = 3, 10  # NCBI's limits, https://www.ncbi.nlm.nih.gov/books/NBK25497/

_ERROR = re.compile(rb"<ERROR>(.*?)</ERROR>", re.DOTALL)
_PASSING = (
    "External viewer error",
    "Timeout",
    "temporarily unavailable",
    # Said of result sets kept at NCBI. We keep none there, so such an answer is meant for another question.
    "Unable to obtain query",
    "OUT OF RANGE",
)
_ENTREZ = threading.RLock()  # Bio.Entrez keeps its opener in a module global

Check = Callable[[bytes], object]  # raises where the body will not do


class Eutils:
    """E-utilities as one person uses them: address, e-mail, key and pace.

    Every parameter travels in the body of a POST, so that neither the key nor the e-mail stands in an address,
    where proxies and logs would keep it.
    """

    def __init__(self, asking: Asking) -> None:
        email, self._key = asking.access.value(EMAIL), asking.access.value(API_KEY)
        self._base = asking.access.address(ABOUT)
        self._who = {"tool": "reviewkit", "email": email, "api_key": self._key or None}
        pace = PER_SECOND_WITH_KEY if self._key else PER_SECOND
        self._session = PoliteSession(asking.politeness, pace, (self._key, email))

    def esearch(self, check: Check, **parameters: Any) -> bytes:
        """Search PubMed; return the body of the first answer that passes `check`.

        Raises:
            Unanswered: none did.
        """
        with self._entrez(check) as entrez:
            return bytes(entrez.esearch(db="pubmed", **parameters, **self._who).read())

    def efetch(self, check: Check, **parameters: Any) -> bytes:
        """Fetch PubMed records; return the body of the first answer that passes `check`.

        Raises:
            Unanswered: no usable answer came.
        """
        with self._entrez(check) as entrez:
            return bytes(entrez.efetch(db="pubmed", **parameters, **self._who).read())

    @contextmanager
    def _entrez(self, check: Check) -> Iterator[Any]:
        """Lend Bio.Entrez our way of opening a request: the one place where it is changed, and changed back.

        It knows no other base address, no timeout and no Retry-After, and retries at once. Its limiter is an
        unlocked module global that does not count retries; ours counts every attempt, so its own is put aside.
        """
        import Bio.Entrez

        entrez: Any = Bio.Entrez  # what is changed here is not among its typed names

        def open_request(request: Request) -> io.BytesIO:
            return self._open(request, check)

        with _ENTREZ:
            before = entrez.urlopen, entrez.max_tries
            entrez.urlopen, entrez.max_tries = open_request, 1
            entrez._open.previous = 0.0
            try:
                yield entrez
            finally:
                entrez.urlopen, entrez.max_tries = before

    def _open(self, request: Request, check: Check) -> io.BytesIO:
        address = urlsplit(request.full_url)
        utility = address.path.rpartition("/")[2]  # whatever stands before it, so that doing it twice does no harm
        form = request.data if isinstance(request.data, bytes) else address.query.encode()

        def check_answer(answer: Answer) -> None:
            self._check_ncbi(answer)
            check(answer.body)

        answer = self._session.ask(
            "POST",
            f"{self._base}/{utility}",
            data=form,
            headers={"Content-Type": "application/x-www-form-urlencoded"},
            check=check_answer,
        )
        return _Handle(answer.body)

    def _check_ncbi(self, answer: Answer) -> None:
        """Recognise NCBI's errors by what the body says: the status is often 200, or 400 for passing troubles."""
        head = answer.body[:4000]
        if head.lstrip().startswith(b"{"):
            text = _json_error(answer.body)
            if "rate limit" in text.lower():
                raise AskAgain("NCBI says that requests come too fast", answer.retry_after, slow_down=True)
            if "api key" in text.lower() or "api-key" in text.lower():
                remedy = "check NCBI_API_KEY (ncbi_api_key in the user configuration), or work without a key."
                raise Unanswered("NCBI does not accept the API key", remedy)
            _raise_error(text, answer)
        if found := _ERROR.search(head):
            _raise_error(" ".join(found.group(1).decode("utf-8", "replace").split())[:300], answer)
        if answer.status != 200:  # a passing trouble has been seen under every status; and it is no damaged XML
            raise AskAgain(f"NCBI answered {answer.status} and gave no reason", answer.retry_after, tries=3)
        refuse_repeated(answer, self._key)


class _Handle(io.BytesIO):
    """What Bio.Entrez expects an opener to return; never called text, since that would make it decode the bytes."""

    def __init__(self, body: bytes) -> None:
        super().__init__(body)
        self.headers = Message()
        self.headers["Content-Type"] = "application/octet-stream"


def _json_error(body: bytes) -> str:
    try:
        table = json.loads(body, strict=False)  # NCBI's error texts hold raw line ends
        table = table.get("esearchresult", table)
        text = table.get("error") or table.get("ERROR") or "an error without a text"
        return " ".join(str(text).split())[:300]
    except (ValueError, AttributeError, RecursionError):
        return "something that is neither XML nor a known error"


def _raise_error(text: str, answer: Answer) -> None:
    """Tell NCBI's error texts apart."""
    if any(sign in text for sign in _PASSING):
        raise AskAgain(f"NCBI had trouble inside ({text})", answer.retry_after)
    if "cannot be larger than" in text:  # beyond the cap, which is never asked for
        raise Unanswered(f"NCBI answered: {text}")
    if "Search Backend failed" in text:  # bad syntax, mostly; now and then a passing trouble
        reason = f"PubMed could not run the strategy ({text}); it may have unbalanced brackets or quotes"
        raise AskAgain(reason, answer.retry_after, tries=3)
    raise Unanswered(f"NCBI answered: {text}")
