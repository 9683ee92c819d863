"""What all tests share: shapes are enforced from the first import of nets on."""

from pathlib import Path

import hypothesis
import jaxtyping
import pytest
import shapes

shapes.enforce("nets")

# The same examples at every run, however slow the machine.
hypothesis.settings.register_profile("nets", derandomize=True, deadline=None)
hypothesis.settings.load_profile("nets")

BROWSER = Path(__file__).parent / "browser"


@pytest.hookimpl(tryfirst=True)  # before xdist looks for groups
def pytest_collection_modifyitems(items):
    """Among several workers a file has one, and so has all that shares the server and the browser.

    The browser's tests, which take longest, are the first in order.
    """
    for item in items:
        place = BROWSER if BROWSER in item.path.parents else item.path
        item.add_marker(pytest.mark.xdist_group(str(place)))


@pytest.fixture
def unenforced_shapes():
    """Call the code as its users do, to see how it answers a wrong shape itself."""
    jaxtyping.config.update("jaxtyping_disable", True)
    yield
    jaxtyping.config.update("jaxtyping_disable", False)
