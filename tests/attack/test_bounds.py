"""Bounds: what a visitor may make the server hold, and what it must not do twice."""

import statistics
import urllib.error
import urllib.request
from contextlib import suppress

import pytest
from benchmarks.served import PAGE, served
from websocket_client import forged, visiting

from nets.data.datasets import OWN_DATA

MEGABYTE = 2**20
LARGEST = 10  # megabytes of a file, as the page says
HELD = 30  # megabytes that one visit may have uploaded
UPLOADS = 20
BURSTS = 30
GROWTH = 25  # megabytes
ROWS = 100_000  # of a file of some megabytes
STEPS = 10
AGAIN = 0.25  # of the time that it took to read the file


@pytest.fixture(scope="module")
def quiet(tmp_path_factory):
    """Start a server that nobody has visited, whose memory says what each visit takes."""
    with served(PAGE, log=tmp_path_factory.mktemp("quiet") / "log") as server:
        yield server


def test_a_browser_that_never_paints_does_not_fill_the_memory(quiet):
    with visiting(quiet.address, "sizes=64-64-64-64-64-64-64-16") as visitor:
        visitor.do(speed="100 epochs/s", play=True)
        for number in range(BURSTS):
            if number == BURSTS // 3:
                before = quiet.memory()
            said = {"received": visitor.page.stage["number"], "shown": 0}
            visitor.ask(
                visitor.page.event("more", said), fragment=visitor.page.widgets["stage"].fragment
            )
        assert quiet.memory() - before < GROWTH


def test_a_file_larger_than_the_page_says_is_refused_by_the_server(visit, server):
    visitor = visit()
    assert visitor.upload(bytes(LARGEST * MEGABYTE - 1000)) == 204
    with suppress(urllib.error.URLError):  # the server may hang up before the file has arrived
        assert visitor.upload(bytes((LARGEST + 1) * MEGABYTE), file_id="too-large") == 413
    assert held(server) <= LARGEST * MEGABYTE


def test_what_a_visit_uploads_under_made_up_ids_is_bounded(visit, server):
    visitor = visit()
    for number in range(UPLOADS):
        visitor.upload(bytes(9 * MEGABYTE), file_id=f"made-up-{number}")
    assert held(server) <= HELD * MEGABYTE
    visitor.click("step_epoch")
    assert visitor.page.exceptions == []


def held(server):
    """Ask the server how many bytes of uploaded files it holds."""
    with urllib.request.urlopen(f"{server.address}_stcore/metrics") as answer:
        lines = answer.read().decode().splitlines()
    return sum(int(line.split()[-1]) for line in lines if "UploadedFileManager" in line)


def test_a_large_file_is_read_once_however_often_one_steps(visit):
    visitor = visit("data=circle")
    visitor.do(panel=["Predict"])
    first = put(visitor, "try_file", b"x1,x2\n" + b"0.125,-0.5\n" * ROWS)
    assert "try_download" in visitor.page.on_page()
    spans = [visitor.click("step_epoch") + visitor.wait_for_work() for _ in range(STEPS)]
    assert visitor.page.readings["epoch"] == str(STEPS)
    assert statistics.median(spans) < first * AGAIN


def test_a_file_that_is_refused_is_read_once(visit):
    visitor = visit("data=circle")
    visitor.do(data=OWN_DATA.title)
    endless = b'"' + b"x" * 200_000
    first = put(visitor, "own_file", b"x1,x2,y\n" + b"0.125,-0.5,1\n" * ROWS + endless)
    assert is_refused(visitor)
    spans = [visitor.do(own_names=option) for option in ("data", "detect", "data", "detect")]
    assert is_refused(visitor)
    assert min(spans[2:]) < first * AGAIN


def is_refused(visitor):
    return any("cannot be read as a table" in text for text in visitor.page.texts("alert"))


def put(visitor, key, content):
    """Upload a file and choose it; return how many seconds the page took to take it in."""
    assert visitor.upload(content, file_id=key) == 204
    links = {"file_id": key, "upload_url": "", "delete_url": ""}
    file = {"file_id": key, "name": "data.csv", "size": len(content), "file_urls": links}
    widget = visitor.page.widgets[key]
    visitor.page.files[key] = forged(widget.id, "file_uploader_state_value", file)
    return visitor.ask(fragment=widget.fragment) + visitor.wait_for_work()


def test_an_open_gradient_check_is_made_once_for_a_run(visit):
    visitor = visit("data=digits")
    visitor.do(panel=["Gradient check"])
    visitor.wait_for_work()
    assert is_checked(visitor)
    for wanted in (True, False, True):
        visitor.do(view=wanted)
        assert is_checked(visitor)  # at once, without work of a moment


def is_checked(visitor):
    texts = visitor.page.texts("heading", "markdown")
    return any("gradients agree" in text for text in texts)
