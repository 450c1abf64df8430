"""A publisher's sentence of rights is no abstract, and nothing else is taken for one."""

import json

import pytest

from reviewkit.formats.copyright_line import is_copyright
from tests.formats.reading import read

LINES = (
    "© 2021 The Authors.", "© 2021 The Authors", "Copyright © 2019, Elsevier B.V. All rights reserved.",
    "(c) 2018 John Wiley & Sons, Inc. Published by Elsevier Ltd. All rights reserved.", "© 2020 S. Karger AG, Basel.",
    "© The Author(s) 2022.", "© 2023, The Author(s), under exclusive licence to Springer Nature B.V.",
)  # fmt: skip


@pytest.mark.parametrize("line", LINES)
def test_a_sentence_of_copyright_is_known_as_such(line: str) -> None:
    assert is_copyright(line)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Exosomes relieved pain. © 2021 The Authors.",
        "© 2021 The Authors. Exosomes relieved pain.",
        "© 2020 Elsevier B.V. Pain was less.",
        "Copyright law and vesicles.",
        "© 2021 " + "words " * 60,
    ],
)
def test_what_says_anything_more_is_an_abstract(text: str) -> None:
    assert not is_copyright(text)


def test_scopus_entries_with_a_copyright_line_alone_have_no_abstract_in_any_of_its_formats() -> None:
    line = LINES[0]
    entry = {"dc:title": "Erratum", "eid": "2-s2.0-1", "dc:description": line}
    answer = json.dumps({"search-results": {"opensearch:totalResults": "1", "entry": [entry]}}, ensure_ascii=False)
    ris = f"TY  - JOUR\nTI  - Erratum\nAB  - {line}\nDB  - Scopus\nER  - \n"
    table = f'Authors,Title,Year,Abstract,EID\n"Doe J.","Erratum",2021,"{line}",2-s2.0-1\n'
    for name, body in (("scopus-json", answer), ("ris", ris), ("csv", table)):
        (found,), _ = read(name, body.encode())
        assert (found.title, found.abstract) == ("Erratum", ""), name
        (kept,), _ = read(name, body.replace(line, f"It helped. {line}").encode())
        assert kept.abstract == f"It helped. {line}", name
