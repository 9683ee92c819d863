"""The box of optimiser, penalty and first weights: what can be chosen in it, and its texts."""

import math

import pytest
from visiting import arrive, type_into, visitor

from nets import Config
from nets.engine.initializers import FIRST_WEIGHTS
from nets.engine.optimizers import OPTIMIZERS
from nets.page.controls.sidebar import about_rate, optimizer_label
from nets.page.controls.widgets import MAY_BE_NONE


def config_of(page):
    return visitor(page).recipe.config


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_another_optimiser_trains_from_the_same_start(page, name):
    first = visitor(page).run.network.parameters
    page.selectbox(key="optimizer").select(name).run()
    assert config_of(page) == Config(optimizer=name)
    assert visitor(page).run.network.parameters.equal(first)
    page.button(key="step_epoch").click().run()
    for panel in ("Inspect", "Gradient check", "Four steps"):
        page.segmented_control(key="panel").set_value(panel).run()
        assert visitor(page).run.epoch == 1


@pytest.mark.parametrize("name", FIRST_WEIGHTS)
def test_other_first_weights_are_a_new_run(page, name):
    page.button(key="step_epoch").click().run()
    page.selectbox(key="first_weights").select(name).run()
    assert config_of(page) == Config(first_weights=name)
    assert visitor(page).run.epoch == (1 if name == "normal" else 0)


def test_a_constant_of_an_optimiser_is_chosen_named_and_taken_back(page):
    page.selectbox(key="optimizer").select("Adam").run()
    type_into(page, "beta1", "0,5")
    assert config_of(page) == Config(optimizer="Adam", beta1=0.5)
    assert optimizer_label(config_of(page)) == "Adam (β₁ 0.5)"
    type_into(page, "beta1", 2)
    assert page.error[0].value.startswith("β₁ must be a number from 0 to 0.9999; got 2")
    assert config_of(page).beta1 == 0.5
    type_into(page, "beta1", "")
    assert config_of(page) == Config(optimizer="Adam")


@pytest.mark.parametrize("field", ["l1", "l2"])
@pytest.mark.parametrize("wrong", [-0.1, 10.5])
def test_an_impossible_penalty_gets_a_sentence_in_and_below_the_box_and_the_run_stays(
    page, field, wrong
):
    type_into(page, field, wrong)
    inside, below = page.error
    assert inside.value == below.value
    assert below.value.startswith(f"{field.upper()} must be a number from 0 to 10; got ")
    assert config_of(page) == Config()
    type_into(page, field, 0.1)
    assert not page.error
    assert getattr(config_of(page), field) == 0.1


def test_the_box_names_what_differs_from_the_notebook():
    assert optimizer_label(Config()) == "Optimiser and more"
    assert optimizer_label(Config(optimizer="Adam", l2=0.01)) == "Adam, L2 0.01"
    assert optimizer_label(Config(l1=0.5, first_weights="he")) == "L1 0.5, first weights he"


def test_an_unusual_learning_rate_gets_a_note_and_a_usual_one_does_not():
    for name, optimizer in OPTIMIZERS.items():
        low, high = optimizer.usual_rates
        assert not about_rate(name, low)
        assert not about_rate(name, high)
        assert high == math.inf or "are usual; yours is 30" in about_rate(name, 30.0)


def test_inspect_shows_what_the_optimiser_would_change(page):
    page.selectbox(key="part_kind").select("w").run()
    for optimizer in ("GradientDescent", "Adam"):
        page.selectbox(key="optimizer").select(optimizer).run()
        (html,) = (element.value for element in page.html if "in an update over" in element.value)
        assert ("corrected m of" in html) == (optimizer == "Adam")


def test_an_address_carries_optimiser_penalty_and_first_weights():
    page = arrive(optimizer="Adam", l2="0.01", first_weights="xavier", steps="3")
    assert config_of(page) == Config(optimizer="Adam", l2=0.01, first_weights="xavier")
    assert page.selectbox(key="optimizer").value == "Adam"
    assert page.text_input(key="l2").value == "0.01"
    assert visitor(page).run.epoch == 3


def test_what_is_wrong_in_a_field_is_said_with_the_label_of_the_field():
    page = arrive(data="plane", sizes="2-3-3-1", optimizer="Adam")
    fields = [field for field in page.sidebar.text_input if not field.disabled]
    for field in fields:
        field.set_value("abc").run()
        said = [error.value for error in page.error]
        label = field.label.replace("Batch", "Batch size")  # the field is short next to Noise
        assert any(text.startswith(f"{label} must be a ") for text in said), (field.key, said)
        assert not any(field.key in text for text in said if field.key != field.label)
        field.set_value("").run() if field.key in MAY_BE_NONE else field.set_value("1").run()
    assert len(fields) == 14


def test_choices_that_do_not_fit_are_named_by_their_labels(page):
    page.selectbox(key="output_activation").select("tanh").run()
    page.selectbox(key="loss_function").select("BCELoss").run()
    assert page.error[0].value.startswith("Output activation must be sigmoid for BCELoss")
