"""What tests of the page begin with."""

import pytest
from streamlit.testing.v1 import AppTest
from visiting import APP


@pytest.fixture
def page():
    """The page as a new visitor has it."""
    return AppTest.from_file(APP, default_timeout=60).run()
