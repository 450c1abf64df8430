"""The databases that the store promises to work with; a test that asks for `url` runs on each."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from reviewkit.store import Store, open_store


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'reviewkit.db'}"
    found: str = request.getfixturevalue("postgres_url")
    return found


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    """One review in that database."""
    opened = open_store(url, "backpain")
    yield opened
    opened.close()
