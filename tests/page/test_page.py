"""The page's logic: what a click or a typed value does to the run, without a browser."""

import re

import pytest
import torch
from visiting import arrive, text_of, train, type_into, visitor

from nets import Config, advance, replay, start


def reading(page, key):
    written = "".join(element.value for element in page.html)
    return re.search(f'aria-label="{key}">(.*?)</output>', written)[1]


def test_the_page_begins_as_the_notebook(page):
    assert visitor(page).recipe.config == Config()
    assert reading(page, "epoch") == "0"
    assert reading(page, "loss") == f"{start(Config()).loss:#.6g}"


def test_a_step_trains_one_epoch(page):
    page.button(key="step_epoch").click().run()
    assert reading(page, "epoch") == "1"
    assert reading(page, "loss") == f"{advance(start(Config())).loss:#.6g}"


def test_after_any_clicks_the_recipe_replays_to_the_run(page):
    type_into(page, "n_hidden", 6)
    page.button(key="step_epoch").click().run()
    page.button(key="step_epoch").click().run()
    type_into(page, "learning_rate", 0.03)
    train(page, 40)
    page.button(key="rate_up").click().run()
    page.button(key="play").click().run()
    page.button(key="play").click().run()
    page.button(key="step_epoch").click().run()
    live, again = visitor(page).run, replay(visitor(page).recipe)
    assert live.epoch == again.epoch > 43
    assert torch.equal(live.network.parameters, again.network.parameters)
    assert torch.equal(live.history.loss, again.history.loss)


@pytest.mark.parametrize(
    ("key", "value"),
    [("n_input", 7), ("n_hidden", 5), ("n_output", 2), ("seed", 9), ("examples", 4)],
)
def test_another_size_seed_or_number_of_examples_starts_a_new_run(page, key, value):
    page.button(key="step_epoch").click().run()
    type_into(page, key, value)
    assert visitor(page).run.epoch == 0
    assert page.text_input(key=key).value == str(value)


def test_another_learning_rate_continues_the_run(page):
    page.button(key="step_epoch").click().run()
    type_into(page, "learning_rate", 0.5)
    assert (visitor(page).run.epoch, visitor(page).run.learning_rate) == (1, 0.5)


def test_the_rate_buttons_go_to_the_next_usual_rate(page):
    type_into(page, "learning_rate", 0.05)
    rates = []
    for key in ["rate_up"] * 7 + ["rate_down"] * 12:
        page.button(key=key).click().run()
        rates.append(visitor(page).run.learning_rate)
    assert rates[:7] == [0.1, 0.3, 1.0, 3.0, 10.0, 10.0, 10.0]
    assert rates[-1] == 0.0001
    assert rates[7:] == sorted(rates[7:], reverse=True)


def test_reset_keeps_the_first_weights_and_the_present_learning_rate(page):
    first = visitor(page).run.network.parameters.clone()
    page.button(key="step_epoch").click().run()
    type_into(page, "learning_rate", 0.5)
    page.button(key="reset").click().run()
    run = visitor(page).run
    assert (run.epoch, run.learning_rate) == (0, 0.5)
    assert torch.equal(run.network.parameters, first)


def test_new_weights_are_other_weights_under_another_seed(page):
    first = visitor(page).run
    page.button(key="new_weights").click().run()
    run = visitor(page).run
    assert run.config.seed == int(page.text_input(key="seed").value)
    assert (run.config.seed == first.config.seed) == torch.equal(
        run.network.parameters, first.network.parameters
    )


def test_nonsense_gets_a_sentence_until_it_is_corrected_and_the_run_stays(page):
    page.button(key="step_epoch").click().run()
    type_into(page, "n_hidden", 0)
    (error,) = page.error
    assert "n_hidden" in error.value
    assert "64" in error.value
    assert visitor(page).run.epoch == 1
    type_into(page, "n_hidden", 3)
    assert not page.error
    assert visitor(page).run.epoch == 1  # it is the run's own size again


def test_data_of_a_fixed_shape_decides_the_sizes_at_both_ends(page):
    page.selectbox(key="data").select("iris").run()
    run = visitor(page).run
    assert (run.config.sizes[0], run.config.sizes[-1]) == (4, 3)
    assert run.config.bias_rule == "gradient"
    assert page.text_input(key="n_input").disabled
    page.selectbox(key="data").select("notebook").run()
    assert visitor(page).run.config.bias_rule == "notebook"
    assert not page.text_input(key="n_input").disabled


@pytest.mark.parametrize("data", ["xor", "iris"])
def test_the_suggested_settings_learn_their_data(page, data):
    page.selectbox(key="data").select(data).run()
    before = visitor(page).run.loss
    train(page, 1000)
    assert visitor(page).run.loss < before / 4


def test_up_to_five_hidden_layers_can_be_added(page):
    for layers in range(2, 7):
        page.button(key="add_layer").click().run()
        assert len(visitor(page).run.config.sizes) == layers + 2
    assert page.button(key="add_layer").disabled


def test_an_address_with_a_recipe_is_followed():
    page = arrive(sizes="5-4-1", steps="3 rate=0.5 2")
    run = visitor(page).run
    assert (run.config.sizes, run.epoch, run.learning_rate) == ((5, 4, 1), 5, 0.5)
    assert page.text_input(key="n_hidden").value == "4"


def test_a_wrong_address_gets_the_notebook_and_a_sentence_until_the_next_step():
    page = arrive(sizes="5-0-1")
    assert visitor(page).recipe.config == Config()
    assert "n_hidden" in page.warning[0].value
    page.button(key="step_epoch").click().run()
    assert not page.warning


@pytest.mark.parametrize("panel", ["Inspect", "Weights and biases", "Data and output"])
@pytest.mark.parametrize("sizes", ["5-3-1", "1-1-1", "64-64-64-16"])
def test_every_panel_can_be_shown_for_every_size(panel, sizes):
    page = arrive(sizes=sizes)
    page.segmented_control(key="panel").set_value(panel).run()
    visitor(page)


def test_a_part_chosen_from_lists_always_exists(page):
    page.selectbox(key="part_kind").select("w").run()
    page.selectbox(key="part_layer").select(2).run()
    page.selectbox(key="part_source").select(2).run()
    assert str(visitor(page).selected) == "w2[2, 0]"
    page.selectbox(key="part_layer").select(1).run()
    assert str(visitor(page).selected) == "w1[2, 0]"
    assert any("weight from x₃ to h₁" in text_of(element.value) for element in page.html)
    page.selectbox(key="part_kind").select("a").run()
    page.selectbox(key="part_layer").select(0).run()
    page.selectbox(key="part_target").select(4).run()
    assert str(visitor(page).selected) == "a0[4]"
    type_into(page, "n_input", 2)
    assert visitor(page).selected is None


def test_a_scale_that_the_weights_have_outgrown_can_be_chosen_again():
    page = arrive(data="xor", learning_rate="3", steps="500")
    weights = visitor(page).run.network.parameters.abs()
    before = visitor(page).scale
    assert before < weights.max()
    page.session_state["view"] = True
    page.run()
    page.button(key="new_scale").click().run()
    assert before < weights.max() <= visitor(page).scale
    assert "new_scale" not in {button.key for button in page.button}


def test_while_it_plays_a_panel_says_which_epoch_it_shows(page):
    page.button(key="play").click().run()
    said = " ".join(caption.value for caption in page.caption)
    assert f"It shows epoch {visitor(page).run.epoch}." in said
    page.button(key="play").click().run()
    assert not any("It shows epoch" in caption.value for caption in page.caption)
