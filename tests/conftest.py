"""What all tests share: shapes are enforced from the first import of nets on."""

import hypothesis
import jaxtyping
import pytest
import shapes

shapes.enforce("nets")

# The same examples at every run, however slow the machine.
hypothesis.settings.register_profile("nets", derandomize=True, deadline=None)
hypothesis.settings.load_profile("nets")


@pytest.fixture
def unenforced_shapes():
    """Call the code as its users do, to see how it answers a wrong shape itself."""
    jaxtyping.config.update("jaxtyping_disable", True)
    yield
    jaxtyping.config.update("jaxtyping_disable", False)
