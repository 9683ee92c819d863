"""The panel Compare: networks that differ in one setting, of which one may become the run."""

import pytest

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
