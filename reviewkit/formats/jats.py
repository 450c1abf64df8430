"""Titles and abstracts with JATS, HTML or MathML in them, as publishers deposit them, turned into plain text."""

import re
from xml.etree.ElementTree import Element

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

from reviewkit.formats.clean import clean, join_paragraphs
from reviewkit.formats.markup import flatten

_OPENING = '<text xmlns:jats="j" xmlns:mml="m" xmlns:xlink="x" xmlns:ali="a" xmlns:tex="t">'
_MARKED = re.compile(r"<(?:jats:|mml:|/)|<[a-z]{1,12}[\d>\s]", re.I)
_ESCAPED = re.compile(r"&lt;(?:jats:)?(?:p|sec|title|italic|i|b|sub|sup)\s{0,5}&gt;", re.I)
_BARE_AND = re.compile(r"&(?!#?\w{1,32};)")
_NAMED = re.compile(r"&(?!(?:amp|lt|gt|quot|apos);)([A-Za-z]\w{0,31};)")  # XML knows five names, HTML the rest
_BREAKS = re.compile(r"</(?:jats:)?(?:p|sec|title|list-item)>", re.I)
_TAG = re.compile(r"</?(?:jats|mml):[^<>]{0,500}>")
_BLOCKS = frozenset(("sec", "list", "list-item", "abstract", "div", "ul", "ol", "text"))
_PARAGRAPHS = frozenset(("p", "title", "label", "li", "disp-quote", "h1", "h2", "h3", "h4"))
_HEADINGS = frozenset(("title", "h1", "h2", "h3", "h4"))
_INLINE = frozenset(  # beside those that `flatten` knows
    (
        "scp", "span", "font", "styled-content", "named-content", "ext-link", "xref", "monospace", "roman",
        "sans-serif", "overline", "strike", "inline-formula", "alternatives", "abbrev", "uri", "email", "a",
    )
)  # fmt: skip
_SELF_EVIDENT = frozenset(("abstract", "summary", "graphical abstract"))


def one_line(text: str) -> str:
    """Return a title without markup: "10<sup>6</sup> cells" is "10^6 cells"."""
    root = _parsed(text)
    return clean(_TAG.sub("", text)) if root is None else flatten(root)


def paragraphs(text: str) -> str:
    """Return an abstract as paragraphs, one a line, "METHODS: text" where it has headings."""
    root = _parsed(text)
    if root is None:
        return join_paragraphs([_TAG.sub(" ", part) for part in _BREAKS.sub("\n", text).split("\n")])
    found: list[tuple[bool, str]] = []
    _collect(root, found)
    lines: list[str] = []
    heading = ""
    for is_heading, words in found:
        if is_heading:
            lines += [heading] if heading else []
            heading = "" if words.lower().rstrip(". :") in _SELF_EVIDENT else words.rstrip(" :.")
        else:
            lines.append(f"{heading}: {words}" if heading else words)
            heading = ""
    return "\n".join([*lines, *([heading] if heading else [])])


def _parsed(text: str) -> Element | None:
    """Read the text as XML; None where it holds no markup, or is none."""
    for _ in range(2):
        if not _ESCAPED.search(text):
            break
        text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    if not _MARKED.search(text):
        return None
    text = _NAMED.sub(lambda name: clean(name.group()) or " ", _BARE_AND.sub("&amp;", text))
    try:
        root: Element = fromstring(f"{_OPENING}{text}</text>")
    except (ParseError, DefusedXmlException, ValueError, RecursionError):
        return None
    for element in root.iter():
        name = element.tag.rpartition("}")[2]
        if name in _INLINE:
            element.tag = "i"
        elif name in ("tex-math", "graphic", "inline-graphic"):  # a formula or picture that is there in words as well
            element.tag, element.text = "i", ""
    return root


def _collect(element: Element, found: list[tuple[bool, str]], depth: int = 0) -> None:
    """Add the paragraphs below an element to `found`, each with whether it is a heading."""
    loose = Element("p")  # text and inline markup that stand outside any paragraph
    loose.text = element.text

    def tie_off() -> None:
        if words := flatten(loose):
            found.append((False, words))
        loose.clear()

    for child in element:
        name = child.tag.rpartition("}")[2]
        if name in _PARAGRAPHS or (name in _BLOCKS and depth < 20):
            tie_off()
            if name in _BLOCKS:
                _collect(child, found, depth + 1)
            else:
                tail, child.tail = child.tail, None
                if words := flatten(child):
                    found.append((name in _HEADINGS, words))
                child.tail = tail
            loose.text = child.tail
        else:
            loose.append(child)
    tie_off()
