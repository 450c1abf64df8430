"""All threads and processes of one person ask a server no faster than one of them may."""

import subprocess
import sys
import threading
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import pytest
from filelock import FileLock

from reviewkit.sources import pace
from reviewkit.sources.http import PoliteSession
from reviewkit.sources.pace import Pace
from reviewkit.sources.politeness import Politeness
from tests.servers import faults
from tests.servers.eutils import EutilsServer
from tests.sources.conftest import Clock

_ASK = """
import sys
from pathlib import Path
from reviewkit.sources.http import PoliteSession
from reviewkit.sources.politeness import Politeness
url, shared, times = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
session = PoliteSession(Politeness(shared=shared), per_second=10)
for _ in range(times):
    session.ask("POST", url + "esearch.fcgi", data=b"db=pubmed&term=x")
"""


@dataclass
class World:
    """Processes of one person on one computer: a wall clock for all, and for each a monotonic one of its own."""

    folder: Path
    time: float = 1_700_000_000.0
    taken: list[float] = field(default_factory=list)
    said: list[float] = field(default_factory=list)

    def process(self, host: str = "eutils.example.org", interval: float = 0.5, began: float = 0.0) -> Pace:
        def sleep(seconds: float) -> None:
            assert seconds > 0
            self.time += seconds

        start = self.time
        politeness = Politeness(
            clock=lambda: began + self.time - start, wall=lambda: self.time, sleep=sleep, shared=self.folder,
            on_wait=lambda reason, seconds: self.said.append(seconds),
        )  # fmt: skip
        return Pace(host, interval, politeness)

    def take(self, process: Pace) -> float:
        process.wait_for_turn()
        self.taken.append(self.time)
        return self.time


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path / "cache")


def spaces(world: World) -> list[float]:
    return [round(later - earlier, 3) for earlier, later in pairwise(world.taken)]


def test_processes_take_turns_at_the_pace_of_one(world: World) -> None:
    one, other = world.process(), world.process(began=5_000)
    for number in range(10):
        world.take((one, other)[number % 3 % 2])
    assert spaces(world) == [0.5] * 9


def test_each_host_has_a_pace_of_its_own(world: World) -> None:
    one, other = world.process(), world.process(host="api.example.com")
    assert world.take(one) == world.take(other)


def test_a_session_with_a_key_does_not_hurry_one_without(world: World) -> None:
    slow, quick = world.process(interval=0.4), world.process(interval=0.1)
    world.take(slow), world.take(quick), world.take(quick), world.take(slow)
    assert spaces(world) == [0.4, 0.1, 0.1]


def test_a_pause_that_the_server_asked_for_holds_for_every_process_and_is_said(world: World) -> None:
    one, other = world.process(), world.process()
    began = world.take(one)
    one.hold_off(20)
    assert world.take(other) == began + 20
    assert world.said == [20]


def test_a_pause_does_not_shorten_a_longer_one(world: World) -> None:
    one, other = world.process(), world.process()
    began = world.take(one)
    one.hold_off(20)
    other.hold_off(1)
    assert world.take(one) == began + 20


@pytest.mark.parametrize("text", ["", "abc", "nan", "inf", "-inf", "9" * 400, "1e999", "\0\0"])
def test_a_damaged_file_holds_nobody_up(text: str, world: World) -> None:
    one = world.process()
    world.take(one)
    (file,) = (path for path in (world.folder / "pace").iterdir() if path.suffix != ".lock")
    file.write_text(text)
    began = world.time
    assert world.take(world.process()) == began
    assert float(file.read_text()) == pytest.approx(began + 0.5)


def test_a_clock_that_is_set_back_or_forward_neither_blocks_nor_hurries(world: World) -> None:
    one = world.process()
    world.take(one)
    world.time -= 86_400 * 365  # the next process starts with a clock in the past
    other = world.process()
    began = world.time
    assert world.take(other) == began
    assert world.take(other) == began + 0.5
    world.time += 86_400 * 365
    assert world.take(world.process()) == began + 0.5 + 86_400 * 365


def test_within_a_process_a_clock_set_forward_gives_no_turn_away(tmp_path: Path) -> None:
    wall, time, slept = [1_700_000_000.0], [0.0], []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        time[0] += seconds
        wall[0] += seconds

    politeness = Politeness(clock=lambda: time[0], wall=lambda: wall[0], sleep=sleep, shared=tmp_path)
    one = Pace("host", 0.5, politeness)
    one.wait_for_turn()
    wall[0] += 3600
    one.wait_for_turn()
    assert slept == [0.5]


def test_without_a_usable_folder_the_pace_holds_within_the_process(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    world = World(tmp_path / "file")
    one = world.process()
    for _ in range(3):
        world.take(one)
    assert spaces(world) == [0.5, 0.5]


def test_a_folder_in_the_place_of_the_file_is_borne(world: World) -> None:
    (world.folder / "pace" / "eutils.example.org").mkdir(parents=True)
    one = world.process()
    for _ in range(3):
        world.take(one)
    assert spaces(world) == [0.5, 0.5]


def test_a_process_that_was_stopped_in_mid_air_blocks_nobody(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pace, "_LOCK_WAIT", 0.05)
    world.take(world.process())
    with FileLock(world.folder / "pace" / "eutils.example.org.lock"):
        one = world.process()
        began = world.time
        assert world.take(one) == began
        assert world.take(one) == began + 0.5


def test_a_name_that_is_no_file_name_is_made_one(world: World) -> None:
    world.take(world.process(host="../../etc/passwd:80"))
    world.take(world.process(host=""))
    world.take(world.process(host="x" * 300))
    assert {path.parent for path in world.folder.rglob("*") if path.is_file()} == {world.folder / "pace"}


def test_a_429_holds_up_the_other_sessions_of_this_person(tmp_path: Path) -> None:
    clock = Clock()
    with EutilsServer(records=3) as server:
        server.fail(faults.too_many("30"), on="esearch")
        politeness = clock.politeness(shared=tmp_path, wall=lambda: _now() + clock.time)
        first, second = (PoliteSession(politeness, per_second=3) for _ in range(2))
        answered: list[float] = []

        def ask(session: PoliteSession) -> None:
            session.ask("POST", f"{server.url}esearch.fcgi", data=b"db=pubmed&term=x")
            answered.append(clock.time)

        ask(first)
        ask(second)
        assert [round(time) for time in answered] == [30, 30]
        assert answered[1] - answered[0] >= 1 / 3


def test_two_processes_and_their_threads_stay_below_the_limit(tmp_path: Path) -> None:
    """The server's own log of requests; a fifth of a second is left for the delays of a loaded machine."""
    with EutilsServer(records=3) as server:
        command = [sys.executable, "-c", _ASK, server.url, str(tmp_path), "10"]
        others = [subprocess.Popen(command) for _ in range(2)]
        session = PoliteSession(Politeness(shared=tmp_path), per_second=10)
        mine = [
            threading.Thread(target=lambda: session.ask("POST", f"{server.url}esearch.fcgi", data=b"db=pubmed&term=x"))
            for _ in range(4)
        ]
        for thread in mine:
            thread.start()
        for thread in mine:
            thread.join()
        assert [other.wait(60) for other in others] == [0, 0]
        times = sorted(asked.at for asked in server.log)
    assert len(times) == 24
    assert all(sum(start <= time < start + 0.8 for time in times) <= 10 for start in times)
    assert times[-1] - times[0] >= 23 * 0.1


def _now() -> float:
    import time

    return time.time()
