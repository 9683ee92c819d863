"""Choices in the sidebar fit together, and the recipe contains them."""

from dataclasses import replace

import pytest
from visiting import arrive, type_into, visitor

from nets.data.datasets import DATASETS
from nets.presets import PRESETS


def config_of(page):
    return visitor(page).recipe.config


def has(page, key):
    return any(field.key == key for field in page.text_input)


def test_every_data_set_comes_with_its_preset_and_keeps_the_seed(page):
    type_into(page, "seed", 7)
    for name in (*DATASETS, *reversed(DATASETS)):
        page.selectbox(key="data").select(name).run()
        assert config_of(page) == replace(PRESETS[name], seed=7)
        assert has(page, "noise") == DATASETS[name].has_noise


def test_noise_changes_the_data_and_is_0_again_for_other_data(page):
    page.selectbox(key="data").select("spiral").run()
    clear = visitor(page).run.data
    type_into(page, "noise", 0.3)
    assert config_of(page).noise == 0.3
    assert not visitor(page).run.data.inputs.equal(clear.inputs)
    page.selectbox(key="data").select("xor").run()
    type_into(page, "seed", 7)
    assert config_of(page) == replace(PRESETS["xor"], seed=7)
    page.selectbox(key="data").select("circle").run()
    assert config_of(page).noise == float(page.text_input(key="noise").value) == 0


@pytest.mark.parametrize("wrong", [-0.1, 0.6])
def test_impossible_noise_gets_a_sentence_and_the_run_stays(page, wrong):
    page.selectbox(key="data").select("moons").run()
    type_into(page, "noise", wrong)
    (error,) = page.error
    assert error.value.startswith("Noise must be a number from 0 to 0.5; got ")
    assert config_of(page) == PRESETS["moons"]
    type_into(page, "noise", 0.1)
    assert not page.error
    assert config_of(page).noise == 0.1


def choose(page, key, name):
    page.selectbox(key=key).select(name).run()


@pytest.mark.parametrize("loss", ["MSELoss", "L1Loss", "SmoothL1Loss", "HuberLoss"])
def test_another_loss_starts_a_new_run(page, loss):
    page.button(key="step_epoch").click().run()
    choose(page, "loss_function", loss)
    assert (config_of(page).loss, visitor(page).run.epoch) == (loss, 0)
    assert not page.error


def test_a_loss_that_does_not_fit_the_output_gets_a_sentence_and_an_offer_that_fits(page):
    choose(page, "data", "xor")
    choose(page, "output_activation", "tanh")
    choose(page, "loss_function", "BCELoss")
    (error,) = page.error
    assert "must be sigmoid for BCELoss" in error.value
    assert error.value.endswith("Nothing was changed.")
    assert config_of(page).loss == "SquaredError"
    assert page.button(key="use_what_fits").label == "Use a sigmoid output"
    page.button(key="use_what_fits").click().run()
    assert (config_of(page).loss, config_of(page).output_activation) == ("BCELoss", "sigmoid")
    assert not page.error
    assert not any(button.key == "use_what_fits" for button in page.button)


def test_one_output_is_offered_the_loss_for_one_output(page):
    choose(page, "data", "circle")
    choose(page, "loss_function", "CrossEntropyLoss")
    assert "n_output must be at least 2" in page.error[0].value
    assert page.button(key="use_what_fits").label == "Use BCEWithLogitsLoss with a linear output"
    page.button(key="use_what_fits").click().run()
    config = config_of(page)
    assert (config.loss, config.output_activation) == ("BCEWithLogitsLoss", "linear")
    assert page.selectbox(key="loss_function").value == "BCEWithLogitsLoss"
    assert not page.error


def test_targets_outside_0_to_1_are_offered_a_loss_for_any_numbers(page):
    choose(page, "loss_function", "BCELoss")
    assert "targets must be from 0 to 1 for BCELoss" in page.error[0].value
    assert config_of(page).loss == "SquaredError"
    page.button(key="use_what_fits").click().run()
    assert config_of(page).loss == "MSELoss"


def test_a_loss_that_applies_softmax_a_second_time_runs_with_a_warning(page):
    choose(page, "data", "iris")
    choose(page, "loss_function", "CrossEntropyLoss")
    assert config_of(page).loss == "CrossEntropyLoss"
    assert "applies softmax to the outputs itself" in page.warning[0].value
    page.button(key="use_what_fits").click().run()
    assert config_of(page).output_activation == "linear"
    assert not page.warning


def test_an_address_with_a_loss_that_the_targets_do_not_fit_gets_a_sentence():
    page = arrive(loss="BCELoss")
    assert "targets must be from 0 to 1" in page.warning[0].value
    assert config_of(page).loss == "SquaredError"


def test_an_address_carries_loss_and_noise():
    page = arrive(
        data="moons", sizes="2-4-1", noise="0.2", examples="40", loss="BCELoss", steps="3"
    )
    assert (config_of(page).noise, config_of(page).loss) == (0.2, "BCELoss")
    assert page.text_input(key="noise").value == "0.2"
    assert page.selectbox(key="loss_function").value == "BCELoss"


def test_a_setting_without_a_widget_stays_as_it_is(page):
    choose(page, "data", "xor")
    for seed in range(1, 4):
        type_into(page, "seed", seed)
        assert config_of(page) == replace(PRESETS["xor"], seed=seed)


def test_a_textbook_opens_with_its_own_weights_and_offers_others_for_another_size(page):
    page.selectbox(key="data").select("han").run()
    assert visitor(page).run.network.layers[0].weights[0, 0].item() == pytest.approx(0.2)
    type_into(page, "n_hidden", 4)
    assert config_of(page).sizes == (3, 2, 1)
    assert "3-2-1 for the first weights of the book" in page.error[0].value.replace("\\", "")
    page.button(key="use_what_fits").click().run()
    assert config_of(page) == replace(PRESETS["han"], sizes=(3, 4, 1), first_weights="normal")
