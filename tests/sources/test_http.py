"""The session is paced, patient within limits, and never tells a key."""

import gzip
import socket
import threading
import traceback
from base64 import b64encode
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from urllib.parse import quote, quote_plus

import pytest

from reviewkit.sources.http import Answer, PoliteSession
from reviewkit.sources.politeness import AskAgain, Unanswered
from tests.servers import faults
from tests.servers.eutils import EutilsServer
from tests.sources.conftest import EMAIL, KEY, Clock


def ask(session: PoliteSession, server: EutilsServer, **given: str) -> bytes:
    form = "&".join(f"{name}={value}" for name, value in {"db": "pubmed", "term": "x", **given}.items())
    return session.ask("POST", f"{server.url}esearch.fcgi", data=form.encode()).body


def test_requests_are_spaced_out_and_retries_count(server: EutilsServer, clock: Clock) -> None:
    session = PoliteSession(clock.politeness(first_wait=0), per_second=3)
    server.fail(faults.server_error(500), on="esearch", after=2)
    starts = []
    for _ in range(4):
        ask(session, server)
        starts.append(clock.time)
    assert len(server.log) == 5
    spaces = [later - earlier for earlier, later in pairwise(starts)]
    assert min(spaces) >= 1 / 3
    assert max(spaces) >= 2 / 3  # the failed attempt took its turn as well


def test_a_key_allows_ten_requests_a_second_and_no_more(server: EutilsServer, clock: Clock) -> None:
    session = PoliteSession(clock.politeness(), per_second=10)
    for _ in range(21):
        ask(session, server)
    assert 2.0 <= clock.time <= 2.5


