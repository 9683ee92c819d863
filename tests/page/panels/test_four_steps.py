"""The panel "Four steps" shows what the engine computes in each phase."""

import re

import pytest
import torch
from visiting import arrive, type_into

from nets import (
    LOSSES,
    Config,
    Epochs,
    LearningRate,
    Recipe,
    advance,
    backward,
    forward,
    replay,
    start,
)
from nets.engine.backprop import BIAS_RULES
from nets.engine.names import symbol
from nets.engine.optimizers import OPTIMIZERS
from nets.explain.arithmetic import format_number
from nets.explain.phase_names import MEANINGS, QUESTIONS, STEPS
from nets.explain.phase_words import explain_phase
from nets.explain.phases import Phase, Walkthrough, phases


def walking(phase_count, **query):
    page = arrive(**query)
    for _ in range(phase_count):
        page.button(key="step_phase").click().run()
    assert not page.exception
    return page


def visitor(page):
    return page.session_state["visitor"]


def strip(page):
    (html,) = (e.value for e in page.html if '<ol class="strip">' in e.value)
    steps = re.findall(r'<li aria-current="step">(.*?)</li>', html)
    return [re.sub("<.*?>", "", step) for step in steps]


def lines(page):
    (element,) = page.container(key="line").html
    return element.value


def test_the_first_phase_opens_the_panel_and_another_one_leaves_the_panel_alone():
    page = walking(1)
    assert page.session_state["panel"] == "Four steps"
    page.segmented_control(key="panel").set_value("Inspect").run()
    page.button(key="step_phase").click().run()
    assert page.session_state["panel"] == "Inspect"


DEEP = Config(sizes=(3, 4, 2, 2), examples=2)
PHASES = {
    "1 Forward propagation · layer 1 of 3": ("z¹₁", "a¹₁"),
    "1 Forward propagation · layer 2 of 3": ("z²₁", "a²₁"),
    "1 Forward propagation · layer 3 of 3": ("z³₁", "ŷ₁"),
    "2 Loss": ("error₁", "loss of this example"),
    "3 Backpropagation · layer 3 of 3": ("δ³₁", "gradient of w³₁₁"),
    "3 Backpropagation · layer 2 of 3": ("δ²₁", "gradient of w²₁₁"),
    "3 Backpropagation · layer 1 of 3": ("δ¹₁", "gradient of w¹₁₁"),
    "4 Update": ("new w³₁₁",),
}


@pytest.fixture(scope="module")
def every_phase():
    """Walk through an epoch once: of each phase the step, the numbers by name, and the code."""
    page, seen = arrive(sizes="3-4-2-2", examples="2"), []
    page.session_state["steps_views"] = ["One number", "Code"]
    for _ in PHASES:
        page.button(key="step_phase").click().run()
        numbers = re.findall(r'data-line="([^"]*)".*?<output[^>]*>([^<]*)</output>', lines(page))
        (step,) = strip(page)
        seen.append((step, dict(numbers), page.code[1].value))
    return seen


def engine_numbers():
    """Compute the numbers of the first example, first neuron and first weight by the engine."""
    run = start(DEEP)
    x, y, loss = run.data.inputs, run.data.targets, LOSSES[DEEP.loss]
    activity = forward(run.network, x)
    gradients = backward(run.network, activity, y, loss, bias_rule=DEEP.bias_rule)
    error = (y - activity.output)[0]
    numbers = {"error₁": error[0], "loss of this example": error.square().sum() / 2}
    for i, layer in enumerate(advance(run).network.layers):
        output = "ŷ₁" if i == 2 else symbol("a", 0, layer=i + 1)
        numbers |= {
            symbol("z", 0, layer=i + 1): activity.sums[i][0, 0],
            output: activity.outputs[i][0, 0],
            symbol("δ", 0, layer=i + 1): gradients.deltas[i][0, 0],
            "gradient of " + symbol("w", 0, 0, layer=i + 1): gradients.weights[i][0, 0],
            "new " + symbol("w", 0, 0, layer=i + 1): layer.weights[0, 0],
        }
    return {name: format_number(value.item(), 3) for name, value in numbers.items()}


def test_each_phase_shows_the_numbers_that_the_engine_computes(every_phase):
    expected = engine_numbers()
    assert [step for step, _, _ in every_phase] == list(PHASES)
    for (_, shown, _), names in zip(every_phase, PHASES.values(), strict=True):
        assert {name: shown[name] for name in names} == {name: expected[name] for name in names}


def test_the_code_up_to_each_phase_computes_what_the_engine_computes(every_phase):
    run, trained = start(DEEP), advance(start(DEEP))
    activity = forward(run.network, run.data.inputs)
    for place, (_, _, code) in enumerate(every_phase):
        computed = {}
        exec(code, computed)
        for i in range(min(place + 1, 3)):
            assert torch.equal(computed[f"z{i + 1}"], activity.sums[i])
        layers = (trained if place == 7 else run).network.layers
        for i, layer in enumerate(layers, start=1):
            assert torch.equal(computed[f"w{i}"], layer.weights)
            assert torch.equal(computed[f"b{i}"], layer.biases)


