"""A clock that a test turns by sleeping, a shelf in memory, and a server that plays E-utilities."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from reviewkit.sources import Access, Asking
from reviewkit.sources.politeness import Politeness
from tests.servers.eutils import EutilsServer

KEY = "0123456789abcdef0123456789abcdef0123"
EMAIL = "ann+search@example.org"


def access_to(url: str = "", *, email: str = EMAIL, key: str = "", **more: str) -> Access:
    """Access to E-utilities at an address; `more` are further variables of the environment."""
    values = {"REVIEWKIT_EMAIL": email, "NCBI_API_KEY": key, "REVIEWKIT_EUTILS_URL": url, **more}
    return Access(lambda variable: values.get(variable, ""))


@dataclass
class Clock:
    """Time that passes only by sleeping."""

    time: float = 0.0
    slept: list[float] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)

    def sleep(self, seconds: float) -> None:
        self.slept.append(round(seconds, 3))
        self.time += seconds

    def on_wait(self, reason: str, seconds: float) -> None:
        self.reasons.append(reason)

    def politeness(self, **given: object) -> Politeness:
        usual = {"timeout": 5.0, **given}
        return Politeness(clock=lambda: self.time, sleep=self.sleep, on_wait=self.on_wait, **usual)  # type: ignore[arg-type]

    def asking(self, access: Access) -> Asking:
        """Ask with this clock."""
        return Asking(access, self.politeness())


@dataclass
class Shelf:
    """Bodies in memory."""

    bodies: dict[str, bytes] = field(default_factory=dict)
    formats: dict[str, str] = field(default_factory=dict)

    def put(self, name: str, format: str, body: bytes) -> None:
        self.bodies[name], self.formats[name] = body, format

    def get(self, name: str, format: str) -> bytes | None:
        return self.bodies.get(name)

    def clear(self) -> None:
        self.bodies.clear()
        self.formats.clear()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


@pytest.fixture
def server() -> Iterator[EutilsServer]:
    with EutilsServer(records=30) as running:
        yield running


@pytest.fixture
def access(server: EutilsServer) -> Access:
    return access_to(server.url)
