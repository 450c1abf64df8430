"""What every loopback server has in common: a free port, a log of what was asked, and faults switched on per request.

A server of a database is a dataclass that says what the right answers are:

    @dataclass
    class ExampleServer(Loopback):
        records: int = 30

        def right(self, asked: Asked) -> Reply: ...

    with ExampleServer(records=30) as server:
        server.fail(too_many("0"), on="works", times=2)
        ... REVIEWKIT_EXAMPLE_URL=server.url ...
        server.log  # every request
"""

import gzip
import json
import socket
import struct
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit

from tests.servers.faults import Fault, Reply


@dataclass(frozen=True)
class Asked:
    """One request as it came in; `at` is a monotonic time.

    `parameters` are those of the address and of a form in the body together; `body` is the body as it came.
    """

    utility: str  # the last part of the path, without .fcgi: "esearch"
    method: str
    path: str  # with the query, as proxies and logs would see it
    parameters: Mapping[str, str]
    headers: Mapping[str, str]
    at: float
    body: bytes = b""

    @property
    def place(self) -> str:
        """The path without the query."""
        return urlsplit(self.path).path


@dataclass
class _Trouble:
    fault: Fault
    on: str
    times: int
    after: int


def json_reply(table: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Reply:
    """An answer in JSON."""
    return Reply(json.dumps(table, ensure_ascii=False).encode(), status, "application/json", dict(headers or {}))


@dataclass(kw_only=True)
class Loopback:
    """A server on a free port of this machine.

    Args:
        base: the path at which the API begins.
        compress: send gzip to clients that accept it.
    """

    base: str = "/"
    compress: bool = False
    log: list[Asked] = field(default_factory=list)
    sent: list[bytes] = field(default_factory=list)  # right bodies, in order, before compression
    _troubles: list[_Trouble] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __enter__(self) -> Self:
        handler = type("Handler", (_Handler,), {"loopback": self})
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
        """The base address, for the environment variable that names another one."""
        return f"http://127.0.0.1:{self._server.server_address[1]}{self.base}"

    def right(self, asked: Asked) -> Reply:
        """Give the right answer; called with the lock held."""
        raise NotImplementedError

    def fail(self, fault: Fault, on: str, times: int = 1, after: int = 0) -> None:
        """Let the next `times` requests of a utility fail, after `after` more good ones."""
        self._troubles.append(_Trouble(fault, on, times, after))

    def asked(self, utility: str) -> list[Asked]:
        """The requests of one utility so far."""
        return [request for request in self.log if request.utility == utility]

    def answer(self, asked: Asked) -> Reply:
        """Give the right answer, or the wrong one that is switched on."""
        with self._lock:
            self.log.append(asked)
            right = self.right(asked)
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


class _QuietServer(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: clients that hang up are part of the play."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    loopback: Loopback

    def do_GET(self) -> None:
        self._serve(b"")

    def do_POST(self) -> None:
        self._serve(self.rfile.read(int(self.headers.get("Content-Length", 0))))

    def _serve(self, form: bytes) -> None:
        address = urlsplit(self.path)
        utility = address.path.rpartition("/")[2].removesuffix(".fcgi")
        parameters = dict(parse_qsl(address.query, keep_blank_values=True))
        if "json" not in self.headers.get("Content-Type", ""):
            parameters |= dict(parse_qsl(form.decode(), keep_blank_values=True))
        asked = Asked(utility, self.command, self.path, parameters, dict(self.headers), time.monotonic(), form)
        reply = self.loopback.answer(asked)
        body, headers = reply.body, {"Content-Type": reply.content_type, **reply.headers}
        if self.loopback.compress and "gzip" in self.headers.get("Accept-Encoding", ""):
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
