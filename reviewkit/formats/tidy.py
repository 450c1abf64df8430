"""Which characters of a lot of text need a second look, told at once for all the values that stand in it."""

import unicodedata
from functools import lru_cache

# Deleting bytes costs a tenth of looking at characters one by one. & and < are looked at by `clean`, * by RIS.
_PLAIN = bytes({*range(32, 127), *b"\n"} - {*b"&<*"})
_MOST = 12  # looking for more, one after the other, costs more than looking at a text whole


def odd_characters(raw: bytes) -> frozenset[str] | None:
    """Return the characters of a UTF-8 text that cleaning may do something about; None for too many, or no UTF-8.

    Without them a text holds no control character, no white space but blanks and LF, no entity and no markup, and is
    composed Unicode; so is each of its parts. Blanks in a row are not told.
    """
    rest = raw.translate(None, _PLAIN)
    if not rest:
        return frozenset()
    try:
        odd = frozenset([character for character in set(rest.decode()) if not is_settled(character)])
    except UnicodeDecodeError:
        return None
    return odd if len(odd) <= _MOST else None


@lru_cache(maxsize=10_000)
def is_settled(character: str) -> bool:
    """True for a character that cleaning leaves alone wherever it stands. Marks and jamo may join what precedes."""
    return (
        character not in "&<*"
        and character.isprintable()
        and unicodedata.category(character)[0] != "M"
        and not "\u1100" <= character <= "\u11ff"
        and unicodedata.is_normalized("NFC", character)
    )
