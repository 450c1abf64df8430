"""LaTeX commands as data: accents, symbols, and commands that only change how their text looks."""

import re
from functools import cache

ACCENTS: dict[str, str] = {
    # command -> combining character that goes behind its letter
    "`": "\u0300", "'": "\u0301", "^": "\u0302", "~": "\u0303", "=": "\u0304", "u": "\u0306", ".": "\u0307",
    '"': "\u0308", "r": "\u030a", "H": "\u030b", "v": "\u030c", "d": "\u0323", "c": "\u0327", "k": "\u0328",
    "b": "\u0331", "t": "\u0361", "hat": "\u0302", "tilde": "\u0303", "bar": "\u0304", "overline": "\u0304",
    "dot": "\u0307", "ddot": "\u0308", "vec": "\u20d7", "check": "\u030c", "acute": "\u0301", "grave": "\u0300",
    "breve": "\u0306",
}  # fmt: skip
ALONE: dict[str, str] = {"^": "^", "~": "~", "`": "`", "'": "'", '"': '"', "=": "¯", ".": "."}  # over no letter

# What is lost or misread in the table of symbols, and what is not in it.
_SYMBOLS: dict[str, str] = {
    "i": "i", "j": "j", "imath": "i", "jmath": "j", "textbackslash": "\\", "backslash": "\\", "textasciitilde": "~",
    "textasciicircum": "^", "textbraceleft": "{", "textbraceright": "}", "lbrace": "{", "rbrace": "}", "{": "{",
    "}": "}", "&": "&", "%": "%", "$": "$", "#": "#", "_": "_", "textdollar": "$", "textunderscore": "_",
    "textless": "<", "textgreater": ">", "textbar": "|", "textquotesingle": "'", "textasciigrave": "`",
    "textquotedbl": '"', "textendash": "–", "textemdash": "—", "textquoteleft": "‘", "textquoteright": "’",
    "textquotedblleft": "“", "textquotedblright": "”", "ldots": "…", "dots": "…", "textellipsis": "…", "cdots": "⋯",
    "leq": "≤", "le": "≤", "geq": "≥", "ge": "≥", "leqslant": "≤", "geqslant": "≥", "neq": "≠", "ne": "≠", "lt": "<",
    "gt": ">", "ll": "≪", "gg": "≫", "sim": "~", "approx": "≈", "simeq": "≃", "cong": "≅", "equiv": "≡", "pm": "±",
    "mp": "∓", "times": "×", "div": "÷", "cdot": "·", "ast": "*", "star": "⋆", "circ": "°", "degree": "°",
    "textdegree": "°", "celsius": "°C", "textmu": "µ", "mu": "μ", "micro": "µ", "epsilon": "ε", "varepsilon": "ε",
    "phi": "φ", "varphi": "φ", "theta": "θ", "vartheta": "θ", "rightarrow": "→", "to": "→", "leftarrow": "←",
    "uparrow": "↑", "downarrow": "↓", "infty": "∞", "prime": "′", "euro": "€", "texteuro": "€", "S": "§", "P": "¶",
    "ss": "ß", "aa": "å", "AA": "Å", "SS": "ẞ", "slash": "/", "lq": "‘", "rq": "’", "textsinglequote": "'",
    "TeX": "TeX", "LaTeX": "LaTeX",
    "log": "log", "ln": "ln", "exp": "exp", "min": "min", "max": "max", "sin": "sin", "cos": "cos", "lim": "lim",
    "mid": "|", "vert": "|", "Vert": "‖", "langle": "⟨", "rangle": "⟩", "percent": "%",
    " ": " ", "\n": " ", "\t": " ", ",": " ", ";": " ", ":": " ", ">": " ", "quad": " ", "qquad": " ", "space": " ",
    "thinspace": " ", "\\": " ", "newline": " ", "par": "\n\n", "!": "", "/": "", "-": "", "@": "", "*": "",
    "relax": "", "left": "", "right": "", "big": "", "Big": "", "limits": "", "displaystyle": "", "em": "", "it": "",
    "bf": "", "rm": "", "sc": "", "tt": "", "sl": "", "sf": "", "itshape": "", "bfseries": "", "upshape": "",
    "scshape": "", "normalfont": "", "small": "", "large": "", "protect": "", "noindent": "", "nobreak": "",
    "allowbreak": "", "linebreak": "", "nolinebreak": "",
}  # fmt: skip

SILENT = frozenset(("noopsort", "label", "index", "vspace", "hspace", "color", "fontsize", "enlargethispage"))
_PLAIN = re.compile(r"\\([A-Za-z]+)|\\ensuremath\{\\([A-Za-z]+)\}|\{?\\([A-Za-z]+)\}?")


@cache
def symbols() -> dict[str, str]:
    """Return command, without its backslash, -> what it prints: pylatexenc's table turned round, ours before it."""
    from pylatexenc.latexencode import get_builtin_uni2latex_dict

    found: dict[str, str] = {}
    for code, latex in get_builtin_uni2latex_dict().items():
        if named := _PLAIN.fullmatch(latex):
            found.setdefault(next(filter(None, named.groups())), chr(code))
    return found | _SYMBOLS
