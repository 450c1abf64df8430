"""Drawings of boxes, lines and measured text, written as SVG and as PNG; one unit is one point."""

import io
import logging
import re
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from unicodedata import bidirectional, east_asian_width
from xml.sax.saxutils import escape, quoteattr

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.font_manager import FontProperties

logging.getLogger("matplotlib").setLevel(logging.ERROR)  # its talk of font caches is no business of a reviewer's

INK = "#1a1a1a"
PNG_DPI = 300  # what journals ask of a figure

# Verdana was drawn to the same widths as DejaVu Sans and Arial runs narrower, so text stays inside with either.
_FAMILIES = "'DejaVu Sans', Verdana, Arial, Helvetica, sans-serif"
_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # not allowed in XML 1.0


@dataclass(frozen=True, slots=True)
class Rect:
    """A rectangle; `dashed` marks what is not final."""

    x: float
    y: float
    width: float
    height: float
    fill: str = "#ffffff"
    stroke: str = INK
    dashed: bool = False
    radius: float = 0


@dataclass(frozen=True, slots=True)
class Line:
    """A line through points; with `arrow` it ends in a head."""

    points: tuple[tuple[float, float], ...]
    arrow: bool = True


@dataclass(frozen=True, slots=True)
class Text:
    """One line of text; `x` and `y` are its beginning (or middle) on the base line. `turned` reads upwards."""

    x: float
    y: float
    text: str
    size: float = 11
    bold: bool = False
    centred: bool = False
    turned: bool = False
    colour: str = INK


@dataclass(frozen=True, slots=True)
class Drawing:
    """A finished drawing with its title and its description in words for those who cannot see it."""

    width: float
    height: float
    title: str
    description: str
    shapes: tuple[Rect | Line | Text, ...]


@cache
def _font(bold: bool) -> "FontProperties":
    """Return the font that matplotlib brings along, so that every machine measures and draws alike."""
    import matplotlib as mpl
    from matplotlib.font_manager import FontProperties

    name = "DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"
    return FontProperties(fname=str(Path(mpl.get_data_path()) / "fonts" / "ttf" / name))


# Fonts of common systems for scripts that DejaVu Sans lacks; the PNG uses those that are there.
_MORE_SCRIPTS = (
    "Noto Sans CJK SC", "Noto Sans CJK JP", "Source Han Sans SC", "WenQuanYi Zen Hei", "Microsoft YaHei", "SimHei",
    "PingFang SC", "PingFang HK", "Droid Sans Fallback",
    "Hiragino Sans", "Yu Gothic", "Malgun Gothic", "Noto Sans", "Arial Unicode MS",
)  # fmt: skip


@cache
def _glyphs() -> frozenset[int]:
    from matplotlib.font_manager import get_font

    return frozenset(get_font(str(_font(bold=False).get_file())).get_charmap())


@cache
def _font_for(text: str, bold: bool) -> "FontProperties":
    """Return the font of our own, and only where it lacks a letter of the text the system's fonts after it."""
    if all(ord(letter) in _glyphs() for letter in text):
        return _font(bold)
    from matplotlib.font_manager import FontProperties, get_font_names

    there = set(get_font_names())
    families = ["DejaVu Sans", *(name for name in _MORE_SCRIPTS if name in there)]
    return FontProperties(family=families, weight="bold" if bold else "normal")


@cache
def measure(text: str, size: float, bold: bool = False) -> float:
    """Return the width of a text in points."""
    from matplotlib.textpath import text_to_path

    wide = [c for c in text if east_asian_width(c) in "WF"]  # not in the font: one em each, as everywhere
    narrow = "".join(c for c in text if east_asian_width(c) not in "WF")
    font = _font(bold).copy()
    font.set_size(size)
    with warnings.catch_warnings():  # glyphs that the font lacks are measured as its box, which is wide enough
        warnings.simplefilter("ignore")
        width = text_to_path.get_text_width_height_descent(narrow, font, ismath=False)[0] if narrow else 0.0
    return float(width) + size * len(wide)


def wrap(text: str, width: float, size: float, bold: bool = False) -> list[str]:
    """Break a text into lines no wider than `width`; a word that is wider by itself is broken as well.

    No-break spaces hold together: "(n\\u00a0=\\u00a05)" never parts.
    """
    lines: list[str] = []
    line = ""
    for word in re.split(r"[ \t\r\n]+", text.strip()):
        longer = f"{line} {word}" if line else word
        if measure(longer, size, bold) <= width:
            line = longer
            continue
        if line:
            lines.append(line)
        line = word
        while measure(line, size, bold) > width and len(line) > 1:
            fits = next((n for n in range(len(line) - 1, 1, -1) if measure(line[:n], size, bold) <= width), 1)
            lines.append(line[:fits])
            line = line[fits:]
    return [*lines, line]


_HEAD = 7.0  # length of an arrow's head


def _head(points: Sequence[tuple[float, float]]) -> tuple[tuple[float, float], ...]:
    """Return the triangle at the end of a line that runs level or upright."""
    (x0, y0), (x, y) = points[-2:]
    if x0 == x:
        back = y - _HEAD if y > y0 else y + _HEAD
        return ((x, y), (x - _HEAD / 2, back), (x + _HEAD / 2, back))
    back = x - _HEAD if x > x0 else x + _HEAD
    return ((x, y), (back, y - _HEAD / 2), (back, y + _HEAD / 2))


