"""Writing a PubMed strategy for another database: a proposal, with all that could not be carried over as it was."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from reviewkit.model.strategy_lines import line_mistakes, read_lines
from reviewkit.model.strategy_query import Group, Node, Term, read_query
from reviewkit.model.strategy_syntax import SYNTAXES
from reviewkit.model.strategy_targets import MEANINGS, Target

_NOEXP = re.compile(r"\s*:\s*no\s?exp(?:lode)?\s*\Z", re.IGNORECASE)
_NEAR = re.compile(r"(.*?)\s*:\s*~\s*(\d+)\s*\Z")
_YEARS = re.compile(r"\"?(\d{4})[\d/]*\"?(?:\s*(?:\[[^\]]*\])?\s*:\s*\"?(\d{4})[\d/]*\"?)?")
_REFERENCE = re.compile(r"#\d{1,3}")


@dataclass(frozen=True, slots=True)
class Translation:
    """A proposal: `strategy` as it would stand in the protocol; `notes` are what a person must look at.

    `lost` are terms that are left out, because the database has nothing like them.
    """

    strategy: str
    notes: tuple[str, ...]
    lost: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Piece:
    """A part as written there; `inside` and `meaning` are kept while terms of one field can still share brackets."""

    text: str
    meaning: str = ""
    inside: str = ""


@dataclass
class _Writer:
    target: Target
    notes: dict[str, list[str]] = field(default_factory=dict)  # what is to be looked at -> the terms it is about
    lost: list[str] = field(default_factory=list)

    def node(self, node: Node, said: Callable[[Node], str]) -> _Piece | None:
        if isinstance(node, Term):
            return self.term(node, " ".join(said(node).split()))
        parts = [(place, piece) for place, member in enumerate(node.members) if (piece := self.node(member, said))]
        if node.operator == "NOT" and parts and parts[0][0] != 0:
            self.lost.append(" ".join(said(node).split()))  # what it would take away from is lost itself
            return None
        return self._joined(node, [piece for _, piece in parts])

    def _joined(self, node: Group, parts: list[_Piece]) -> _Piece | None:
        if len(parts) < 2:
            return parts[0] if parts else None
        operator = self.target.negation if node.operator == "NOT" else node.operator or "AND"
        if operator == "OR":
            parts = self._shared(parts)
            if len(parts) == 1:
                return parts[0]
        return _Piece("(" + f" {operator} ".join(part.text for part in parts) + ")")

    def _shared(self, parts: list[_Piece]) -> list[_Piece]:
        """Let terms that are asked in the same field share its brackets; the same term twice is written once."""
        merged: dict[str, list[str]] = {}
        first: dict[str, str] = {}
        for part in parts:
            can = part.meaning and part.meaning not in self.target.apart
            key = self.target.patterns[part.meaning] if can else part.text
            merged.setdefault(key, [])
            first.setdefault(key, part.meaning if can else "")
            if part.inside not in merged[key]:
                merged[key].append(part.inside)
        return [
            _Piece(_fill(key, " OR ".join(inside), several=len(inside) > 1), first[key], " OR ".join(inside))
            if first[key]
            else _Piece(key)
            for key, inside in merged.items()
        ]

    def term(self, term: Term, said: str) -> _Piece | None:
        if _REFERENCE.fullmatch(term.text):
            return _Piece(term.text)
        tag = " ".join(term.field.lower().split())
        distance = int(near[2]) if (near := _NEAR.fullmatch(tag)) else None
        meaning = MEANINGS.get(_NOEXP.sub("", near[1] if near else tag), "")
        if meaning == "heading" and _NOEXP.search(tag) and "unexploded" in self.target.patterns:
            meaning = "unexploded"
        if meaning == "year":
            return self._years(term, said)
        if meaning not in self.target.patterns:
            self.lost.append(said)
            return None
        if told := self.target.notes.get(meaning):
            self._note(told.format(label=self.target.label), said)
        if meaning == "heading" and _NOEXP.search(tag):
            self._note("PubMed was asked for this heading alone; narrower ones may come along", said)
        inside = self._words(term.text, meaning, distance, said)
        return _Piece(_fill(self.target.patterns[meaning], inside), meaning, inside)

    def _words(self, text: str, meaning: str, distance: int | None, said: str) -> str:
        words = text.strip().strip('"').replace("“", "").replace("”", "").split()
        if meaning in ("heading", "unexploded", "major") and "/" in text:
            words = text.strip('"').partition("/")[0].split()
            self._note("the subheading is left out", said)
        if distance is not None and len(words) > 1:
            if not self.target.near:
                self._note(f"{self.target.label} knows no distance between words; they are joined with AND", said)
                return f"({' AND '.join(words)})"
            if len(words) > 2:
                self._note("the distance is counted between neighbours, not over all the words", said)
            return f"({self.target.near.format(distance + self.target.near_more).join(words)})"
        plain = " ".join(words)
        if meaning in ("pmid", "doi") or (len(words) == 1 and not re.search(r"[^\w*-]", plain)):
            needs_quotes = meaning in self.target.apart and self.target.quote == "'"
            return f"'{plain}'" if needs_quotes else plain
        if self.target.database == "medline" and meaning in self.target.apart:
            return plain  # Ovid's headings stand without quotation marks
        if meaning == "all" and not text.strip().startswith('"') and len(words) > 1:
            self._note("PubMed searches these words separately as well; here they are a phrase", said)
        if "*" in plain and not self.target.phrase_wildcards:
            self._note(f"{self.target.label} may take no * inside a phrase; write the forms out", said)
        quote = '"' if "'" in plain else self.target.quote
        return f"{quote}{plain}{quote}"

    def _years(self, term: Term, said: str) -> _Piece | None:
        found = _YEARS.match(term.text)
        if not found or not self.target.years:
            self.lost.append(said)
            return None
        first, last = int(found[1]), int(found[2] or found[1])
        if re.search(r"\d{4}/", term.text):
            self._note("only the years of the dates are carried over", said)
        pattern = self.target.one_year if first == last and self.target.one_year else self.target.years
        return _Piece(pattern.format(first=first, last=last, before=first - 1, after=last + 1))

    def _note(self, what: str, said: str) -> None:
        about = self.notes.setdefault(what, [])
        if said not in about:
            about.append(said)


def translate(strategy: str, target: Target) -> Translation:
    """Propose how a sound PubMed strategy could be written for another database.

    A line-by-line strategy stays one: each line is translated, references and numbers are kept.
    """
    writer = _Writer(target)
    lines = read_lines(strategy)
    if lines and not line_mistakes(strategy):
        written = []
        for line in lines:
            made = _query(line.text, writer)
            if not made:
                writer.lost.append(f"line #{line.label} as a whole: every line that refers to it needs a person")
            written.append(f"#{line.label} {made or line.text}")
        text = "\n".join(written)
    else:
        text = _query(" ".join(strategy.split()), writer)
    notes = tuple(f"{what}: {_listed(about)}" for what, about in writer.notes.items())
    return Translation(text, notes, tuple(dict.fromkeys(writer.lost)))


def _query(text: str, writer: _Writer) -> str:
    query = read_query(text, SYNTAXES["pubmed"])
    made = writer.node(query.root, query.said) if query.root else None
    if made is None:
        return ""
    whole = made.text
    return whole[1:-1] if whole.startswith("(") and _closes_at_end(whole) else whole


def _fill(pattern: str, inside: str, *, several: bool = False) -> str:
    bare = f"({inside})" if several and "({})" not in pattern else inside
    exploded = f'{bare[:-1]}+"' if bare.endswith('"') else f'"{bare}+"'
    plain = bare if bare.startswith(('"', "'", "(")) or "(MH" not in pattern else f'"{bare}"'
    once = plain[1:-1] if plain.startswith("(") and _closes_at_end(plain) else plain
    return pattern.replace("{+}", exploded).replace("({})", f"({once})").replace("{}", plain)


def _closes_at_end(text: str) -> bool:
    """Does the first bracket close with the last sign?"""
    depth = 0
    for place, sign in enumerate(re.sub(r"\"[^\"]*\"|'[^']*'", lambda quoted: "x" * len(quoted[0]), text)):
        depth += {"(": 1, ")": -1}.get(sign, 0)
        if depth == 0:
            return place == len(text) - 1
    return False


def _listed(terms: list[str], most: int = 8) -> str:
    more = f" and {len(terms) - most} more" if len(terms) > most else ""
    return ", ".join(terms[:most]) + more
