"""The panel Inspect: a weight or a bias can be set by hand, and everything follows."""

import pytest

from nets import Config, Parameter, Recipe, replay
from nets.page.visitor.selection import Selection
from tests.visiting import arrive, type_into, visitor


@pytest.fixture
def page():
    """Select a weight on the page of the notebook's network."""
    page = arrive(data="notebook")
    select(page, "w1[2, 0]")
    return page


def select(page, name):
    visitor(page).selected = Selection.named(name, (5, 3, 1))
    page.session_state["panel"] = "Inspect"
    page.run()


def weight(page):
    return visitor(page).run.network.layers[0].weights[2, 0].item()


def test_a_typed_number_sets_the_selected_weight_and_the_loss_follows(page):
    loss = visitor(page).run.loss
    type_into(page, "set_parameter", "0,5")
    run = visitor(page).run
    assert (weight(page), page.text_input(key="set_parameter").value) == (0.5, "0.5")
    assert run.loss == replay(Recipe(Config()).then(Parameter("w1[2, 0]", 0.5))).loss != loss
    assert visitor(page).recipe == Recipe(Config(), (Parameter("w1[2, 0]", 0.5),))


def test_the_field_shows_all_digits_of_the_weight(page):
    shown = float(page.text_input(key="set_parameter").value)
    assert Parameter("w1[2, 0]", shown).value == Parameter("w1[2, 0]", weight(page)).value


def test_plus_and_minus_change_the_selected_bias(page):
    select(page, "b1[1]")
    before = visitor(page).run.network.layers[0].biases[0, 1].item()
    page.button(key="set_parameter_add").click().run()
    assert visitor(page).run.network.layers[0].biases[0, 1].item() == pytest.approx(before + 0.1)
    page.button(key="set_parameter_remove").click().run()
    assert visitor(page).run.network.layers[0].biases[0, 1].item() == pytest.approx(before)


@pytest.mark.parametrize("nonsense", ["", "much", "1e31", "nan", "1e400"])
def test_nonsense_changes_nothing_and_gets_a_sentence(page, nonsense):
    before = visitor(page).recipe
    type_into(page, "set_parameter", nonsense)
    (sentence,) = [one.value for one in page.error]
    assert sentence.replace("\\", "").startswith("w1[2, 0] must be a number")
    assert sentence.endswith("Nothing was changed.")
    assert visitor(page).recipe == before


def test_undo_takes_each_typed_weight_back(page):
    before = weight(page)
    for typed in ("0.5", "0.7"):
        type_into(page, "set_parameter", typed)
    page.button(key="step_back").click().run()
    assert weight(page) == 0.5
    page.button(key="step_back").click().run()
    assert weight(page) == before


def test_reset_and_another_rate_keep_first_weights_set_by_hand_and_a_new_seed_does_not(page):
    type_into(page, "set_parameter", "0.5")
    type_into(page, "learning_rate", "0.3")
    page.button(key="step_epoch").click().run()
    assert weight(page) != 0.5
    page.button(key="reset").click().run()
    assert (weight(page), visitor(page).run.epoch) == (0.5, 0)
    page.selectbox(key="hidden_activation").set_value("tanh").run()
    assert weight(page) == 0.5
    type_into(page, "seed", "5")
    assert weight(page) != 0.5


def test_a_weight_set_while_an_epoch_is_shown_changes_the_numbers_on_show(page):
    page.button(key="step_phase").click().run()
    z = visitor(page).walk.trace.activity.sums[0][0, 0].item()
    page.session_state["panel"] = "Inspect"
    page.run()
    type_into(page, "set_parameter", "3")
    assert visitor(page).walk.shown == 1
    assert visitor(page).walk.trace.activity.sums[0][0, 0].item() != z
