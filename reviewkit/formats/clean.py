"""What every format does to outside text: entities, stray markup, control characters and white space are taken out."""

import html
import re
import unicodedata
from html.entities import html5

# NUL and other controls (PostgreSQL refuses NUL), half surrogates, and characters that show nothing but make
# equal titles unequal: byte-order mark, soft hyphen, zero-width space. White space is left for folding.
_GONE = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u200b\ufeff\ufffe\uffff\ud800-\udfff]")
# Only with a semicolon: "?a=1&copy=2" in an address is no copyright sign.
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_MARKUP = re.compile("</|<br|<BR")  # without any of them a text holds no markup that is taken out
_REST = r"""(?:\s*/?|\s+[\w:-]+\s*=\s*["'][^<>]*)>"""  # of a tag: nothing, or attributes; "<b and c>" is no tag
_BLOCK = re.compile(rf"</?(?:jats:)?(?:p|br|div|li|ul|ol|sec|title|h\d){_REST}", re.I)
_INLINE = re.compile(
    rf"</?(?:jats:)?(?:i|b|u|em|strong|sub|sup|inf|sc|scp|span|font|italic|bold|underline){_REST}", re.I
)
# The digit is asked for behind "<", so that the search looks for that sign alone.
_RAISED = re.compile(r"<(?<=\d<)(?:jats:)?sup>\s*(?=[-−–+]?\d)", re.I)
_LOWERED = re.compile(r"<(?<=\d<)/(?:jats:)?su[bp]>(?=\d)", re.I)


def clean(text: str) -> str:
    """Return text as a citation holds it: one line, composed Unicode, no entities, markup or control characters.

    Cleaning clean text changes nothing. "10<sup>6</sup>" becomes "10^6", never "106": doses are read from here.
    """
    # What most values are is told first, in one place, since a large file holds millions of them.
    if text.isascii():
        if text.isalnum():
            return text
        if text.isprintable() and "&" not in text and "<" not in text and "  " not in text:
            return text.strip(" ")
    if is_tidy(text) and not has_entity(text):
        return text.strip(" ")
    for _ in range(4):  # what was escaped twice ("&amp;lt;") needs two rounds; the bound is for hostile nesting
        cleaned = _clean_once(text)
        if cleaned == text or not (has_entity(cleaned) or has_markup(cleaned)):
            return cleaned
        text = cleaned
    return text


def has_entity(text: str) -> bool:
    """True when a text holds "&amp;" or the like; an & alone is none."""
    return "&" in text and bool(_ENTITY.search(text))


def has_markup(text: str) -> bool:
    """True when a text may hold markup that is taken out; "<" alone is less-than."""
    return "<" in text and bool(_MARKUP.search(text))


def is_tidy(text: str) -> bool:
    """True when cleaning would change nothing but entities and blanks at the ends, which is quickly told and common."""
    return (
        text.isprintable()  # so none of _GONE, and no white space but blanks
        and "  " not in text
        and not has_markup(text)
        and (text.isascii() or unicodedata.is_normalized("NFC", text))
    )


def _clean_once(text: str) -> str:
    if not text.isprintable():
        text = _GONE.sub("", text)
    if "&" in text:
        text = _ENTITY.sub(_character, text)
    if has_markup(text):
        text = _LOWERED.sub(" ", _RAISED.sub("^", text))
        text = _INLINE.sub("", _BLOCK.sub(" ", text))
    if text.isprintable():  # so no white space but blanks
        text = text.strip(" ")
        while "  " in text:
            text = text.replace("  ", " ")
    else:
        text = " ".join(_GONE.sub("", text).split())
    return unicodedata.normalize("NFC", text)


def clean_paragraphs(text: str) -> str:
    """Clean each line of a text on its own and keep the breaks between them."""
    return join_paragraphs(text.split("\n"))


def join_paragraphs(parts: list[str]) -> str:
    """Join texts as paragraphs, one a line; empty ones are left out."""
    return "\n".join(filter(None, map(clean, parts)))


def clean_list(items: list[str]) -> tuple[str, ...]:
    """Clean every item; empty and repeated ones are left out, the order stays."""
    return tuple(dict.fromkeys(filter(None, map(clean, items))))


def join_raised(base: str, raised: str) -> str:
    """Put a superscript behind its base, with a ^ where two numbers would run together."""
    return f"{base}^{raised}" if base[-1:].isdigit() and raised.lstrip("-−–+")[:1].isdigit() else base + raised


def html_character(name: str) -> str:
    """Return the character that HTML names `&name;`, or that text itself where it names none."""
    return html5.get(f"{name};", f"&{name};")


def _character(entity: re.Match[str]) -> str:
    body = entity.group()[1:-1]
    return html.unescape(entity.group()) if body.startswith("#") else html_character(body)
