"""A page for the tests of the page."""

import pytest
from visiting import arrive


@pytest.fixture
def page():
    """Open the page as a new visitor."""
    return arrive()
