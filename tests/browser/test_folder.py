"""The page's folder, and the disk: nothing is written."""

import os
import resource
import subprocess
import sys
from contextlib import contextmanager

from browser.conftest import ROOT, free_port, serve, wait_for
from playground import Playground
from websocket_client import visiting

FILE = 3_000_000  # bytes that Streamlit alone would write to a temporary folder


def test_the_page_works_from_a_folder_that_it_cannot_fill(chromium, tmp_path):
    fill(tmp_path)
    before = sorted(tmp_path.iterdir())
    with serve(tmp_path) as (address, written):
        visitor = Playground(chromium.new_page(), address)
        visitor.open()
        visitor.click("step_epoch")
        assert visitor.epoch == 1
        visitor.page.close()
        assert visitor.faults == []
        written.seek(0)
        assert "WARNING" not in written.read().decode()
    assert sorted(tmp_path.iterdir()) == before


def test_the_page_works_and_takes_files_where_the_disk_is_full(tmp_path):
    fill(tmp_path)
    before = sorted(tmp_path.rglob("*"))
    with serve_without_space(tmp_path) as (address, server):
        with visiting(address) as visitor:
            visitor.click("step_epoch")
            assert visitor.page.readings["epoch"] == "1"
            assert visitor.upload(bytes(FILE)) == 204
            assert visitor.page.exceptions == []
        server.terminate()
        said = server.stdout.read().decode()
        assert "Traceback" not in said
        assert "WARNING" not in said
    assert sorted(tmp_path.rglob("*")) == before


def fill(folder):
    """Link the page into a folder, put a file where Streamlit has a folder, and close it."""
    for name in ("app.py", "nets", ".streamlit"):
        (folder / name).symlink_to(ROOT / name)
    (folder / "static").write_text("A file in the place of a folder that could be filled.")
    folder.chmod(0o555)


@contextmanager
def serve_without_space(folder):
    """Start the page so that no file can grow by a byte, as on a full disk."""
    port = free_port()
    options = ["--server.headless=true", f"--server.port={port}", "--server.address=127.0.0.1"]
    with subprocess.Popen(
        [sys.executable, "-m", "streamlit", "run", "app.py", *options],
        cwd=folder,
        env=os.environ | {"HOME": str(folder)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0)),
    ) as server:
        try:
            wait_for(f"http://127.0.0.1:{port}/_stcore/health", server)
            yield f"http://127.0.0.1:{port}/", server
        finally:
            server.terminate()
