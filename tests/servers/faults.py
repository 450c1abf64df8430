"""What goes wrong with E-utilities: each fault turns the right answer into a wrong one, as seen in the field."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace


@dataclass(frozen=True)
class Reply:
    """What the server sends. `cut` closes the connection with a reset after so many bytes of the body."""

    body: bytes
    status: int = 200
    content_type: str = "text/xml; charset=UTF-8"
    headers: dict[str, str] = field(default_factory=dict)
    cut: int | None = None


Fault = Callable[[Reply], Reply]


def too_many(retry_after: str | None = "0") -> Fault:
    """429, with or without Retry-After."""
    body = b'{"error":"API rate limit exceeded","api-key":"203.0.113.7","count":"5","limit":"3"}'
    headers = {} if retry_after is None else {"Retry-After": retry_after}
    return lambda right: Reply(body, 429, "application/json", headers)


def too_many_with_200(right: Reply) -> Reply:
    """The body of a 429 under status 200."""
    return Reply(b'{"error":"API rate limit exceeded","count":"5","limit":"3"}', 200, "application/json")


def server_error(status: int = 500) -> Fault:
    """A 5xx with a page for people."""
    return lambda right: Reply(b"<html><body>Bad gateway</body></html>", status, "text/html")


def html_page(right: Reply) -> Reply:
    """A web page with status 200."""
    return Reply(b"<!DOCTYPE html>\n<html><body>Maintenance</body></html>", 200, "text/html")


def truncated(right: Reply) -> Reply:
    """XML that ends in the middle, with a Content-Length that fits."""
    return replace(right, body=right.body[: len(right.body) // 2])


def short_page(missing: int = 1) -> Fault:
    """A well-formed page that lacks its last records."""

    def shorten(right: Reply) -> Reply:
        records = re.findall(rb"<PubmedArticle>.*?</PubmedArticle>\n", right.body, re.DOTALL)
        body = right.body
        for record in records[len(records) - missing :]:
            body = body.replace(record, b"")
        return replace(right, body=body)

    return shorten


def doubled_record(right: Reply) -> Reply:
    """A page of the right length on which the last record is the first one once more."""
    records = re.findall(rb"<PubmedArticle>.*?</PubmedArticle>\n", right.body, re.DOTALL)
    return replace(right, body=right.body.replace(records[-1], records[0]))


def reset_in_the_middle(right: Reply) -> Reply:
    """The connection is reset after half of the body."""
    return replace(right, cut=len(right.body) // 2)


def wrong_length(by: int) -> Fault:
    """A Content-Length that is too large (positive) or too small."""
    return lambda right: replace(right, headers={**right.headers, "Content-Length": str(len(right.body) + by)})


def viewer_timeout(right: Reply) -> Reply:
    """NCBI's own timeout, as a client error."""
    text = "Error: External viewer error: Empty Response. Bytes read: 0 Status: Timeout"
    return error(text, 400)(right)


def lost_history(right: Reply) -> Reply:
    """The result set is gone."""
    return error("Unable to obtain query #1")(right)


def error(text: str, status: int = 200) -> Fault:
    """An answer of efetch that is an error."""
    body = f'<?xml version="1.0" encoding="UTF-8" ?>\n<eFetchResult>\n\t<ERROR>{text}</ERROR>\n</eFetchResult>\n'
    return lambda right: Reply(body.encode(), status)


def no_count(text: str = "Search Backend failed: Exception: Bad syntax") -> Fault:
    """An answer of esearch that is an error."""
    return lambda right: Reply(f"<eSearchResult><ERROR>{text}</ERROR></eSearchResult>".encode())


def entity(right: Reply) -> Reply:
    """XML that declares an entity."""
    return replace(right, body=right.body.replace(b"<PubmedArticleSet>", b"<PubmedArticleSet>&x;").replace(
        b'<!DOCTYPE PubmedArticleSet PUBLIC', b'<!DOCTYPE PubmedArticleSet [<!ENTITY x "boom">]><!--').replace(
        b'.dtd">', b'.dtd"-->'))  # fmt: skip


def repeats(secret: str) -> Fault:
    """An answer that repeats what it was asked with."""
    return lambda right: Reply(f"<eSearchResult><ERROR>bad {secret}</ERROR></eSearchResult>".encode(), 400)
