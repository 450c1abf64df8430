"""Fetching page by page: taking up what was kept, and saying when less, more or the same came again."""

import json
import tracemalloc
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from reviewkit.sources.paging import LostPlace, Page, Pages, as_json, fetch_pages
from reviewkit.sources.politeness import AskAgain, Unanswered
from reviewkit.sources.shelves import PartOfShelf
from tests.sources.conftest import Shelf


def body(ids: list[str], following: str = "", reported: int | None = None) -> bytes:
    return json.dumps({"ids": ids, "next": following, "total": reported}).encode()


def read(text: bytes) -> Page:
    table = as_json(text, "the example database")
    return Page(table["total"], tuple(table["ids"]), table["next"])


@dataclass
class Server:
    """Pages by where they begin; `asked` is what was asked for, in order."""

    pages: dict[str, bytes]
    asked: list[str] = field(default_factory=list)
    have: list[int] = field(default_factory=list)

    def ask(self, place: str, have: int) -> bytes:
        self.asked.append(place)
        self.have.append(have)
        return self.pages[place]


def three_pages(reported: int | None = 5) -> dict[str, bytes]:
    return {
        "": body(["a", "b"], "p2", reported),
        "p2": body(["c", "d"], "p3", reported),
        "p3": body(["e"], "", reported),
    }


