"""Bio.Entrez builds the requests, our session carries them, and Bio.Entrez stays as it was for everyone else."""

from collections.abc import Callable
from urllib.request import urlopen

import pytest
from Bio import Entrez

from reviewkit.sources import Access
from reviewkit.sources.eutils import ABOUT, Eutils
from reviewkit.sources.politeness import Unanswered
from tests.servers import faults
from tests.servers.eutils import EutilsServer
from tests.sources.conftest import EMAIL, KEY, Clock, access_to


def anything(body: bytes) -> None:
    """Accept every body."""


def test_every_request_says_who_asks_and_keeps_it_out_of_the_address(server: EutilsServer, clock: Clock) -> None:
    ncbi = Eutils(clock.asking(access_to(server.url, key=KEY)))
    ncbi.esearch(anything, term="exosomes")
    ncbi.efetch(anything, id=["30000001", "30000002"], retmode="xml")
    for asked in server.log:
        assert asked.method == "POST"
        assert asked.path == f"/entrez/eutils/{asked.utility}.fcgi"
        told = {name: asked.parameters[name] for name in ("tool", "email", "api_key", "db")}
        assert told == {"tool": "reviewkit", "email": EMAIL, "api_key": KEY, "db": "pubmed"}
        assert asked.headers["User-Agent"].startswith("reviewkit/")


def test_without_a_key_none_is_sent_and_three_requests_a_second_are_the_limit(
    server: EutilsServer, access: Access, clock: Clock
) -> None:
    ncbi = Eutils(clock.asking(access))
    for _ in range(7):
        ncbi.esearch(anything, term="exosomes")
    assert all("api_key" not in asked.parameters for asked in server.log)
    assert clock.time >= 2


def test_bodies_come_back_byte_for_byte(server: EutilsServer, access: Access, clock: Clock) -> None:
    body = Eutils(clock.asking(access)).efetch(anything, id="30000001", retmode="xml")
    assert [body] == server.sent
    assert "Möller".encode() in body


def test_plain_text_is_not_decoded_either(server: EutilsServer, access: Access, clock: Clock) -> None:
    plain = faults.Reply(b"\xef\xbb\xbfcaf\xe9\r\n", 200, "text/plain")
    server.fail(lambda right: plain, on="efetch")
    assert Eutils(clock.asking(access)).efetch(anything, id="1") == plain.body


def test_a_long_strategy_arrives_whole(server: EutilsServer, access: Access, clock: Clock) -> None:
    term = " OR ".join(f'"größer & kleiner {number}"[tiab]' for number in range(3000))
    Eutils(clock.asking(access)).esearch(anything, term=term)
    assert server.log[0].parameters["term"] == term


@pytest.mark.parametrize("tail", ["", "/", "//"])
def test_another_base_address_is_taken_with_and_without_a_slash(tail: str, server: EutilsServer, clock: Clock) -> None:
    base = server.url.rstrip("/") + tail
    ncbi = Eutils(clock.asking(access_to(base)))
    ncbi.esearch(anything, term="x")
    assert server.log[0].path == "/entrez/eutils/esearch.fcgi"
    assert access_to(base).platform(ABOUT) == f"NCBI E-utilities at {base.split('/')[2]}"


def test_bio_entrez_is_left_as_it_was_even_after_a_failure(server: EutilsServer, access: Access, clock: Clock) -> None:
    server.fail(faults.error("Invalid db name specified", 400))
    with pytest.raises(Unanswered):
        Eutils(clock.asking(access)).efetch(anything, id="1")
    assert Entrez.urlopen is urlopen
    assert (Entrez.max_tries, Entrez.email, Entrez.api_key, Entrez.tool) == (3, None, None, "biopython")


@pytest.mark.parametrize(
    "fault", [faults.too_many("0"), faults.too_many_with_200, faults.viewer_timeout, faults.html_page]
)
def test_passing_troubles_of_ncbi_are_asked_again(
    fault: faults.Fault, server: EutilsServer, access: Access, clock: Clock
) -> None:
    server.fail(fault, times=3)
    assert Eutils(clock.asking(access)).efetch(anything, id="30000001") == server.sent[-1]
    assert len(server.log) == 4


def test_a_wrong_key_is_told_without_repeating_it(server: EutilsServer, clock: Clock) -> None:
    server.keys = {"another"}
    ncbi = Eutils(clock.asking(access_to(server.url, key=KEY)))
    with pytest.raises(Unanswered, match="does not accept the API key") as caught:
        ncbi.esearch(anything, term="x")
    assert "NCBI_API_KEY" in caught.value.remedy
    assert len(server.log) == 1
    assert KEY not in f"{caught.value!r} {caught.value.remedy} {ncbi!r}"


@pytest.mark.parametrize(
    "fault", [faults.repeats(KEY), lambda right: faults.Reply(b"<x>" + b"." * 9000 + KEY.encode() + b"</x>")]
)
def test_an_answer_that_repeats_the_key_is_not_taken(
    fault: Callable[[faults.Reply], faults.Reply], server: EutilsServer, clock: Clock
) -> None:
    server.fail(fault, on="esearch")
    ncbi = Eutils(clock.asking(access_to(server.url, key=KEY)))
    with pytest.raises(Unanswered) as caught:
        ncbi.esearch(anything, term="x")
    assert KEY not in str(caught.value)


def test_what_is_said_of_result_sets_that_we_do_not_keep_is_a_passing_trouble(
    server: EutilsServer, access: Access, clock: Clock
) -> None:
    server.fail(faults.lost_history)
    server.fail(faults.error("History: OUT OF RANGE.", 400))
    assert Eutils(clock.asking(access)).efetch(anything, id="30000001") == server.sent[-1]
    assert len(server.log) == 3


def test_a_question_beyond_the_cap_is_told_in_one_line(server: EutilsServer, access: Access, clock: Clock) -> None:
    """NCBI answers with JSON under status 200, and a raw line end in it."""
    with pytest.raises(Unanswered, match="Exception: 'retstart' cannot be larger than 9998") as caught:
        Eutils(clock.asking(access)).esearch(anything, term="x", retstart=9_999)
    assert "\n" not in caught.value.reason
    assert len(server.log) == 1


def test_bad_syntax_is_tried_thrice_and_told_with_a_hint(server: EutilsServer, access: Access, clock: Clock) -> None:
    server.fail(faults.no_count(), on="esearch", times=99)
    with pytest.raises(Unanswered, match="unbalanced brackets or quotes"):
        Eutils(clock.asking(access)).esearch(anything, term="((")
    assert len(server.log) == 3


def test_keys_and_emails_are_kept_out_of_repr() -> None:
    assert KEY not in repr(access_to(key=KEY))
    assert EMAIL not in repr(access_to(key=KEY))


@pytest.mark.parametrize("status", [400, 403, 404, 418])
def test_a_status_without_a_reason_is_told_and_not_taken_for_damaged_xml(
    status: int, server: EutilsServer, access: Access, clock: Clock
) -> None:
    def check(body: bytes) -> None:
        raise AssertionError("nothing to look at")

    server.fail(lambda right: faults.Reply(b"no", status, "text/plain"), on="esearch", times=3)
    with pytest.raises(Unanswered, match=rf"NCBI answered {status} and gave no reason \(3 attempts\)"):
        Eutils(clock.asking(access)).esearch(check, term="exosomes")
    assert Eutils(clock.asking(access)).esearch(anything, term="exosomes") == server.sent[-1]
