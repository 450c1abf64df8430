"""The worked example: where it lies in the installed package (or the checkout), and copying it out."""

import shutil
from pathlib import Path

import reviewkit
from reviewkit.errors import NotEmpty, NotWritable
from reviewkit.workspace import Folders, Workspace
from reviewkit.workspace.files import TEMPORARY

REVIEW = "exosome-low-back-pain"


def example() -> Folders:
    """Return the example as shipped: inside an installed package, or around it in a checkout."""
    package = Path(reviewkit.__file__).parent
    root = package / "example"
    return Folders(Workspace(root if root.is_dir() else package.parent), REVIEW)


def copy_example(target: Path) -> Folders:
    """Copy the example's protocol, searches and archive into a new folder; nothing that can be made again.

    The copy takes its place with one rename. A folder that holds the example already is left as it is, so that a
    demonstration that was stopped can go on.

    Raises:
        NotEmpty: the folder holds something else.
        NotWritable: it cannot be written.
    """
    source, made = example(), Folders(Workspace(target.resolve()), REVIEW)
    if made.protocol.is_file() and made.protocol.read_bytes() == source.protocol.read_bytes():
        return made
    if target.is_file() or (target.is_dir() and any(target.iterdir())):
        raise NotEmpty(folder=target, found="other files")
    begun = Folders(Workspace(made.workspace.root.with_name(f"{TEMPORARY}{target.name}")), REVIEW)
    try:
        shutil.rmtree(begun.workspace.root, ignore_errors=True)
        begun.workspace.protocols.mkdir(parents=True)
        shutil.copyfile(source.protocol, begun.protocol)
        shutil.copytree(source.searches, begun.searches, ignore=shutil.ignore_patterns(".*"))
        shutil.copytree(source.archive, begun.archive, ignore=shutil.ignore_patterns(".*"))
        if target.is_dir():
            target.rmdir()
        begun.workspace.root.rename(made.workspace.root)
    except OSError as error:
        raise NotWritable(path=error.filename or target, reason=error.strerror or error) from error
    return made