def fetch(
    ask: Callable[[str, int], bytes],
    shelf: Shelf,
    most: int | None = None,
    anew_if_short: bool = False,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Pages:
    return fetch_pages(shelf, "example-json", ask, read, progress, most=most, anew_if_short=anew_if_short)


def test_every_page_is_fetched_kept_as_received_and_counted(shelf: Shelf) -> None:
    server = Server(three_pages())
    told: list[tuple[int, int]] = []

    def progress(done: int, total: int) -> None:
        told.append((done, total))

    assert fetch(server.ask, shelf, progress=progress) == Pages(5, 0, (), ())
    assert shelf.bodies == {"0001.json": server.pages[""], "0002.json": server.pages["p2"],
                            "0003.json": server.pages["p3"]}  # fmt: skip
    assert set(shelf.formats.values()) == {"example-json"}
    assert server.have == [0, 2, 4]
    assert told == [(2, 5), (4, 5), (5, 5)]


def test_an_empty_result_is_one_page(shelf: Shelf) -> None:
    server = Server({"": body([], "", 0)})
    assert fetch(server.ask, shelf) == Pages(0, 0, (), ())
    assert server.asked == [""]


def test_an_empty_result_that_leads_on_is_not_followed(shelf: Shelf) -> None:
    server = Server({"": body([], "p2", 0)})
    assert fetch(server.ask, shelf) == Pages(0, 0, (), ())
    assert server.asked == [""]


def test_what_an_earlier_attempt_kept_is_not_fetched_again(shelf: Shelf) -> None:
    server = Server(three_pages())
    shelf.put("0001.json", "example-json", server.pages[""])
    shelf.put("0002.json", "example-json", server.pages["p2"])
    assert fetch(server.ask, shelf) == Pages(5, 0, (), ())
    assert server.asked == ["p3"]
    assert server.have == [4]


def test_a_search_that_had_come_to_its_end_asks_nothing(shelf: Shelf) -> None:
    first = Server(three_pages())
    fetch(first.ask, shelf)
    second = Server({})
    assert fetch(second.ask, shelf) == Pages(5, 0, (), ())
    assert second.asked == []


def test_a_kept_page_that_is_damaged_is_fetched_again(shelf: Shelf) -> None:
    server = Server(three_pages())
    shelf.put("0001.json", "example-json", server.pages[""][:-5])
    assert fetch(server.ask, shelf) == Pages(5, 0, (), ())
    assert shelf.bodies["0001.json"] == server.pages[""]


def test_a_kept_page_that_came_short_is_made_good(shelf: Shelf) -> None:
    pages = three_pages()
    shelf.put("0001.json", "crossref-json", body(["a"], "p2", reported=5))  # lacks an entry of the first page
    second = Server(pages)
    assert fetch(second.ask, shelf).problems == ()
    assert shelf.bodies == {f"{number:04}.json": page for number, page in enumerate(pages.values(), start=1)}


def test_a_count_on_the_first_page_alone_is_enough(shelf: Shelf) -> None:
    pages = three_pages(None) | {"": body(["a", "b"], "p2", 6)}
    found = fetch(Server(pages).ask, shelf)
    assert found == Pages(6, 0, ("the database reported 6 records and sent 5",), ())


def test_a_database_that_never_counts_is_believed(shelf: Shelf) -> None:
    assert fetch(Server(three_pages(None)).ask, shelf) == Pages(5, 0, (), ())


def test_a_short_result_is_a_problem(shelf: Shelf) -> None:
    found = fetch(Server({"": body(["a", "b"], "", 1_200)}).ask, shelf)
    assert found.problems == ("the database reported 1,200 records and sent 2",)
    assert found.reported == 1_200


def test_more_than_was_reported_is_kept_and_told(shelf: Shelf) -> None:
    found = fetch(Server({"": body(["a", "b", "c"], "", 2)}).ask, shelf)
    assert (found.problems, found.notes) == ((), ("the database reported 2 records and sent 3",))


def test_a_record_that_came_twice_is_counted_once(shelf: Shelf) -> None:
    pages = {"": body(["a", "b"], "p2", 4), "p2": body(["b", "c"], "", 4)}
    found = fetch(Server(pages).ask, shelf)
    assert found.problems == ("the database reported 4 records and sent 3",)
    assert found.notes == ("1 record came twice",)


def test_a_count_that_drifts_is_told_with_both_numbers(shelf: Shelf) -> None:
    pages = {"": body(["a", "b"], "p2", 3), "p2": body(["c", "d"], "", 4)}
    found = fetch(Server(pages).ask, shelf)
    assert found == Pages(4, 3, (), ("the database reported 3 records at first and 4 at the end",))


@pytest.mark.parametrize("middle", [["c"], []])
def test_a_page_with_fewer_entries_in_the_middle_does_not_end_the_search(shelf: Shelf, middle: list[str]) -> None:
    pages = {
        "": body(["a", "b"], "p2", 4 + len(middle)),
        "p2": body(middle, "p3", 4 + len(middle)),
        "p3": body(["d", "e"], "", 4 + len(middle)),
    }
    assert fetch(Server(pages).ask, shelf) == Pages(4 + len(middle), 0, (), ())


def test_an_empty_page_after_all_has_come_is_the_end_though_it_leads_on(shelf: Shelf) -> None:
    pages = {"": body(["a", "b"], "p2", 2), "p2": body([], "p3", 2)}
    server = Server(pages)
    assert fetch(server.ask, shelf) == Pages(2, 0, (), ())
    assert server.asked == ["", "p2"]


def test_a_cursor_that_stays_the_same_while_pages_come_is_followed(shelf: Shelf) -> None:
    """Servers that keep the place themselves (Elasticsearch's scroll) give one cursor for all pages."""
    coming = [body(["a", "b"], "same", 5), body(["c", "d"], "same", 5), body(["e"], "same", 5), body([], "same", 5)]
    assert fetch(lambda _place, _have: coming.pop(0), shelf) == Pages(5, 0, (), ())
    assert coming == []


@pytest.mark.parametrize("ids", [["a", "b"], ["", ""], []])
def test_a_server_that_leads_in_a_circle_is_left(shelf: Shelf, ids: list[str]) -> None:
    server = Server({"": body(ids, "round", 100), "round": body(ids, "round", 100)})
    found = fetch(server.ask, shelf)
    assert len(server.asked) <= 4
    assert found.problems == (f"the database reported 100 records and sent {len(ids)}",)


def test_entries_without_an_id_count_one_each(shelf: Shelf) -> None:
    pages = {"": body(["a", ""], "p2", 4), "p2": body(["", "b"], "", 4)}
    assert fetch(Server(pages).ask, shelf) == Pages(4, 0, (), ())


def test_no_page_beyond_the_cap_is_asked_for(shelf: Shelf) -> None:
    server = Server(three_pages(5))
    found = fetch(server.ask, shelf, most=4)
    assert server.asked == ["", "p2"]
    assert found.problems == ("the database reported 5 records and sent 4, no more than 4 of one search",)


def test_a_result_within_the_cap_is_complete(shelf: Shelf) -> None:
    assert fetch(Server(three_pages(5)).ask, shelf, most=5) == Pages(5, 0, (), ())


def test_a_lost_place_begins_anew_and_is_told(shelf: Shelf) -> None:
    server = Server(three_pages())
    losses = [1]

    def ask(place: str, have: int) -> bytes:
        if place == "p3" and losses:
            losses.pop()
            raise LostPlace
        return server.ask(place, have)

    found = fetch(ask, shelf)
    assert found.problems == ()
    assert found.notes == ("the database lost our place in its result, and all of it was fetched again",)
    assert server.asked == ["", "p2", "", "p2", "p3"]
    assert sorted(shelf.bodies) == ["0001.json", "0002.json", "0003.json"]


def test_a_place_that_is_lost_for_ever_ends_in_words(shelf: Shelf) -> None:
    asked = []

    def ask(place: str, have: int) -> bytes:
        asked.append(place)
        raise LostPlace

    with pytest.raises(Unanswered, match="lost our place in its result again and again"):
        fetch(ask, shelf)
    assert len(asked) == 3


def test_a_page_that_the_server_moved_on_from_is_made_good_by_fetching_anew(shelf: Shelf) -> None:
    """The answer with c and d was lost on the way, and the server had moved on."""
    coming = [body(["a", "b"], "same", 5), body(["e"], "", 5), *three_pages().values()]
    found = fetch(lambda _place, _have: coming.pop(0), shelf, anew_if_short=True)
    assert found.problems == ()
    assert found.notes == ("the database reported 5 records and sent 3 at first, and all of it was fetched again",)
    assert sorted(shelf.bodies) == ["0001.json", "0002.json", "0003.json"]


def test_what_stays_short_is_fetched_anew_only_once(shelf: Shelf) -> None:
    server = Server({"": body(["a"], "", 2)})
    found = fetch(server.ask, shelf, anew_if_short=True)
    assert found.problems == ("the database reported 2 records and sent 1",)
    assert server.asked == ["", ""]


MOVED = "so that others moved up and may have been passed over"


@dataclass
class Numbered:
    """Pages of two by their place; from one request on, some of the records are gone."""

    records: list[str]
    gone: dict[int, str]  # after so many requests -> the record that is taken out
    asked: list[str] = field(default_factory=list)

    def ask(self, place: str, _have: int) -> bytes:
        if record := self.gone.get(len(self.asked)):
            self.records.remove(record)
        self.asked.append(place)
        start = int(place or 0)
        following = str(start + 2) if start + 2 < len(self.records) else ""
        return body(self.records[start : start + 2], following, len(self.records))


def fetch_by_place(server: Numbered, shelf: PartOfShelf | Shelf) -> Pages:
    return fetch_pages(shelf, "example-json", server.ask, read, lambda done, total: None, by_place=True)


def ids_on(shelf: Shelf) -> set[str]:
    return {record for kept in shelf.bodies.values() for record in read(kept).ids}


def test_a_record_that_is_taken_out_does_not_make_another_be_passed_over(shelf: Shelf) -> None:
    """a is gone after the first page: c moves up to it, and the second page begins with d."""
    server = Numbered(list("abcdef"), {1: "a"})
    pages = fetch_by_place(server, shelf)
    assert ids_on(shelf) == set("bcdef")
    assert (pages.problems, pages.reported) == ((), 5)
    assert pages.notes == (
        f"the database reported 6 records at first and 5 at the end, {MOVED} at first, and all of it was fetched again",
    )


def test_a_result_that_goes_on_shrinking_is_incomplete(shelf: Shelf) -> None:
    pages = fetch_by_place(Numbered(list("abcdef"), {1: "a", 4: "b"}), shelf)
    assert pages.problems == (f"the database reported 5 records at first and 4 at the end, {MOVED}",)


def test_a_part_that_shrinks_is_incomplete_as_it_cannot_be_let_go_of_alone(shelf: Shelf) -> None:
    server = Numbered(list("abcdef"), {1: "a"})
    pages = fetch_by_place(server, PartOfShelf(shelf, "2019"))
    assert len(pages.problems) == 1
    assert len(server.asked) == 3


def test_records_that_are_added_at_the_end_move_nothing(shelf: Shelf) -> None:
    server = Numbered(list("abcde"), {})
    fetch_by_place(server, shelf)
    del shelf.bodies["0003.json"]
    server.records.append("f")
    pages = fetch_by_place(server, shelf)
    assert (pages.problems, pages.reported, pages.reported_before) == ((), 6, 5)
    assert ids_on(shelf) == set("abcdef")


def test_a_server_that_does_not_answer_leaves_what_came_on_the_shelf(shelf: Shelf) -> None:
    server = Server(three_pages())

    def ask(place: str, have: int) -> bytes:
        if place == "p2":
            raise Unanswered("no answer came")
        return server.ask(place, have)

    with pytest.raises(Unanswered, match="no answer came"):
        fetch(ask, shelf)
    assert list(shelf.bodies) == ["0001.json"]


@pytest.mark.parametrize("damaged", [b"", b"{", b"[1]", b"null", b"<html>", b"\xff\xfe", b"[" * 100_000])
def test_a_body_that_is_no_json_object_is_asked_for_again(damaged: bytes) -> None:
    with pytest.raises(AskAgain, match="the answer of Crossref broke off or is damaged"):
        as_json(damaged, "Crossref")


def test_a_raw_line_end_in_a_text_is_borne() -> None:
    assert as_json(b'{"message": "two\nlines"}', "PubMed") == {"message": "two\nlines"}


class Forgetful(Shelf):
    """A shelf that keeps nothing in memory, as one on disk."""

    def put(self, name: str, format: str, body: bytes) -> None:
        """Let go of the body."""


def test_memory_holds_the_ids_and_no_bodies() -> None:
    pages, entries, padding = 60, 100, "x" * 1_000

    def ask(place: str, have: int) -> bytes:
        number = int(place or 0)
        ids = [f"{number}-{entry}" for entry in range(entries)]
        table = {"ids": ids, "next": str(number + 1) if number + 1 < pages else "", "total": pages * entries}
        return json.dumps(table | {"abstracts": [padding] * entries}).encode()

    tracemalloc.start()
    found = fetch(ask, Forgetful())
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert found == Pages(pages * entries, 0, (), ())
    assert peak < 3_000_000  # all bodies together are 6 MB, the ids 0.5 MB
