"""The worked example: where it lies in the installed package (or the checkout), and copying it out."""

import shutil
from pathlib import Path

import reviewkit
from reviewkit.errors import NotEmpty, NotWritable
from reviewkit.workspace import Folders, Workspace

REVIEW = "exosome-low-back-pain"


def example() -> Folders:
    """Return the example as shipped: inside an installed package, or around it in a checkout."""
    package = Path(reviewkit.__file__).parent
    root = package / "example"
    return Folders(Workspace(root if root.is_dir() else package.parent), REVIEW)


def copy_example(target: Path) -> Folders:
    """Copy the example's protocol, searches and archive into a new folder; nothing that can be made again.

    Raises:
        NotEmpty: the folder holds something already.
        NotWritable: it cannot be written.
    """
    if target.is_file() or (target.is_dir() and any(target.iterdir())):
        raise NotEmpty(folder=target, found="other files")
    source, made = example(), Folders(Workspace(target.resolve()), REVIEW)
    try:
        made.workspace.protocols.mkdir(parents=True)
        shutil.copyfile(source.protocol, made.protocol)
        shutil.copytree(source.searches, made.searches, ignore=shutil.ignore_patterns(".*"))
        shutil.copytree(source.archive, made.archive, ignore=shutil.ignore_patterns(".*"))
    except OSError as error:
        raise NotWritable(path=error.filename or target, reason=error.strerror or error) from error
    return made
