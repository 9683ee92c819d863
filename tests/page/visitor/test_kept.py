"""Nothing is computed twice: files are read, predicted and checked once."""

import threading

import pytest
from visiting import arrive, type_into, visitor

from nets import Epochs
from nets.page.controls import own_data
from nets.page.panels import gradient_check, many_rows
from nets.page.visitor.kept import (
    MOST_REFUSALS,
    SMALL_FILE,
    THREADS,
    NotYet,
    kept,
    report,
    store,
    when_large,
)
from nets.page.visitor.memory import LIGHT

ROWS = "x1,x2\n0,1\n1,1\n"


@pytest.fixture
def counted(monkeypatch):
    """Count the calls of a function of a module."""

    def count(module, name):
        calls, function = [], getattr(module, name)

        def counting(*args, **options):
            calls.append(args)
            return function(*args, **options)

        monkeypatch.setattr(module, name, counting)
        return calls

    return count


def test_what_is_kept_is_computed_again_only_for_something_else(monkeypatch):
    monkeypatch.setattr("streamlit.session_state", {})
    calls = []
    for of in (1, 1, 2, 2, 1):
        assert kept("key", of, lambda of=of: calls.append(of) or of) == of
    assert calls == [1, 2, 1]
    assert len(store()["key"]) == 1


def test_a_refusal_is_kept_too(monkeypatch):
    monkeypatch.setattr("streamlit.session_state", {})
    calls = []

    def refuse():
        calls.append(1)
        raise ValueError("No table.")

    for of in (1, 2, 1, 2):
        with pytest.raises(ValueError, match="No table"):
            kept("key", of, refuse)
    assert len(calls) == 2
    for of in range(100):
        with pytest.raises(ValueError, match="No table"):
            kept("key", of, refuse)
    assert len(store()["key"]) <= MOST_REFUSALS + 1


def test_rows_to_predict_are_read_once_and_predicted_once_a_network(counted):
    page = arrive(data="xor", sizes="2-4-1")
    read, predict = counted(many_rows, "read"), counted(many_rows, "predict")
    page.segmented_control(key="panel").set_value("Predict").run()
    page.text_area(key="try_text").set_value(ROWS).run()
    page.run()
    assert (len(read), len(predict)) == (1, 1)
    page.button(key="step_epoch").click().run()
    page.run()
    assert (len(read), len(predict)) == (1, 2)


def test_a_large_file_is_predicted_once_while_it_plays_and_again_at_rest(counted):
    page = arrive(data="xor", sizes="2-4-1")
    predict, session = counted(many_rows, "predict"), visitor(page)
    page.segmented_control(key="panel").set_value("Predict").run()
    page.text_area(key="try_text").set_value(ROWS + "0,1\n" * SMALL_FILE).run()
    session.playing = True
    for epochs in (1, 2, 3):
        session.do(Epochs(1))
        page.run()
        assert len(predict) == 1
        assert any("at epoch 0. They are" in caption.value for caption in page.caption), epochs
    session.pause(session.run.epoch)
    page.run()
    page.run()
    assert len(predict) == 2
    assert any("at epoch 3." in caption.value for caption in page.caption)


def test_rows_that_are_refused_are_read_once(counted):
    page = arrive(data="xor", sizes="2-4-1")
    read = counted(many_rows, "read")
    page.segmented_control(key="panel").set_value("Predict").run()
    page.text_area(key="try_text").set_value("<html>").run()
    page.button(key="step_epoch").click().run()
    assert len(read) == len(page.error) == 1


def test_a_refused_file_of_the_dialog_is_read_once(counted):
    page = arrive()
    read = counted(own_data, "read")
    page.selectbox(key="data").set_value("own").run()
    page.file_uploader(key="own_file").upload("page.csv", b"<html>", "text/csv").run()
    page.run()
    assert len(read) == 1
    assert "web page" in page.error[0].value


