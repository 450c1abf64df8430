"""The recall curve of a simulated screening, as PNG or SVG."""

import io
from pathlib import Path
from typing import TYPE_CHECKING

from reviewkit.errors import UnknownOutput
from reviewkit.model.stopping import DEFAULT
from reviewkit.steps.simulate import Simulated
from reviewkit.workspace.files import write_bytes

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SUFFIXES = (".png", ".svg")
_INK, _ORDER, _PALE, _STOP = "#1a1a1a", "#1f5a93", "#8a8a8a", "#a3461f"


def check_curve_path(path: Path) -> None:
    """Raise UnknownOutput where the ending is none that can be drawn."""
    if path.suffix.lower() not in SUFFIXES:
        raise UnknownOutput(path=path, suffixes=", ".join(SUFFIXES))


def write_curve(path: Path, simulated: Simulated, title: str) -> None:
    """Draw recall against the share read, where 95 % was reached, and where the default rule would have stopped.

    Raises:
        UnknownOutput, NotWritable: nothing was written.
    """
    check_curve_path(path)
    write_bytes(path, draw_curve(simulated, title, path.suffix.lower()[1:]))


def draw_curve(simulated: Simulated, title: str, format: str) -> bytes:
    """Return the drawing; the same screening gives the same bytes."""
    import matplotlib as mpl
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figures, found = simulated.quality, simulated.found
    figure = Figure(figsize=(7.2, 4.8), dpi=150, facecolor="white", layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    total, wanted = figures.records, figures.included
    xs, ys = [0.0], [0.0]
    for read, included in enumerate(found, start=1):
        if included:
            xs += [100 * read / total] * 2
            ys += [ys[-1], ys[-1] + 100 / wanted]
    axes.plot([0, 100], [0, 100], color=_PALE, linewidth=1, linestyle=(0, (4, 3)), label="in random order")
    axes.plot([*xs, 100.0], [*ys, ys[-1]], color=_ORDER, linewidth=2, label="in this order")
    at = 100 * figures.read_for_95 / total
    axes.plot([0, at, at], [95, 95, 0], color=_INK, linewidth=0.8, linestyle=":")
    _note(axes, at, 8, f"95 % found\nafter {at:.0f} %", _INK)
    stop = next(stop for stop in simulated.stops if stop.rule is DEFAULT)
    if stop.said_stop:
        place = 100 * stop.read / total
        axes.axvline(place, color=_STOP, linewidth=1)
        _note(axes, place, 30, f"{DEFAULT.label} says stop\nafter {place:.0f} %", _STOP)
    axes.set(xlim=(0, 100), ylim=(0, 102), xlabel="Records read, %", ylabel="Included records found, %")
    axes.set_title(title, fontsize=11, loc="left", parse_math=False)
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(loc="lower right", frameon=False, fontsize=9)
    written = io.BytesIO()
    none = {"Software": None} if format == "png" else {"Date": None, "Creator": None}
    with mpl.rc_context({"svg.hashsalt": "reviewkit", "svg.fonttype": "none"}):
        figure.savefig(written, format=format, metadata=none)
    return written.getvalue()


def _note(axes: "Axes", x: float, y: float, text: str, colour: str) -> None:
    """Write beside an upright line, on the side where there is room."""
    right = x < 65
    axes.annotate(
        text, (x, y), xytext=(5 if right else -5, 0), textcoords="offset points", fontsize=9, color=colour,
        ha="left" if right else "right",
    )  # fmt: skip