def test_at_rest_the_panel_says_what_each_of_the_four_steps_is_for():
    page = walking(0)
    page.segmented_control(key="panel").set_value("Four steps").run()
    said = [text.value for text in page.markdown]
    for step in STEPS:
        assert any(QUESTIONS[step] in text and MEANINGS[step] in text for text in said)


@pytest.mark.parametrize("bias_rule", BIAS_RULES)
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_every_phase_is_explained_for_the_run_on_show(bias_rule, optimizer):
    """Under the notebook's rule, and only then, the sentences say what biases follow instead."""
    run = start(Config(sizes=(2, 3, 1), bias_rule=bias_rule, optimizer=optimizer))
    sentences = {phase: explain_phase(run, phase) for phase in phases(2)}
    assert len(set(sentences.values())) == len(sentences)
    for phase, text in sentences.items():
        several = phase in (Phase("backward", 1), Phase("update"))
        assert ("notebook’s rule" in text) == (several and bias_rule == "notebook"), phase
    update = sentences[Phase("update")]
    assert "learning rate 0.1" in update
    kept = OPTIMIZERS[optimizer].state_names
    assert (OPTIMIZERS[optimizer].title in update) == bool(kept)


def test_a_phase_begins_with_its_question_and_shows_no_code_until_it_is_chosen():
    page = walking(1)
    assert any(QUESTIONS["forward"] in text.value for text in page.markdown)
    assert not page.code
    page.segmented_control(key="steps_views").set_value(["One number", "Code"]).run()
    assert "torch.mm(x, w1) + b1" in page.code[0].value


def test_at_rest_the_code_of_all_four_steps_can_be_shown_and_no_number_is():
    page = walking(0)
    page.segmented_control(key="panel").set_value("Four steps").run()
    page.segmented_control(key="steps_views").set_value(["One number", "Code"]).run()
    assert strip(page) == []
    shown = page.code[0].value
    for word in ("torch.mm(x, w1) + b1", "y - output", "sigmoid_delta(a1)", "learning_rate"):
        assert word in shown


def test_the_walk_goes_back_to_where_it_began():
    page = walking(4)
    for _ in range(4):
        page.button(key="step_back").click().run()
    assert strip(page) == []
    assert visitor(page).run.epoch == 0
    assert page.button(key="step_back").disabled


def test_more_digits_are_shown_when_they_are_chosen():
    page = walking(1)
    page.selectbox(key="digits").set_value(6).run()
    z = Walkthrough(start(Config()), 1).trace.activity.sums[0][0, 0].item()
    assert f">{format_number(z, 6)}</output>" in lines(page)


def test_the_example_that_is_chosen_is_the_one_that_is_shown():
    page = walking(1, examples="4")
    page.selectbox(key="example").set_value(2).run()
    step = Walkthrough(start(Config(examples=4)), 1).trace
    assert f">{format_number(step.activity.sums[0][2, 0].item(), 3)}</output>" in lines(page)
    assert visitor(page).example == 2


def test_what_is_chosen_in_the_lists_is_chosen_in_the_diagram():
    page = walking(5)
    page.selectbox(key="focus_source").set_value(3).run()
    page.selectbox(key="focus_neuron").set_value(2).run()
    assert str(visitor(page).selected) == "w1[3, 2]"
    assert "gradient of w¹₄₃" in lines(page)
    page.selectbox(key="focus_source").set_value(-1).run()
    assert str(visitor(page).selected) == "b1[2]"


def test_the_update_can_be_looked_at_in_every_layer():
    page = walking(len(phases(2)))
    page.selectbox(key="focus_layer").set_value(1).run()
    assert 'data-line="new w¹₁₁"' in lines(page)


def test_a_rate_changed_inside_an_epoch_keeps_the_phase_and_is_used_by_the_update():
    page = walking(4)
    type_into(page, "learning_rate", 0.5)
    assert visitor(page).walk.shown == 4
    for _ in range(2):
        page.button(key="step_phase").click().run()
    assert visitor(page).recipe == Recipe(Config(), (LearningRate(0.5), Epochs(1)))
    expected = replay(visitor(page).recipe).network.parameters
    assert visitor(page).run.network.parameters.tolist() == expected.tolist()


def test_a_sum_over_a_batch_is_called_one_and_its_terms_can_be_shown():
    page = walking(4, examples="30")
    assert "sum over the 30 examples of this update" in lines(page)
    assert "All 30 terms" in lines(page)


def test_both_rules_are_compared_from_the_same_start():
    page = walking(0)
    page.segmented_control(key="panel").set_value("Gradient check").run()
    page.button(key="switch_rule").click().run()
    page.button(key="step_epoch").click().run()
    page.button(key="step_epoch").click().run()
    assert visitor(page).run.config.bias_rule == "gradient"
    twin = visitor(page).comparison.run
    assert twin.history.loss.tolist() == advance(start(Config()), 2).history.loss.tolist()
    assert f"{twin.loss:.6g}" in " ".join(text.value for text in page.markdown)


def test_undo_opens_the_panel_where_it_comes_back_to_a_phase(page):
    page.button(key="step_phase").click().run()
    page.button(key="step_epoch").click().run()
    page.segmented_control(key="panel").set_value("Inspect").run()
    page.button(key="step_back").click().run()
    assert visitor(page).walk is not None
    assert page.session_state["panel"] == "Four steps"