@pytest.mark.parametrize(("long", "checks"), [(100.0, 4), (0.0, 1)])
def test_a_check_of_gradients_that_took_long_is_not_repeated_at_every_step(
    counted, monkeypatch, long, checks
):
    monkeypatch.setattr(gradient_check, "LONG", long)
    page = arrive(data="xor", sizes="2-4-1")
    check = counted(gradient_check, "check_gradients")
    page.segmented_control(key="panel").set_value("Gradient check").run()
    page.run()
    for _ in range(3):
        page.button(key="step_epoch").click().run()
    assert len(check) == checks
    if checks == 1:
        assert any("of epoch 0" in caption.value for caption in page.caption)
        page.button(key="check_now").click().run()
        assert len(check) == 2
        assert check[-1][0] is visitor(page).run
        type_into(page, "seed", 7)
        assert check[-1][0] is visitor(page).run


@pytest.fixture
def served(monkeypatch):
    """Let a browser ask again; a stand-in keeps what is kept for the visitor."""
    monkeypatch.setattr("streamlit.session_state", {})
    monkeypatch.setattr("nets.page.visitor.kept.is_served", lambda: True)
    monkeypatch.setattr("nets.page.visitor.kept.WAIT", 0.001)


def test_work_on_a_large_file_is_left_to_another_thread(served):
    may_end, threads = threading.Event(), []

    def work():
        threads.append(threading.current_thread())
        may_end.wait(10)
        return "rows"

    for _ in range(3):
        with pytest.raises(NotYet) as wait:
            kept("key", "file", work, later="Reading the file")
    may_end.set()
    wait.value.work.result(10)
    assert kept("key", "file", work, later="Reading the file") == "rows"
    assert len(threads) == 1
    assert threads[0] is not threading.current_thread()
    assert not store().works


def test_work_for_another_file_takes_the_place_of_the_old_one(served):
    may_end = threading.Event()
    for number in range(50):
        with pytest.raises(NotYet):
            kept("key", number, lambda: may_end.wait(10), later="Reading the file")
    assert len(store().works) == 1
    waiting = store().works["key"]
    store().clear()
    assert not store().works
    may_end.set()
    assert waiting.is_over


def test_work_that_nobody_waits_for_ends_when_it_next_reports(served):
    has_begun, may_report, places = threading.Event(), threading.Event(), []

    def work():
        places.append("begun")
        has_begun.set()
        may_report.wait(10)
        report(0.5)
        places.append("not reached")

    with pytest.raises(NotYet) as wait:
        kept("key", "sweep", work, later="Training")
    has_begun.wait(10)
    store().clear()
    may_report.set()
    assert wait.value.work.result(10) is None
    assert wait.value.work.is_over
    assert places == ["begun"]


def test_work_says_its_place_in_the_queue_and_then_the_share_that_is_done(served):
    may_end, begun = threading.Event(), threading.Semaphore(0)

    def work():
        report(0.4)
        begun.release()
        may_end.wait(10)

    works = []
    for number in range(THREADS + 2):
        with pytest.raises(NotYet) as wait:
            kept(f"key {number}", "file", work, later="Reading the file")
        works.append(wait.value.work)
    for _ in range(THREADS):
        begun.acquire(timeout=10)
    assert "40% done" in works[0].progress
    assert "number 1 in the queue" in works[-2].progress
    assert "number 2 in the queue" in works[-1].progress
    works[-2].cancel()
    assert "number 1 in the queue" in works[-1].progress
    may_end.set()
    works[-1].result(10)
    assert works[-1].progress.endswith("s so far.")


def test_a_refusal_of_another_thread_is_the_same_sentence(served, monkeypatch):
    monkeypatch.setattr("nets.page.visitor.kept.WAIT", 10)

    def refuse():
        raise ValueError("No table.")

    for _ in range(2):
        with pytest.raises(ValueError, match="No table"):
            kept("key", "file", refuse, later="Reading the file")
    assert not store().works


def test_only_large_files_are_left_to_another_thread():
    assert when_large(bytes(SMALL_FILE), "Reading")[1] == ""
    assert when_large(bytes(SMALL_FILE + 1), "Reading")[1] == "Reading"
    assert when_large(bytes(10_000_000), "Reading")[0] > LIGHT
