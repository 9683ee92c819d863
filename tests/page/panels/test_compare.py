"""The panel Compare: networks that differ in one setting, of which one may become the run."""

import pytest

from nets.page.panels import compare
from nets.page.visitor.arrival import rest
from nets.page.visitor.baselines import keep, write_word
from tests.visiting import arrive, text_of, type_into, visitor


def sweep(page, epochs=5):
    page.session_state["panel"] = "Compare"
    page.run()
    type_into(page, "sweep_epochs", epochs)
    page.button(key="sweep").click().run()
    return page


def texts(page):
    return " ".join(text_of(one.proto.body) for one in page.get("html"))


def test_the_panel_says_which_network_is_the_best():
    page = sweep(arrive(data="xor"))
    assert any("The best learning rate is" in one.value for one in page.markdown)
    assert "Where each network ended" in texts(page)


def test_a_chosen_network_becomes_the_run():
    page = sweep(arrive(data="xor"))
    page.selectbox(key="sweep_value").set_value("0.178").run()
    page.button(key="use_trial").click().run()
    run = visitor(page).run
    assert (run.learning_rate, run.epoch, run.config.data) == (0.178, 5, "xor")
    assert page.text_input(key="learning_rate").value == "0.178"


@pytest.mark.parametrize("nonsense", ["", "0", "many", "1e9"])
def test_nonsense_for_the_epochs_gets_a_sentence_and_trains_nothing(nonsense):
    page = sweep(arrive(data="xor"), nonsense)
    assert any("number of epochs must be a whole number" in one.value for one in page.error)
    assert "Where each network ended" not in texts(page)


def test_a_kept_run_is_in_the_table_and_can_be_returned_to_and_removed():
    page = arrive(data="xor", steps="20")
    page.session_state["panel"] = "Compare"
    page.run()
    page.button(key="keep_run").click().run()
    type_into(page, "learning_rate", 0.25)
    assert "A" in texts(page)
    page.button(key="return_A").click().run()
    assert visitor(page).run.learning_rate == 1
    assert page.text_input(key="learning_rate").value == "1"
    page.button(key="remove_A").click().run()
    assert visitor(page).baselines == ()


def test_runs_that_came_with_a_link_are_repeated_whatever_panel_is_open():
    page = arrive(data="xor", steps="20")
    session = visitor(page)
    session.baselines = keep(session.baselines, session)
    page = arrive(data="moons", kept=write_word(session.baselines))
    assert not visitor(page).errors
    (baseline,) = visitor(page).baselines
    assert baseline.loss == session.run.loss
    page.session_state["panel"] = "Compare"
    page.run()
    assert "xor" in texts(page)


def test_a_sweep_ends_at_its_time_limit(monkeypatch):
    monkeypatch.setattr(compare, "MOST_SECONDS", 0)
    page = sweep(arrive(data="xor"), 100_000)
    assert any("Stopped after" in one.value for one in page.markdown)
    assert "Where each network ended" in texts(page)


@pytest.fixture
def at_work(monkeypatch):
    """Begin a sweep that takes long, in another thread; return its page and its work."""
    page = arrive(data="xor")
    monkeypatch.setattr("nets.page.visitor.kept.is_served", lambda: True)
    sweep(page, 100_000)
    return page, page.session_state["kept"].works[compare.SWEEP]


def test_stop_ends_a_sweep_and_shows_how_far_it_came(at_work):
    page, work = at_work
    assert not work.is_over
    page.button(key="stop_sweep").click().run()
    work.result(30)
    page.run()
    assert any("Stopped after" in one.value for one in page.markdown)
    assert "stop_sweep" not in [one.key for one in page.button]


def test_a_sweep_ends_when_its_visitor_has_left(at_work):
    page, work = at_work
    rest(visitor(page))
    assert work.result(30) is None
    assert work.is_over
