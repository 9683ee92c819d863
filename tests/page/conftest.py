"""What tests of the page begin with."""

import pytest
from visiting import arrive


@pytest.fixture
def page():
    """The page as a new visitor has it."""
    return arrive()
