"""The text of an XML element with inline markup and formulas, no word lost and none glued to the next."""

from xml.etree.ElementTree import Element

from reviewkit.formats.clean import clean, join_raised

_INLINE = frozenset(("i", "b", "u", "em", "strong", "sub", "sup", "sc", "italic", "bold", "underline", "inf"))
_RAISED = frozenset(("sup", "sub"))
_SILENT = frozenset(("annotation", "annotation-xml", "mphantom", "none", "mprescripts"))  # a formula said again
_DEEPEST = 100  # formulas nest some twenty deep; what lies deeper is no formula, and gives its words alone
_XML_SPACE = " \t\r\n"


def flatten(element: Element | None) -> str:
    """Return an element's text, cleaned; '' for None.

    Superscripts and subscripts follow their base (CO2, CD4+), except that numbers are kept apart: 10^6.
    Any other element than inline markup counts as a word of its own.
    """
    if element is None:
        return ""
    return clean(_text(element) if len(element) else element.text or "")


def _text(element: Element, depth: int = 0) -> str:
    if depth > _DEEPEST:
        return "".join(element.itertext())
    text = element.text or ""
    for child in element:
        name = child.tag.rpartition(":")[2].rpartition("}")[2]
        inner = _formula(child, depth + 1) if name == "math" else _text(child, depth + 1)
        tail = child.tail or ""
        if name == "sup":
            text = join_raised(text, inner)
        elif name in _INLINE or name == "math":
            text += inner
        else:
            text += f" {inner} "
        if name in _RAISED and inner[-1:].isdigit() and tail[:1].isdigit():
            text += " "
        text += tail
    return text


def _formula(element: Element, depth: int = 0) -> str:
    """Write MathML on one line: a/b, 10^6, √(x). White space between its elements means nothing."""
    if depth > _DEEPEST:
        return "".join(element.itertext())
    name = element.tag.rpartition(":")[2].rpartition("}")[2]
    if name in _SILENT:
        return ""
    if name == "mspace":
        return " "
    if not len(element):
        return (element.text or "").strip(_XML_SPACE)
    if name == "semantics":
        return _formula(element[0], depth + 1)
    parts = [_formula(child, depth + 1) for child in element]
    if name == "mfrac" and len(parts) == 2:
        return "/".join(_grouped(part) for part in parts)
    if name in ("msup", "msubsup") and len(parts) > 1:
        return join_raised("".join(parts[:-1]), parts[-1])
    if name == "msqrt":
        return f"√({''.join(parts)})"
    if name == "mroot" and len(parts) == 2:
        return f"{_grouped(parts[0])}^(1/{parts[1]})"
    if name == "mfenced":
        marks = element.get("separators", ",").strip()[:1]
        return element.get("open", "(") + marks.join(parts) + element.get("close", ")")
    if name == "mmultiscripts":  # base, its scripts, then after a mark those that stand before it: 129Xe
        tags = [child.tag.rpartition(":")[2] for child in element]
        mark = tags.index("mprescripts") if "mprescripts" in tags else len(tags)
        return "".join(parts[mark:] + parts[:mark])
    if name in ("mtable", "mtr", "mlabeledtr"):
        return " ".join(parts)
    return (element.text or "").strip(_XML_SPACE) + "".join(
        part + (child.tail or "").strip(_XML_SPACE) for part, child in zip(parts, element, strict=True)
    )


def _grouped(part: str) -> str:
    return f"({part})" if any(sign in part for sign in "+-−±= ") else part
