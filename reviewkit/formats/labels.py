"""Labelled lists: ASReview's exports, and plain tables with a column that says include or exclude."""

import re
from collections.abc import Iterable, Mapping

from reviewkit.formats.headings import plain
from reviewkit.model.decisions import Verdict
from reviewkit.model.votes import Vote

# what a row says -> the headings under which it is found, in order of preference (compared by `headings.plain`)
_COLUMNS: dict[str, tuple[str, ...]] = {
    "verdict": (
        "asreviewlabel", "verdict", "decision", "finaldecision", "screeningdecision", "included", "finalincluded",
        "labelincluded", "includedlabel", "includedfinal", "includedflag", "include", "inclusion", "label",
    ),
    "by": ("reviewer", "screener", "decidedby", "asreviewusername", "asreviewuseremail"),
    "stage": ("stage",),
    "reason": (
        "criterion", "exclusionreason", "exclusionreasons", "reasonforexclusion", "reasonofexclusion", "reason",
    ),
    "remark": ("asreviewnote", "reviewernote", "reviewernotes", "comment", "comments"),
    "at": ("asreviewtime", "decidedat", "timestamp"),
    "prior": ("asreviewprior",),
}  # fmt: skip
_VERDICTS = {
    **dict.fromkeys(("1", "1.0", "include", "included", "yes", "y", "true", "relevant", "in"), Verdict.INCLUDE),
    **dict.fromkeys(("0", "0.0", "exclude", "excluded", "no", "n", "false", "irrelevant", "out"), Verdict.EXCLUDE),
    **dict.fromkeys(("maybe", "unclear", "unsure", "?"), Verdict.MAYBE),
    **{verdict.value: verdict for verdict in Verdict},
}
_UNDECIDED = frozenset(("", "-1", "-1.0", "nan", "na", "n/a", "none", "null", "undecided", "not seen", "unlabelled"))
_NOTE = re.compile(r"\bASReview_(relevant|irrelevant|not_seen|prior)\b")


def is_labelled(headings: Iterable[str]) -> bool:
    """Return True where a column says what was decided."""
    return any(plain(heading) in _COLUMNS["verdict"] for heading in headings)


def is_asreview(headings: Iterable[str], notes: str = "") -> bool:
    """Return True where ASReview wrote a table with these headings, or into the notes of a citation."""
    return any(plain(heading).startswith("asreview") for heading in headings) or _NOTE.search(notes) is not None


def votes_of_row(cells: Mapping[str, str]) -> tuple[Vote, ...]:
    """Return the verdict of one row of a labelled table; none where it is not decided.

    Raises:
        ValueError: the cell holds something else than a verdict.
    """
    row = {plain(heading): " ".join(cell.split()) for heading, cell in cells.items()}

    def said(what: str) -> str:
        return next((row[heading] for heading in _COLUMNS[what] if row.get(heading)), "")

    word = said("verdict")
    folded = "-".join(word.casefold().replace("_", " ").split())
    if folded.replace("-", " ").strip() in _UNDECIDED or folded in _UNDECIDED:
        return ()
    if folded not in _VERDICTS:
        raise ValueError(f"'{word[:60]}' is no verdict; write include or 1, exclude or 0, maybe, or nothing")
    verdict = _VERDICTS[folded]
    reasons = (said("reason"),) if said("reason") and verdict is not Verdict.INCLUDE else ()
    prior = ["prior knowledge"] if said("prior") in ("1", "1.0") else []
    remark = "; ".join((*prior, *filter(None, [said("remark")])))
    return (Vote(verdict=verdict, by=said("by"), stage=said("stage"), reasons=reasons, remark=remark, at=said("at")),)


def votes_in_notes(notes: str) -> tuple[Vote, ...]:
    """Return what ASReview says in the notes of a citation (RIS); none where it was not seen.

    Raises:
        ValueError: it says both.
    """
    words = set(_NOTE.findall(notes))
    told = words & {"relevant", "irrelevant", "not_seen"}
    if len(told) > 1:
        raise ValueError(f"its notes say both ASReview_{' and ASReview_'.join(sorted(told))}")
    remark = "prior knowledge" if "prior" in words else ""
    verdicts = {"relevant": Verdict.INCLUDE, "irrelevant": Verdict.EXCLUDE}
    return tuple(Vote(verdict=verdicts[word], remark=remark) for word in told if word in verdicts)
