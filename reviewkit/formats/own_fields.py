"""What a format has no place for, kept in the entry as a line of JSON, so that what goes out comes back the same."""

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import fields, replace
from itertools import islice
from typing import Any

from reviewkit.formats.clean import clean, clean_paragraphs
from reviewkit.formats.identifiers import doi_in, pmcid_in, pmid_in
from reviewkit.model.citation import Citation, Finding

SIGN = "reviewkit "  # the line begins so: reviewkit {"status": "MEDLINE"}
_KEPT = tuple(field.name for field in fields(Citation) if field.name not in ("id", "run", "line"))
_LISTS = frozenset(field.name for field in fields(Citation) if field.type in (tuple[str, ...], "tuple[str, ...]"))
_SHAPES: Mapping[str, Callable[[str], str]] = {"doi": doi_in, "pmid": pmid_in, "pmcid": pmcid_in}
_LONGEST = 5_000_000  # characters
_BATCH = 200  # entries that are read back together


def note(citation: Citation, names: Collection[str]) -> str:
    """Write these fields as a line of ASCII that no format changes on its way; '' where there is nothing to say."""
    said = {name: getattr(citation, name) for name in _KEPT if name in names}
    if not said:
        return ""
    text = json.dumps(said)
    for sign in "{}<>&'%":  # what formats give a meaning to; the outermost braces stay
        text = text[0] + text[1:-1].replace(sign, f"\\u{ord(sign):04x}") + text[-1]
    return SIGN + text


def restore(citation: Citation, line: str) -> Citation:
    """Put the fields of such a line into a citation; any other text, and what cannot be one of ours, changes nothing.

    Formats write subject headings among the keywords, so those are taken out of them again.
    """
    line = line.strip()
    if not line.startswith(SIGN + "{") or len(line) > _LONGEST:
        return citation
    try:
        said = json.loads(line[len(SIGN) :])
    except (ValueError, RecursionError):
        return citation
    found: dict[str, Any] = {
        name: value for name in _KEPT if name in said and (value := _value(name, said[name])) is not None
    }
    if "year" in said and said["year"] is None:
        found["year"] = None
    if "subjects" in found and "keywords" not in found:
        found["keywords"] = tuple(word for word in citation.keywords if word not in found["subjects"])
    return replace(citation, **found)


def _value(name: str, said: Any) -> Any:
    """Return a field's value, cleaned as every text from outside; None where it is none."""
    if name in _LISTS:
        texts = said if isinstance(said, list) and all(isinstance(item, str) for item in said) else None
        return None if texts is None else tuple(filter(None, map(clean, texts)))
    if name == "year":
        return said if type(said) is int and 0 < said < 10_000 else None
    if not isinstance(said, str):
        return None
    text = clean_paragraphs(said) if name in ("abstract", "notes") else clean(said)
    shape = _SHAPES.get(name)
    return text if shape is None or not text or shape(text) == text else None


def exactly(
    citations: Iterable[Citation],
    unplaced: Collection[str],
    write: Callable[[Citation, str, int], str],
    read: Callable[[str], Iterable[Citation | Finding]],
) -> Iterator[str]:
    """Write entries so that reading them gives the same citations: each is read back, and what differs becomes a note.

    So a reader may be clever about other programs' files (move a PMID out of the notes, mend a date) without ours
    coming back changed.

    Args:
        citations: what is written.
        unplaced: the fields that the format has no place for.
        write: makes the entry out of a citation, a note, and its running number from 1.
        read: reads the entries of a text.
    """
    waiting = enumerate(citations, 1)
    while batch := list(islice(waiting, _BATCH)):
        names = [{name for name in unplaced if getattr(citation, name)} for _, citation in batch]
        entries = [write(c, note(c, kept), number) for (number, c), kept in zip(batch, names, strict=True)]
        back = [item for item in read("".join(entries)) if isinstance(item, Citation)]
        if len(back) != len(batch):  # one of them is not read, or as two
            back = [_alone(read(entry)) for entry in entries]
        for (number, citation), kept, entry, again in zip(batch, names, entries, back, strict=True):
            changed = {name for name in _KEPT if getattr(again, name) != getattr(citation, name)}
            yield write(citation, note(citation, kept | changed), number) if changed - kept else entry


def _alone(found: Iterable[Citation | Finding]) -> Citation:
    return next((item for item in found if isinstance(item, Citation)), Citation())
