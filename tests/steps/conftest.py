"""The review that the tests of extraction share."""

import pytest

from reviewkit.store import Store
from tests.steps.workbooks import Desk, extraction_protocol, include_studies


@pytest.fixture
def desk(store: Store) -> Desk:
    """Three included studies that two people extract."""
    desk = Desk(store, extraction_protocol(reviewers=2))
    include_studies(store, desk.protocol)
    return desk