def test_threads_share_one_pace(server: EutilsServer, clock: Clock) -> None:
    session = PoliteSession(clock.politeness(), per_second=3)
    threads = [threading.Thread(target=ask, args=(session, server)) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(server.log) == 6
    assert clock.time >= 5 / 3


def test_retry_after_is_honoured_in_seconds(server: EutilsServer, clock: Clock) -> None:
    server.fail(faults.too_many("17"), on="esearch")
    ask(PoliteSession(clock.politeness(), per_second=3), server)
    assert 17 in clock.slept


def test_retry_after_is_honoured_as_a_date_of_the_servers_clock(server: EutilsServer, clock: Clock) -> None:
    def by_date(right: faults.Reply) -> faults.Reply:
        busy = faults.server_error(503)(right)
        return replace(busy, headers={"Retry-After": "Fri, 31 Dec 2100 23:59:59 GMT"})

    server.fail(by_date, on="esearch")
    with pytest.raises(Unanswered, match=r"asks to wait [0-9]+ seconds"):
        ask(PoliteSession(clock.politeness(), per_second=3), server)


def test_a_server_that_asks_to_wait_for_an_hour_is_not_waited_for(server: EutilsServer, clock: Clock) -> None:
    server.fail(faults.too_many("3600"), on="esearch")
    with pytest.raises(Unanswered, match="asks to wait 3600 seconds"):
        ask(PoliteSession(clock.politeness(), per_second=3), server)
    assert len(server.log) == 1


def test_waits_double_and_tries_end(server: EutilsServer, clock: Clock) -> None:
    server.fail(faults.server_error(502), on="esearch", times=99)
    with pytest.raises(Unanswered, match=r"trouble \(502\) \(6 attempts\)"):
        ask(PoliteSession(clock.politeness(), per_second=1000), server)
    assert [wait for wait in clock.slept if wait >= 1] == [1, 2, 4, 8, 16]
    assert len(server.log) == 6
    assert len(clock.reasons) == 5


@pytest.mark.parametrize(
    "fault",
    [
        faults.too_many("0"),
        faults.too_many(None),
        faults.server_error(500),
        faults.html_page,
        faults.reset_in_the_middle,
        faults.wrong_length(+50),
    ],
)
def test_passing_troubles_are_survived(fault: faults.Fault, server: EutilsServer, clock: Clock) -> None:
    server.fail(fault, on="esearch", times=2)
    assert ask(PoliteSession(clock.politeness(), per_second=3), server) == server.sent[-1]
    assert len(server.log) == 3


def test_compressed_answers_arrive_as_they_were_before_compression(clock: Clock) -> None:
    with EutilsServer(records=30, compress=True) as server:
        server.fail(faults.reset_in_the_middle, on="esearch")
        assert ask(PoliteSession(clock.politeness(), per_second=3), server) == server.sent[-1]
        assert server.sent[-1].startswith(b"<?xml")


def test_a_server_that_is_not_there_is_named_as_refusing(clock: Clock) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    session = PoliteSession(clock.politeness(), per_second=3, secrets=(KEY,))
    with pytest.raises(Unanswered, match=r"the connection was refused \(3 attempts\)"):
        session.ask("GET", f"http://127.0.0.1:{port}/?api_key={KEY}")


def test_a_server_that_says_nothing_is_given_up(clock: Clock) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        session = PoliteSession(clock.politeness(timeout=0.2, tries=2), per_second=3)
        with pytest.raises(Unanswered, match="no answer came within"):
            session.ask("GET", f"http://127.0.0.1:{silent.getsockname()[1]}/")


def test_an_answer_without_an_end_is_not_taken_in(
    server: EutilsServer, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A few kilobytes of gzip that unpack to a million times as much do the same."""
    monkeypatch.setattr("reviewkit.sources.http._LARGEST", 1 << 20)
    endless = gzip.compress(b" " * (5 << 20))
    server.fail(lambda right: faults.Reply(endless, headers={"Content-Encoding": "gzip"}), on="esearch")
    with pytest.raises(Unanswered, match="more than 1 MB, which no answer holds"):
        ask(PoliteSession(clock.politeness(), per_second=3), server)
    assert len(server.log) == 1


def test_an_address_that_is_none_is_told_at_once(clock: Clock) -> None:
    with pytest.raises(Unanswered, match="address is not one"):
        PoliteSession(clock.politeness(), per_second=3).ask("GET", "eutils/esearch.fcgi")
    assert clock.reasons == []


def test_redirects_are_not_followed(server: EutilsServer, clock: Clock) -> None:
    """Networks that ask for signing in send every question on; the XML is not to blame."""

    def elsewhere(right: faults.Reply) -> faults.Reply:
        return faults.Reply(b"moved", 302, "text/plain", {"Location": "http://127.0.0.1:1/steal"})

    def broken(answer: Answer) -> None:
        raise AskAgain("the XML is damaged")

    server.fail(elsewhere, on="esearch")
    server.fail(lambda right: faults.Reply(b"<html>sign in</html>", 511, "text/html"), on="esearch")
    for status in (302, 511):
        with pytest.raises(Unanswered, match=rf"sent on to another address \({status}\)") as caught:
            PoliteSession(clock.politeness(), per_second=3).ask("POST", f"{server.url}esearch.fcgi", check=broken)
        assert "sign in with a browser" in caught.value.remedy
    assert len(server.log) == 2


def test_a_proxy_that_is_no_address_is_named(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "::::")
    monkeypatch.setenv("no_proxy", "")
    with pytest.raises(Unanswered, match="is not one, or that of the proxy is not") as caught:
        PoliteSession(clock.politeness(), per_second=3).ask("GET", "http://eutils.example.org/")
    assert "HTTP_PROXY" in caught.value.remedy


def test_no_failure_tells_a_key_or_an_email(server: EutilsServer, clock: Clock) -> None:
    """Neither in the message nor in any exception behind it, as a traceback prints them."""
    session = PoliteSession(clock.politeness(tries=1), per_second=3, secrets=(KEY, EMAIL))
    query = f"?api_key={KEY}&email=ann%2Bsearch%40example.org"
    server.fail(lambda right: faults.Reply(f"no: {KEY} {EMAIL}".encode(), 403), on="esearch")
    server.fail(faults.reset_in_the_middle, on="esearch")
    for url in (f"{server.url}esearch.fcgi{query}", f"{server.url}esearch.fcgi{query}", f"http://127.0.0.1:1/{query}"):
        with pytest.raises(Unanswered) as caught:
            session.ask("GET", url)
        told = "".join(traceback.format_exception(caught.value))
        assert KEY not in told
        assert "ann" not in told.replace("Unanswered", "")
        assert "example.org" not in told


@pytest.mark.parametrize("form", [str, str.upper, lambda text: b64encode(text.encode()).decode(), quote, quote_plus])
@pytest.mark.parametrize("secret", [KEY, EMAIL, "a/b+c?d&e=f"])
def test_a_secret_is_taken_out_in_every_form_and_wherever_the_text_was_cut(
    secret: str, form: Callable[[str], str], clock: Clock
) -> None:
    session = PoliteSession(clock.politeness(), per_second=3, secrets=(secret, ""))
    written = form(secret)
    assert session.scrub(f"bad key {written}.").replace("=", "").startswith("bad key ***")
    for cut in range(12, len(written) + 1):
        assert written[:12] not in session.scrub(f"bad key {written[:cut]}")
    assert session.scrub("nothing of it") == "nothing of it"


def test_words_that_a_secret_begins_with_stay_as_they_are(clock: Clock) -> None:
    session = PoliteSession(clock.politeness(), per_second=3, secrets=("research@example.org", "openalex-0123456789"))
    assert session.scrub("OpenAlex is for research") == "OpenAlex is for research"


def test_a_secret_that_an_error_is_cut_in_the_middle_of_is_not_told_in_part(server: EutilsServer, clock: Clock) -> None:
    session = PoliteSession(clock.politeness(), per_second=3, secrets=(KEY,))
    server.fail(lambda right: faults.Reply(b"y" * 180 + KEY.encode(), 418, "text/plain"), on="esearch")
    with pytest.raises(Unanswered) as caught:
        ask(session, server)
    assert "yyy***" in caught.value.reason
    assert KEY[:8] not in caught.value.reason


def test_words_that_a_secret_begins_with_stay_where_no_text_was_cut(clock: Clock) -> None:
    session = PoliteSession(clock.politeness(), per_second=3, secrets=("research.team@example.org", "openalex-key-1"))
    told = "OpenAlex answered: no such field; this research is not known"
    assert session.scrub(told) == told
