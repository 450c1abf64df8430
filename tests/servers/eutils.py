"""A loopback server that plays NCBI's E-utilities over given records, with faults switched on per request.

with EutilsServer(records=30) as server:
    server.fail(too_many("0"), on="efetch", times=2)
    ... REVIEWKIT_EUTILS_URL=server.url ...
    server.log  # every request
"""

import gzip
import socket
import struct
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from urllib.parse import parse_qsl, urlsplit
from xml.sax.saxutils import escape

from tests.servers.faults import Fault, Reply, error
from tests.servers.pubmed_records import Record, to_page

CAP = 9_999  # as NCBI's: more ids are never listed, nor sent over history


@dataclass(frozen=True)
class Asked:
    """One request as it came in; `at` is a monotonic time."""

    utility: str  # "esearch"
    method: str
    path: str  # with the query, as proxies and logs would see it
    parameters: Mapping[str, str]
    headers: Mapping[str, str]
    at: float


@dataclass
class _Trouble:
    fault: Fault
    on: str
    times: int
    after: int


@dataclass
class EutilsServer:
    """E-utilities on a free port.

    Args:
        records: the records of its PubMed, or how many to make up; every search finds them all, newest first,
            unless `select` says otherwise.
        select: parameters of an esearch -> the records it finds.
        keys: API keys that are valid; None takes any, and none at all.
        extra: XML that is added to every answer of esearch (an ErrorList, for example).
        compress: send gzip to clients that accept it, as NCBI does.
    """

    records: int | Sequence[Record] = 30
    select: Callable[[Mapping[str, str], Sequence[Record]], Sequence[Record]] = lambda parameters, records: records
    keys: set[str] | None = None
    extra: str = ""
    compress: bool = False
    log: list[Asked] = field(default_factory=list)
    sent: list[bytes] = field(default_factory=list)  # right bodies, in order, before compression
    _histories: dict[str, list[Record]] = field(default_factory=dict)
    _troubles: list[_Trouble] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        if isinstance(self.records, int):
            self.records = [Record(pmid) for pmid in range(30_000_000 + self.records, 30_000_000, -1)]

    def __enter__(self) -> "EutilsServer":
        handler = type("Handler", (_Handler,), {"eutils": self})
        self._server = _QuietServer(("127.0.0.1", 0), handler)
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def url(self) -> str:
        """The base address, for REVIEWKIT_EUTILS_URL."""
        return f"http://127.0.0.1:{self._server.server_address[1]}/entrez/eutils/"

    def fail(self, fault: Fault, on: str = "efetch", times: int = 1, after: int = 0) -> None:
        """Let the next `times` requests of a utility fail, after `after` more good ones."""
        self._troubles.append(_Trouble(fault, on, times, after))

    def asked(self, utility: str) -> list[Asked]:
        """The requests of one utility so far."""
        return [request for request in self.log if request.utility == utility]

    def answer(self, asked: Asked) -> Reply:
        """Give the right answer, or the wrong one that is switched on."""
        with self._lock:
            self.log.append(asked)
            right = self._right(asked)
            fault = self._due(asked.utility)
        reply = fault(right) if fault else right  # outside the lock: a fault may take its time
        if fault is None and right.status == 200:
            self.sent.append(right.body)
        return reply

    def _due(self, utility: str) -> Fault | None:
        for trouble in self._troubles:
            if trouble.on == utility and trouble.times:
                if trouble.after:
                    trouble.after -= 1
                    continue
                trouble.times -= 1
                return trouble.fault
        return None

    def _right(self, asked: Asked) -> Reply:
        key = asked.parameters.get("api_key")
        if self.keys is not None and key is not None and key not in self.keys:
            body = f'{{"error":"API key invalid","api-key":"{key}","type":"client","status":"unknown"}}'
            return Reply(body.encode(), 400, "application/json")
        if asked.parameters.get("db") != "pubmed":
            return error("Invalid db name specified", 400)(Reply(b""))
        if asked.utility == "esearch":
            return self._esearch(asked.parameters)
        if asked.utility == "efetch":
            return self._efetch(asked.parameters)
        return Reply(b"<html>Not found</html>", 404, "text/html")

    def _esearch(self, parameters: Mapping[str, str]) -> Reply:
        assert not isinstance(self.records, int)
        found = list(self.select(parameters, self.records))
        start, most = int(parameters.get("retstart", 0)), min(int(parameters.get("retmax", 20)), CAP)
        listed = found[start : start + most]
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
</IdList><TranslationSet/><QueryTranslation>{translation}</QueryTranslation>{self.extra}</eSearchResult>
""".encode()
        )

    def _efetch(self, parameters: Mapping[str, str]) -> Reply:
        assert not isinstance(self.records, int)
        start, most = int(parameters.get("retstart", 0)), int(parameters.get("retmax", 20))
        if "id" in parameters:
            known = {str(record.pmid): record for record in self.records}
            found = [known[pmid] for pmid in parameters["id"].split(",") if pmid in known]
        elif parameters.get("WebEnv") in self._histories and parameters.get("query_key") == "1":
            found = self._histories[parameters["WebEnv"]][:CAP]  # a page that crosses the cap is cut short silently
            if start >= max(len(found), 1):
                return error("Cannot retrieve history data: OUT OF RANGE.", 400)(Reply(b""))
        else:
            return error("Unable to obtain query #1")(Reply(b""))
        return Reply(to_page(found[start : start + most]))


class _QuietServer(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: clients that hang up are part of the play."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    eutils: EutilsServer

    def do_GET(self) -> None:
        self._serve(urlsplit(self.path).query)

    def do_POST(self) -> None:
        self._serve(self.rfile.read(int(self.headers.get("Content-Length", 0))).decode())

    def _serve(self, form: str) -> None:
        utility = urlsplit(self.path).path.rpartition("/")[2].removesuffix(".fcgi")
        parameters = dict(parse_qsl(form, keep_blank_values=True))
        asked = Asked(utility, self.command, self.path, parameters, dict(self.headers), time.monotonic())
        reply = self.eutils.answer(asked)
        body, headers = reply.body, {"Content-Type": reply.content_type, **reply.headers}
        if self.eutils.compress and "gzip" in self.headers.get("Accept-Encoding", ""):
            body, headers["Content-Encoding"] = gzip.compress(body), "gzip"
        headers.setdefault("Content-Length", str(len(body)))
        self.send_response(reply.status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        if reply.cut is not None:
            self.wfile.write(body[: len(body) * reply.cut // max(len(reply.body), 1)])
            self.wfile.flush()
            # closing with linger 0 sends a reset and not an orderly end
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.close()
            self.close_connection = True
            return
        self.wfile.write(body)
        if int(headers["Content-Length"]) != len(body):
            self.close_connection = True

    def log_message(self, format: str, *words: object) -> None:
        """Say nothing on the terminal."""
