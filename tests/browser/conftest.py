"""The page, started for real, and the browser that drives it."""

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest
from playground import opened
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).parent.parent.parent
CHROMIUM = Path("/usr/bin/chromium")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]


@pytest.fixture(scope="session")
def address():
    """Start the page as the README does."""
    with serve(ROOT) as (address, _):
        yield address


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@contextmanager
def serve(folder, port=None):
    """Start the page of a folder, on a free port; yield its address and what the server writes."""
    port = port or free_port()
    options = ["--server.headless=true", f"--server.port={port}", "--server.address=127.0.0.1"]
    command = [sys.executable, "-m", "streamlit", "run", "app.py", *options]
    with (
        tempfile.TemporaryFile() as written,
        subprocess.Popen(command, cwd=folder, stdout=written, stderr=written) as server,
    ):
        try:
            wait_for(f"http://127.0.0.1:{port}/_stcore/health", server)
            yield f"http://127.0.0.1:{port}/", written
        finally:
            server.terminate()


def wait_for(url, server, seconds=60):
    """Wait until the server answers."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"{url} does not answer.")


@pytest.fixture
def start_server():
    """Return a function that starts the page, always on the same port."""
    return partial(serve, ROOT, free_port())


@pytest.fixture(scope="session")
def chromium():
    """Start Chromium; without it the browser tests are skipped, or fail where they are required."""
    if not CHROMIUM.exists():
        if os.environ.get("NETS_REQUIRE_BROWSER"):
            pytest.fail(f"{CHROMIUM} is missing and NETS_REQUIRE_BROWSER is set.")
        pytest.skip(f"{CHROMIUM} is missing: install Debian's chromium to run the browser tests.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield browser.new_context()
        browser.close()


@pytest.fixture
def visit(chromium, address):
    """Open the page as a new visitor; at the end the browser must have reported no error."""
    with opened(chromium, address) as open_page:
        yield open_page
