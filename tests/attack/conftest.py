"""A real server that is attacked, and visitors that attack it."""

from contextlib import ExitStack

import pytest
from benchmarks.served import PAGE, served
from browser.conftest import chromium  # noqa: F401
from playground import opened
from websocket_client import visiting


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    """Start the page once for all attacks."""
    with served(PAGE, log=tmp_path_factory.mktemp("server") / "log") as server:
        yield server


@pytest.fixture
def visit(server):
    """Open visits; at the end the server's log must not have got an exception meanwhile."""
    before = len(server.errors())
    with ExitStack() as visits:
        yield lambda query="", page=None: visits.enter_context(
            visiting(server.address, query, page)
        )
    assert server.errors()[before:] == []


@pytest.fixture
def browse(server, chromium):  # noqa: F811
    """Open the page in a real browser; at the end there must be no error in browser or server."""
    before = len(server.errors())
    with opened(chromium, server.address) as open_page:
        yield open_page
    assert server.errors()[before:] == []
