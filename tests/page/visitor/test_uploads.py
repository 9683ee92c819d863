"""Uploads: the server keeps few files of a visitor, and frees them."""

import tomllib
from pathlib import Path
from types import SimpleNamespace

import pytest
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.uploaded_file_manager import UploadedFileRec

from nets.page.controls import own_data
from nets.page.panels import many_rows
from nets.page.visitor import uploads

SETTINGS = Path(__file__).parents[3] / ".streamlit" / "config.toml"
TEN_MEGABYTES = bytes(10_000_000)


@pytest.fixture
def manager():
    return MemoryUploadedFileManager("/upload")


def upload(manager, session, number, data=b"x"):
    manager.add_file(session, UploadedFileRec(str(number), f"{number}.csv", "text/csv", data))


def kept(manager, session, count):
    files = manager.get_files(session, [str(number) for number in range(count)])
    return [int(file.file_id) for file in files]


def test_streamlit_itself_refuses_a_file_larger_than_the_page_says():
    largest = tomllib.loads(SETTINGS.read_text())["server"]["maxUploadSize"]
    assert largest == own_data.MEGABYTES == many_rows.MEGABYTES


def test_of_many_files_of_a_visitor_the_newest_are_kept(manager):
    for number in range(1000):
        upload(manager, "pupil", number)
    assert kept(manager, "pupil", 1000) == list(range(1000))[-uploads.MOST_FILES :]


def test_the_bytes_of_a_visitor_are_bounded(manager):
    for number in range(4):
        upload(manager, "pupil", number, TEN_MEGABYTES)
    assert kept(manager, "pupil", 4) == [2, 3]


def test_the_bytes_of_all_visitors_are_bounded(manager):
    for number in range(30):
        upload(manager, f"pupil {number}", 0, TEN_MEGABYTES)
        held = sum(len(f.data) for files in manager.file_storage.values() for f in files.values())
        assert held <= uploads.MOST_BYTES_OF_ALL
        assert kept(manager, f"pupil {number}", 1) == [0]


def test_files_of_visitors_who_have_left_are_forgotten_first(manager, monkeypatch):
    monkeypatch.setattr(uploads, "_is_there", lambda session: session != "gone")
    for session in ("first", "second", "gone", *map(str, range(5)), "newest"):
        upload(manager, session, 0, TEN_MEGABYTES)
    assert kept(manager, "gone", 1) == []
    assert kept(manager, "first", 1) == kept(manager, "newest", 1) == [0]


def test_a_file_that_is_sent_again_takes_the_place_of_the_old_one(manager):
    for _ in range(10):
        upload(manager, "pupil", 0, TEN_MEGABYTES)
    assert kept(manager, "pupil", 1) == [0]
    manager.remove_session_files("pupil")
    assert kept(manager, "pupil", 1) == []


def test_the_files_of_a_visitor_who_has_left_are_freed(manager, monkeypatch):
    upload(manager, "gone", 0, TEN_MEGABYTES)
    upload(manager, "here", 0, TEN_MEGABYTES)
    server = SimpleNamespace(uploaded_file_mgr=manager)
    monkeypatch.setattr(uploads.runtime, "exists", lambda: True)
    monkeypatch.setattr(uploads.runtime, "get_instance", lambda: server)
    for _ in range(2):
        uploads.forget("gone")
    assert kept(manager, "gone", 1) == []
    assert kept(manager, "here", 1) == [0]
