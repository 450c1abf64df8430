"""Starting: a new workspace, or one more review in it, from the protocol template."""

import re
from dataclasses import dataclass
from pathlib import Path
from unicodedata import normalize

from reviewkit.errors import BadReviewName, NotWritable, ReviewExists
from reviewkit.protocol.template import template
from reviewkit.workspace import Folders, Workspace
from reviewkit.workspace.files import write_text

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}\Z")  # is a file name everywhere, and needs no quotes

_IGNORED = """\
# The database can be rebuilt from protocols/, searches/ and exports/*/archive/: reviewkit restore
reviewkit.db*
.lock
.writing-*
.running-*
"""

_KEPT = """\
# Hashes are taken of these files as they are: git must not change their line ends.
searches/** -text
exports/*/archive/** -text
"""

_README = """\
This folder holds a systematic review made with reviewkit.

protocols/   the question, searches, criteria, stages and extraction form; written by people
searches/    every search run, with the answers of the database as they were received
exports/     evidence table, PRISMA diagram, report; and archive/, every decision as text
reviewkit.db the database; 'reviewkit restore' rebuilds it from the three folders

'reviewkit status' says where the review stands and what comes next.
"""


@dataclass(frozen=True, slots=True)
class Started:
    """What was made: the review's folders and the files that are new."""

    folders: Folders
    made: tuple[Path, ...]


def review_name(root: Path) -> str:
    """Turn a folder's name into a review's: "Étude (2024)" gives "etude-2024"."""
    plain = normalize("NFKD", root.name.casefold()).encode("ascii", "ignore").decode()  # drops the accents
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:80] or "review"


def start_review(root: Path, name: str = "") -> Started:
    """Make a workspace with a review that starts from the template; nothing that is there is changed.

    Args:
        root: the workspace's folder, new or not.
        name: the review's name; without it the folder's name is taken.

    Raises:
        BadReviewName: the name cannot be a file's name everywhere.
        ReviewExists: the workspace holds a review of this name.
        NotWritable: a folder or file cannot be made.
    """
    name = name or review_name(root)
    if not _NAME.match(name) or name.endswith("."):
        raise BadReviewName(name=name)
    folders = Folders(Workspace(root), name)
    if name.casefold() in (review.casefold() for review in folders.workspace.reviews()):
        raise ReviewExists(name=name, file=folders.protocol)
    wanted = {
        root / "README.txt": _README,
        root / ".gitignore": _IGNORED,
        root / ".gitattributes": _KEPT,
        folders.protocol: template(),
    }
    made = [path for path in wanted if not path.exists()]
    for folder in (folders.searches, folders.exports):
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise NotWritable(path=folder, reason=error.strerror or error) from error
    for path in made:  # the protocol last: it is what makes the folder a workspace
        write_text(path, wanted[path])
    return Started(folders, tuple(made))
