"""The panel "Four steps": it shows the phase that is on, and nothing that is not known yet."""

import re

import pytest
from visiting import arrive

from nets import Config, Epochs, LearningRate, Recipe, advance, replay, start
from nets.explain.arithmetic import format_number
from nets.explain.derivation import derive
from nets.explain.phases import Walkthrough, phases
from nets.explain.quantities import Quantities
from nets.page.html.lines import lines_as_html
from nets.sharing.script import write_script


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
    return re.findall(r'<li aria-current="step">(.*?)</li>', html)


def lines(page):
    (element,) = page.container(key="line").html
    return element.value


def test_the_first_phase_opens_the_panel_and_another_one_leaves_the_panel_alone():
    page = walking(1)
    assert page.session_state["panel"] == "Four steps"
    page.segmented_control(key="panel").set_value("Inspect").run()
    page.button(key="step_phase").click().run()
    assert page.session_state["panel"] == "Inspect"


@pytest.mark.parametrize("place", range(1, 9))
def test_each_phase_shows_its_step_its_code_and_its_numbers(place):
    page, walk = (
        walking(place, sizes="3-4-2-2"),
        Walkthrough(start(Config(sizes=(3, 4, 2, 2))), place),
    )
    titles = {
        "forward": "1 Forward propagation",
        "loss": "2 Loss",
        "backward": "3 Backpropagation",
        "update": "4 Update",
    }
    (on,) = strip(page)
    layer = f" · layer {walk.phase.layer} of 3" if walk.phase.layer else ""
    assert on == titles[walk.phase.step] + layer
    assert write_script(walk).strip() in [code.value.strip() for code in page.code]
    expected = lines_as_html(derive(Quantities(walk.trace), walk.phase, 0, 0), 3)
    assert lines(page).startswith(expected)


def test_at_rest_the_code_of_all_four_steps_is_shown_and_no_number():
    page = walking(0)
    page.segmented_control(key="panel").set_value("Four steps").run()
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
    assert "gradient of w1[3, 2]" in lines(page)
    page.selectbox(key="focus_source").set_value(-1).run()
    assert str(visitor(page).selected) == "b1[2]"


def test_the_update_can_be_looked_at_in_every_layer():
    page = walking(len(phases(2)))
    page.selectbox(key="focus_layer").set_value(1).run()
    assert 'data-line="new w1[0, 0]"' in lines(page)


def test_a_rate_changed_on_the_way_stays_in_the_phase_and_holds_for_the_update():
    page = walking(4)
    page.number_input(key="learning_rate").set_value(0.5).run()
    assert visitor(page).walk.shown == 4
    for _ in range(2):
        page.button(key="step_phase").click().run()
    assert visitor(page).recipe == Recipe(Config(), (LearningRate(0.5), Epochs(1)))
    expected = replay(visitor(page).recipe).network.parameters
    assert visitor(page).run.network.parameters.tolist() == expected.tolist()


def test_a_sum_over_a_batch_says_that_it_is_one_and_opens_into_its_terms():
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
    twin = visitor(page).twin.run
    assert twin.history.loss.tolist() == advance(start(Config()), 2).history.loss.tolist()
    assert f"{twin.loss:.6g}" in " ".join(text.value for text in page.markdown)
