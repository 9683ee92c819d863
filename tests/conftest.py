"""What all tests share: shapes are enforced from the first import of nets on."""

import hypothesis
import jaxtyping
import pytest
import shapes
from xdist.scheduler import LoadScopeScheduling

shapes.enforce("nets")

# The same examples at every run, however slow the machine.
hypothesis.settings.register_profile("nets", derandomize=True, deadline=None)
hypothesis.settings.load_profile("nets")


def pytest_xdist_make_scheduler(config, log):
    """Share the tests out among several workers, if there are several."""
    return Sharing(config, log)


class Sharing(LoadScopeScheduling):
    """A file has one worker, and so has all that shares the server and the browser.

    The browser's tests, which take longest, are the first in order.
    """

    def _split_scope(self, nodeid):
        return "browser" if nodeid.startswith("tests/browser/") else nodeid.partition("::")[0]


@pytest.fixture
def unenforced_shapes():
    """Call the code as its users do, to see how it answers a wrong shape itself."""
    jaxtyping.config.update("jaxtyping_disable", True)
    yield
    jaxtyping.config.update("jaxtyping_disable", False)
