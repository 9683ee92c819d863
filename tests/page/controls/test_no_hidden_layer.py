"""Networks without a hidden layer, derived inputs and softmax, on the page."""

import itertools

import pytest
from visiting import arrive, type_into, visitor

from nets.config import with_derived_inputs
from nets.explain.phases import phases
from nets.page.panels.four_steps import VIEWS
from nets.page.panels.panels import PANELS
from nets.presets import PRESETS


def has(page, key):
    return any(field.key == key for field in page.text_input)


def test_the_last_hidden_layer_can_be_removed_and_added_again(page):
    page.selectbox(key="data").select("circle").run()
    page.button(key="remove_layer").click().run()
    assert visitor(page).run.config.sizes == (2, 1)
    assert page.button(key="remove_layer").disabled
    assert page.selectbox(key="hidden_activation").disabled
    assert not has(page, "n_hidden")
    type_into(page, "seed", 5)
    assert visitor(page).run.config.sizes == (2, 1)
    page.button(key="add_layer").click().run()
    assert visitor(page).run.config.sizes == (2, PRESETS["circle"].sizes[1], 1)
    type_into(page, "n_hidden", 7)
    page.button(key="add_layer").click().run()
    assert visitor(page).run.config.sizes == (2, 7, 7, 1)


NO_HIDDEN_LAYER = {
    "one sigmoid output": {"data": "xor", "sizes": "2-1"},
    "softmax": {"sizes": "2-3", "output_activation": "softmax", "examples": "3"},
}


@pytest.mark.parametrize("query", NO_HIDDEN_LAYER.values(), ids=NO_HIDDEN_LAYER)
def test_every_panel_is_shown_in_every_phase_without_a_hidden_layer(query):
    page = arrive(**query)
    for _ in phases(1):
        page.button(key="step_phase").click().run()
        for panel in PANELS:
            page.segmented_control(key="panel").set_value(panel).run()
            assert visitor(page).run.config.sizes[0] == 2


@pytest.mark.parametrize("query", NO_HIDDEN_LAYER.values(), ids=NO_HIDDEN_LAYER)
def test_every_view_of_the_four_steps_is_shown_without_a_hidden_layer(query):
    page = arrive(**query)
    for view, _ in itertools.product(VIEWS, phases(1)):
        page.button(key="step_phase").click().run()
        page.session_state["steps_views"] = [view]
        page.run()
        assert visitor(page).walk is not None
        assert any(button.key == "ask_another" for button in page.button) == (view == "Quiz")


def test_sidebar_and_diagnosis_say_that_no_line_separates_xor():
    page = arrive(data="xor", sizes="2-1", steps="200")
    (said,) = [each for each in page.sidebar.caption if "separable" in each.value]
    assert said.value == "Not linearly separable."
    page.segmented_control(key="panel").set_value("Diagnosis").run()
    (sentence,) = [each.value for each in page.markdown if "No straight line" in each.value]
    assert "½ for each example" in sentence
    assert "0.1250" in sentence
    page.button(key="add_layer").click().run()
    assert not any("separable" in each.value for each in page.sidebar.caption)


def test_derived_inputs_are_offered_for_points_and_change_the_input_layer(page):
    assert not any(group.key == "derived" for group in page.button_group)
    page.selectbox(key="data").select("circle").run()
    page.button_group(key="derived").set_value(["x2_squared", "x1_squared"]).run()
    run = visitor(page).run
    assert run.config == with_derived_inputs(PRESETS["circle"], ("x1_squared", "x2_squared"))
    assert run.data.input_names == ("x1", "x2", "x1²", "x2²")
    assert page.text_input(key="n_input").value == "4"
    type_into(page, "n_hidden", 2)
    page.button_group(key="derived").set_value(["x1_squared"]).run()
    assert visitor(page).run.config.sizes == (3, 2, 1)
    page.selectbox(key="data").select("iris").run()
    assert visitor(page).run.config == PRESETS["iris"]
    page.selectbox(key="data").select("moons").run()
    assert visitor(page).run.config == PRESETS["moons"]


def test_an_address_carries_derived_inputs():
    page = arrive(data="circle", derived="x1_squared-x2_squared", sizes="4-1")
    assert visitor(page).run.config.derived == ("x1_squared", "x2_squared")
    assert page.button_group(key="derived").value == ["x1_squared", "x2_squared"]
    page.button_group(key="derived").set_value([]).run()
    assert visitor(page).run.config.sizes == (2, 1)


def test_softmax_is_for_outputs_of_several_neurons(page):
    assert "softmax" not in page.selectbox(key="hidden_activation").options
    page.selectbox(key="output_activation").select("softmax").run()
    assert "n_output must be at least 2 for a softmax output" in page.error[0].value
    page.button(key="use_what_fits").click().run()
    assert visitor(page).run.config.output_activation == "sigmoid"
    page.selectbox(key="data").select("iris").run()
    page.selectbox(key="output_activation").select("softmax").run()
    assert visitor(page).run.config.output_activation == "softmax"
    assert not page.error
