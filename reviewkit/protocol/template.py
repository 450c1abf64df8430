"""The commented protocol that a new review starts from, packaged beside this module."""

from functools import cache
from importlib.resources import files
from pathlib import Path

from reviewkit.protocol.read import parse_protocol


@cache
def template() -> str:
    """Return the template's TOML text; it is valid as it stands."""
    return (files("reviewkit.protocol") / "template.toml").read_text(encoding="utf-8")


def is_template(version: str) -> bool:
    """Return True when a protocol of this version still says what the template says."""
    return version == parse_protocol(template(), Path("template.toml")).version
