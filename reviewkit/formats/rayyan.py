"""What Rayyan writes into the notes of a citation and into customizations_log.csv: who decided what, and why."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from reviewkit.formats.headings import plain
from reviewkit.model.decisions import Verdict
from reviewkit.model.votes import Vote

KEY = "rayyan-"  # how the ids of Rayyan's articles begin
LOG_COLUMNS = frozenset(("createdat", "articleid", "key", "value"))  # of customizations_log.csv

_SECTION = re.compile(r"(RAYYAN-INCLUSION|RAYYAN-LABELS|RAYYAN-EXCLUSION-REASONS|USER-NOTES)\s*:\s*")
# Ruby's texts and signs; a text that is not closed runs to the end, so that hostile notes are read in one go.
_TOKEN = re.compile(r'"((?:[^"\\]|\\.|\\\Z)*)(?:"|\Z)|(=>|:)|([\[\]])|([^\s{},"\[\]])', re.S)
_WORDS = {"included": Verdict.INCLUDE, "excluded": Verdict.EXCLUDE, "maybe": Verdict.MAYBE}
_NUMBERS = {"1": Verdict.INCLUDE, "0": Verdict.MAYBE, "-1": Verdict.EXCLUDE}
_REASON = "__EXR__"


@dataclass(frozen=True, slots=True)
class Told:
    """What the notes of one article tell. Reasons and labels are the team's: the notes do not say whose.

    `rounds` counts how often verdicts stand there: more than once where Rayyan's export was brought into Rayyan again,
    for the next stage; the last ones count.
    """

    verdicts: Mapping[str, Verdict]
    reasons: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    remarks: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    rounds: int = 1


@dataclass(frozen=True, slots=True)
class Act:
    """What stands in the log of one user on one article: verdict (None when it was taken back), time, own reasons."""

    verdict: Verdict | None
    at: str
    reasons: tuple[str, ...]


Log = Mapping[str, Mapping[str, Act]]  # user (e-mail, or number) -> article -> what stands


def is_rayyan(notes: str) -> bool:
    """Return True where Rayyan has written into the notes of a citation."""
    return _SECTION.search(notes) is not None


def parse_notes(notes: str) -> Told:
    """Read the notes of one article; a person who has not decided does not appear.

    Raises:
        ValueError: the verdicts cannot be read whole, or one is a word that Rayyan is not known to write.
    """
    parts: dict[str, str] = {}
    rounds = 0
    found = list(_SECTION.finditer(notes))
    for place, mark in enumerate(found, start=1):
        if mark[1] == "RAYYAN-INCLUSION":
            parts.clear()  # what stands before it is of an earlier review, whose export was brought into this one
            rounds += 1
        end = found[place].start() if place < len(found) else len(notes)
        parts[mark[1]] = notes[mark.end() : end].strip().rstrip("|").strip()
    verdicts = {}
    for name, word in _pairs(parts.get("RAYYAN-INCLUSION", "")):
        folded = word.casefold()
        if folded in _WORDS:
            verdicts[name] = _WORDS[folded]
        elif folded not in ("", "undecided"):
            raise ValueError(f"Rayyan's verdict '{word}' is not known; known are Included, Excluded and Maybe")
    return Told(
        verdicts,
        _items(parts.get("RAYYAN-EXCLUSION-REASONS", "")),
        _items(parts.get("RAYYAN-LABELS", "")),
        _lists(parts.get("USER-NOTES", "")),
        rounds,
    )


def is_log(headings: Iterable[str]) -> bool:
    """Return True for the headings of customizations_log.csv."""
    return {plain(heading) for heading in headings} >= LOG_COLUMNS


def parse_log(rows: Iterable[Mapping[str, str]]) -> Log:
    """Read the rows of customizations_log.csv; of what a user did to one key of an article the latest entry counts."""
    named = [{plain(heading): cell for heading, cell in row.items()} for row in rows]
    latest: dict[tuple[str, str], dict[str, tuple[str, str]]] = {}
    for row in sorted(named, key=lambda row: row.get("createdat", "")):
        user = row.get("useremail") or row.get("userid", "")
        key = row.get("key", "").strip('" ')
        about = latest.setdefault((user, row.get("articleid", "")), {})
        about.pop(key, None)  # so that reasons come in the order in which they were last chosen
        about[key] = (row.get("value", "").strip(), row.get("createdat", ""))
    log: dict[str, dict[str, Act]] = {}
    for (user, article), keys in latest.items():
        value, at = keys.get("included", ("", ""))
        chosen = [key for key, (value, _) in keys.items() if value == "1" and key.startswith(_REASON)]
        reasons = [key.removeprefix(_REASON).strip() for key in chosen]
        log.setdefault(user, {})[article] = Act(_NUMBERS.get(value), at, tuple(reasons))
    return log


def users_by_name(log: Log, told: Mapping[str, Told]) -> dict[str, str]:
    """Return name in the notes -> user in the log, for each name whose verdicts are exactly those of one user alone.

    Args:
        log: what `parse_log` read.
        told: article -> what its notes tell.
    """

    def in_notes(name: str) -> dict[str, Verdict]:
        return {article: said.verdicts[name] for article, said in told.items() if name in said.verdicts}

    def in_log(user: str) -> dict[str, Verdict]:
        return {a: act.verdict for a, act in log[user].items() if a in told and act.verdict is not None}

    names = {name: in_notes(name) for name in sorted({name for said in told.values() for name in said.verdicts})}
    users = {user: in_log(user) for user in log}
    fits = {name: [user for user, made in users.items() if made == said] for name, said in names.items()}
    taken = [users[0] for users in fits.values() if len(users) == 1]
    return {name: users[0] for name, users in fits.items() if len(users) == 1 and taken.count(users[0]) == 1}


def votes(told: Told, acts: Mapping[str, Act]) -> tuple[Vote, ...]:
    """Return each person's verdict on one article.

    Args:
        told: what its notes tell.
        acts: name in the notes -> what stands in the log; reasons and time are taken from it.

    Raises:
        ValueError: the log says otherwise than the notes.
    """
    made = []
    for name, verdict in told.verdicts.items():
        act = acts.get(name)
        if act and act.verdict is not verdict:
            raise ValueError(f"customizations_log.csv says otherwise about the verdict of {name}; export both anew")
        reasons = () if verdict is not Verdict.EXCLUDE else act.reasons if act else told.reasons
        said = [f"labels: {', '.join(told.labels)}"] if told.labels else []
        made.append(
            Vote(
                verdict=verdict,
                by=name,
                reasons=reasons,
                at=act.at if act else "",
                remark="; ".join((*said, *told.remarks.get(name, ()))),
            )
        )
    return tuple(made)


def _pairs(text: str) -> list[tuple[str, str]]:
    """Read `{"A"=>"Included", "B"=>"Maybe"}`. Raises ValueError where it holds anything else, so nothing is lost."""
    line = text.split("\n")[0].split(" | ")[0]
    if line.lstrip("{ ").startswith('\\"'):  # as some formats escape it
        line = line.replace('\\"', '"').replace("\\>", ">")
    said = [found.groups() for found in _TOKEN.finditer(line)]
    pairs = [said[n : n + 3] for n in range(0, len(said), 3)]
    if not all(len(pair) == 3 and pair[0][0] and pair[1][1] and pair[2][0] is not None for pair in pairs):
        raise ValueError(f"Rayyan's verdicts cannot be read: {line[:80]}; export the articles as CSV")
    return [(_plain(name[0]), _plain(word[0])) for name, _, word in pairs]


def _lists(text: str) -> dict[str, tuple[str, ...]]:
    """Read `{"A"=>["one", "two"], "B"=>["three"]}`; what is not of this kind is passed over."""
    found: dict[str, list[str]] = {}
    name, inside, before = "", False, ""
    for words, sign, bracket, _ in (token.groups() for token in _TOKEN.finditer(text)):
        if bracket:
            inside = bracket == "["
        elif sign and not inside:
            name = before
        elif words and inside:
            found.setdefault(name, []).append(_plain(words))
        elif words:
            before = _plain(words)
    return {name: tuple(filter(None, texts)) for name, texts in found.items() if name}


def _items(text: str) -> tuple[str, ...]:
    line = text.split("\n")[0]  # another note may follow in the next line
    return tuple(dict.fromkeys(item for part in line.split(",") if (item := part.strip(' "|'))))


def _plain(text: str) -> str:
    """Undo Ruby's escapes and fold white space."""
    return " ".join(re.sub(r"\\(.)", lambda found: {"n": " ", "t": " "}.get(found[1], found[1]), text).split())
