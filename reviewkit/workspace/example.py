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
        shutil.rmtree(begun.workspace.root, ignore_errors=True)
        raise NotWritable(path=made.workspace.root, reason=_reason(error)) from error
    return made


def _reason(error: OSError) -> str:
    """Say why copying failed; for a folder that is a list of (from, to, why)."""
    if isinstance(error, shutil.Error) and error.args and error.args[0]:
        return str(error.args[0][0][2]).split("] ")[-1].split(": '")[0]
    return error.strerror or str(error)
