"""What Covidence's exports of references say: the list that a file is, exclusion reasons and tags."""

import re
from collections.abc import Iterable, Mapping

from reviewkit.formats.headings import plain
from reviewkit.model.decisions import Verdict
from reviewkit.model.protocol import StageId
from reviewkit.model.votes import Vote

# The lists as Covidence names their files (review_1234_irrelevant_csv_20240303130132.csv). Each publication is in one
# of them, the last that it reached. What being there says -> by stage.
_TITLE, _FULL = StageId.TITLE_ABSTRACT.value, StageId.FULL_TEXT.value
LISTS: dict[str, dict[str, Verdict]] = {
    "screen": {},
    "irrelevant": {_TITLE: Verdict.EXCLUDE},
    "select": {_TITLE: Verdict.INCLUDE},
    "excluded": {_TITLE: Verdict.INCLUDE, _FULL: Verdict.EXCLUDE},
    "included": {_TITLE: Verdict.INCLUDE, _FULL: Verdict.INCLUDE},
}

_NAME = re.compile(rf"(?:^|[_\W])({'|'.join(LISTS)})(?=[_\W]|$)", re.I)
_REASON = re.compile(r"Exclusion reason:\s*([^;\n]*);?\s*", re.I)
_TAGS = {"awaiting classification": Verdict.AWAITING, "ongoing study": Verdict.ONGOING}


def is_covidence(headings: Iterable[str]) -> bool:
    """Return True for a table of references that Covidence wrote."""
    return {"covidencenumber", "title"} <= {plain(heading) for heading in headings}


def is_extraction(headings: Iterable[str]) -> bool:
    """Return True for Covidence's export of extracted data, which holds no decisions."""
    return {"covidencenumber", "reviewername"} <= {plain(heading) for heading in headings}


def list_of(name: str) -> str:
    """Return the list that a file is by its name, a key of LISTS; '' where the name does not say."""
    found = {match.lower() for match in _NAME.findall(name)}
    return found.pop() if len(found) == 1 else ""


def said_by_list(listed: str, tags: str) -> Mapping[str, Verdict]:
    """Return what being in a list says of a publication, by stage.

    Two of Covidence's own tags say that a full text that is not decided awaits classification or is of an ongoing
    study.
    """
    words = {tag.strip().casefold() for tag in tags.split(";")}
    waiting = [verdict for tag, verdict in _TAGS.items() if tag in words]
    if listed == "select" and len(waiting) == 1:
        return {**LISTS[listed], _FULL: waiting[0]}
    return LISTS[listed]


def votes(said: Mapping[str, Verdict], number: str, notes: str, tags: str) -> tuple[Vote, ...]:
    """Return what was decided on a publication, stage by stage.

    Args:
        said: stage -> verdict, in order.
        number: the publication's Covidence number.
        notes: the column Notes; it holds the exclusion reason.
        tags: the column Tags.
    """
    reasons = tuple(filter(None, (reason.strip() for reason in _REASON.findall(notes))))
    rest = " ".join(_REASON.sub("", notes).split())
    words = [f"Covidence {number}" if number else "Covidence"]
    more = [rest] if rest else []
    more += [f"tags: {', '.join(part.strip() for part in tags.split(';') if part.strip())}"] if tags.strip(" ;") else []
    made = []
    for stage, verdict in said.items():
        last = stage == list(said)[-1]  # an earlier verdict stays the same when the publication moves on
        excluded = verdict is Verdict.EXCLUDE
        made.append(
            Vote(
                verdict=verdict,
                stage=stage,
                reasons=reasons if excluded else (),
                remark="; ".join((*words, *more) if last else words),
            )
        )
    return tuple(made)