def _shaft(line: Line) -> tuple[tuple[float, float], ...]:
    """Return the points of a line; one with a head stops short of the tip, which would look blunt."""
    if not line.arrow:
        return line.points
    _, left, right = _head(line.points)
    return (*line.points[:-1], ((left[0] + right[0]) / 2, (left[1] + right[1]) / 2))


def to_svg(drawing: Drawing, name: str = "flow") -> bytes:
    """Write a drawing as SVG: real text, a title and a description, no script, no time of writing.

    Args:
        name: begins the ids of title and description, which must differ where a page shows several drawings.
    """
    width, height = _number(drawing.width), _number(drawing.height)
    root = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'role="img" aria-labelledby="{name}-title {name}-description" font-family="{_FAMILIES}" fill="{INK}">'
    )
    lines = [
        root,
        f'<title id="{name}-title">{_clean(drawing.title)}</title>',
        f'<desc id="{name}-description">{_clean(drawing.description)}</desc>',
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
        *(_element(shape) for shape in drawing.shapes),
        "</svg>",
    ]
    return ("\n".join(lines) + "\n").encode()


def _element(shape: Rect | Line | Text) -> str:
    if isinstance(shape, Rect):
        place = " ".join(
            f'{name}="{_number(value)}"'
            for name, value in (("x", shape.x), ("y", shape.y), ("width", shape.width), ("height", shape.height))
        )
        extra = (' stroke-dasharray="5 3"' if shape.dashed else "") + (
            f' rx="{_number(shape.radius)}"' if shape.radius else ""
        )
        return f'<rect {place} fill="{shape.fill}" stroke="{shape.stroke}"{extra}/>'
    if isinstance(shape, Line):
        drawn = f'<polyline points="{_points(_shaft(shape))}" fill="none" stroke="{INK}"/>'
        return drawn + (f'<polygon points="{_points(_head(shape.points))}" fill="{INK}"/>' if shape.arrow else "")
    style = f'font-size="{_number(shape.size)}"' + (' font-weight="bold"' if shape.bold else "")
    style += ' text-anchor="middle"' if shape.centred else ""
    style += f" fill={quoteattr(shape.colour)}" if shape.colour != INK else ""
    x, y = _number(shape.x), _number(shape.y)
    turn = f' transform="rotate(-90 {x} {y})"' if shape.turned else ""
    return f'<text x="{x}" y="{y}" {style}{turn}>{_clean(shape.text)}</text>'


def _points(points: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{_number(x)},{_number(y)}" for x, y in points)


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _clean(text: str) -> str:
    return escape(_FORBIDDEN.sub(" ", text))


def to_png(drawing: Drawing) -> bytes:
    """Write a drawing as PNG at 300 dots per inch, without time or software inside."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(drawing.width / 72, drawing.height / 72), dpi=PNG_DPI, facecolor="white")
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
    axes.set_xlim(0, drawing.width)
    axes.set_ylim(drawing.height, 0)
    axes.axis("off")
    for shape in drawing.shapes:
        _paint(axes, shape)
    written = io.BytesIO()
    with warnings.catch_warnings():  # a glyph that the font lacks is drawn as a box; the SVG has the text
        warnings.simplefilter("ignore")
        figure.savefig(written, format="png", dpi=PNG_DPI, metadata={"Software": None})
    return written.getvalue()


def _paint(axes: "Axes", shape: Rect | Line | Text) -> None:
    from matplotlib.lines import Line2D
    from matplotlib.patches import FancyBboxPatch, Polygon

    if isinstance(shape, Rect):
        style = f"round,pad=0,rounding_size={shape.radius}" if shape.radius else "square,pad=0"
        axes.add_patch(
            FancyBboxPatch(
                (shape.x, shape.y), shape.width, shape.height, boxstyle=style, facecolor=shape.fill,
                edgecolor=shape.stroke, linewidth=1, linestyle=(0, (5, 3)) if shape.dashed else "solid",
            )
        )  # fmt: skip
    elif isinstance(shape, Line):
        xs, ys = zip(*_shaft(shape), strict=True)
        axes.add_line(Line2D(xs, ys, color=INK, linewidth=1, solid_capstyle="butt", solid_joinstyle="miter"))
        if shape.arrow:
            axes.add_patch(Polygon(_head(shape.points), closed=True, facecolor=INK, edgecolor="none"))
    else:
        text = _from_left(_FORBIDDEN.sub(" ", shape.text))
        font = _font_for(text, shape.bold).copy()
        font.set_size(shape.size)
        axes.text(
            shape.x, shape.y, text, fontproperties=font, color=shape.colour,
            ha="center" if shape.centred else "left", va="baseline", rotation=90 if shape.turned else 0,
            rotation_mode="anchor", parse_math=False,
        )  # fmt: skip


def _from_left(text: str) -> str:
    """Mark a line that begins in Arabic or Hebrew as one of a page that reads from the left, as the SVG is read."""
    turned = any(bidirectional(letter) in ("R", "AL") for letter in text)
    return f"\N{LEFT-TO-RIGHT MARK}{text}" if turned else text
