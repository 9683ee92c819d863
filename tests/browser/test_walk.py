"""Walking through an epoch in the browser: what the page shows is what the notebook computes."""

import pytest
import torch
from the_notebook import sigmoid_activation, sigmoid_delta

from nets import Config, start
from nets.explain.arithmetic import format_number
from nets.explain.derivation import derive
from nets.explain.phases import Phase, Walkthrough
from nets.explain.quantities import Quantities

EPOCH = "document.querySelector('.st-key-epoch output').textContent"


def one_epoch_of_the_notebook(seed):
    """Run cells 3 to 16, and keep everything that they compute."""
    torch.manual_seed(seed)
    x, y = torch.randn((1, 5)), torch.randn((1, 1))
    w1, w2 = torch.randn(5, 3), torch.randn(3, 1)
    b1, b2 = torch.randn((1, 3)), torch.randn((1, 1))
    z1 = torch.mm(x, w1) + b1
    a1 = sigmoid_activation(z1)
    z2 = torch.mm(a1, w2) + b2
    output = sigmoid_activation(z2)
    loss = y - output
    d_outp = loss * sigmoid_delta(output)
    d_hidn = torch.mm(d_outp, w2.t()) * sigmoid_delta(a1)
    return [
        {"x": x, "w¹": w1, "b¹": b1, "z¹": z1, "a¹": a1},
        {"a¹": a1, "w²": w2, "b²": b2, "z²": z2, "ŷ": output},
        {"y": y, "ŷ": output, "error = y − ŷ": loss},
        {"δ²": -d_outp, "gradient of w²": -torch.mm(a1.t(), d_outp)},
        {
            "δ¹": -d_hidn,
            "gradient of w¹": -torch.mm(x.t(), d_hidn),
            "gradient of b¹": -d_hidn,
            "sum over the layer, for b¹": -d_hidn.sum().reshape(1, 1).expand(1, 3),
        },
        {
            "new w²": w2 + torch.mm(a1.t(), d_outp) * 0.1,
            "new b²": b2 + d_outp.sum() * 0.1,
            "Δw²": torch.mm(a1.t(), d_outp) * 0.1,
        },
    ]


def test_an_epoch_shown_forward_and_back_has_the_notebook_s_numbers(visit):
    visitor = visit("?seed=7")
    visitor.step_phase()
    visitor.show_views("Matrices")
    visitor.choose("digits", "6 digits")
    walked = one_epoch_of_the_notebook(7)
    for place, expected in enumerate(walked):
        assert_shown(visitor, expected)
        assert visitor.epoch == (1 if place == 5 else 0)
        if place < 5:
            visitor.step_phase()
    for expected in reversed(walked[:-1]):
        visitor.step_phase("step_back")
        assert_shown(visitor, expected)
        assert visitor.epoch == 0
    visitor.step_phase("step_back")
    assert visitor.matrices() == {}
    assert len(visitor.loss_line()) == 1


def assert_shown(visitor, expected):
    shown = {name.partition(" (")[0]: rows for name, rows in visitor.matrices().items()}
    for name, values in expected.items():
        torch.testing.assert_close(torch.tensor(shown[name]), values, rtol=2e-6, atol=2e-6)


def test_an_epoch_shown_by_phases_equals_one_step(visit):
    walker, stepper = visit("?sizes=4-6-3"), visit("?sizes=4-6-3")
    for _ in range(7):
        walker.step_phase()
    walker.step_phase("step_back")
    stepper.step()
    stepper.settle()
    assert (walker.epoch, walker.loss) == (1, stepper.loss)
    walker.step(2)
    stepper.step(2)
    for visitor in (walker, stepper):
        visitor.settle()
    assert (walker.edges(), walker.neurons()) == (stepper.edges(), stepper.neurons())
    assert walker.loss_line() == stepper.loss_line()


def test_the_picture_of_a_click_is_there_before_the_server_answers(visit):
    visitor = visit()
    visitor.settle()
    press = "document.querySelector('.st-key-{} button').click()"
    before = visitor.edges()
    told = visitor.page.evaluate(f"() => {{ {press.format('step_epoch')}; return {EPOCH}; }}")
    assert told == "1"
    assert visitor.edges() != before
    visitor.settle()
    visitor.step_phase()  # the next phase, too, is painted before the server answers
    picture = "document.querySelector('.st-key-diagram .scatterlayer').outerHTML"
    before = visitor.page.evaluate(f"() => {picture}")
    pressed = f"() => {{ {press.format('step_phase')}; return {picture}; }}"
    assert visitor.page.evaluate(pressed) != before


@pytest.mark.parametrize("pause", [0, 15, 40])
def test_fast_clicks_are_all_obeyed_in_order(visit, pause):
    visitor = visit()
    visitor.settle()
    keys = ["step_epoch", "step_epoch", "step_phase", "reset", "step_epoch", "step_epoch"]
    visitor.page.evaluate(
        """async ([keys, pause]) => {
            for (const key of keys) {
                document.querySelector(`.st-key-${key} button`).click();
                if (pause) await new Promise(go => setTimeout(go, pause));
            }
        }""",
        [keys, pause],
    )
    visitor.wait_for_text("epoch", "2")
    assert [epoch for epoch, _ in visitor.loss_line()] == [0, 1, 2]
    visitor.page.wait_for_timeout(500)
    assert visitor.epoch == 2


def test_a_precomputed_picture_is_dropped_when_something_else_happens(visit):
    visitor, other = visit(), visit("?learning_rate=3.0")
    visitor.settle()
    visitor.element("learning_rate", "input").fill("3")
    visitor.click("step_epoch")
    other.step()
    for one in (visitor, other):
        one.wait_for_epoch(1)
        one.settle()
    assert visitor.loss == other.loss
    assert visitor.edges() == other.edges()


def test_colours_change_over_600_to_750_ms_but_at_once_with_reduced_motion(visit):
    visitor = visit()
    visitor.step_phase()
    duration = (
        "() => getComputedStyle(document.querySelector('.st-key-diagram .shapelayer path'))"
        ".transitionDuration.split(', ').map(parseFloat)"
    )
    assert all(0.6 <= seconds <= 0.75 for seconds in visitor.page.evaluate(duration))
    visitor.page.emulate_media(reduced_motion="reduce")
    assert all(seconds == 0 for seconds in visitor.page.evaluate(duration))


def test_a_term_under_the_pointer_highlights_its_weight_and_a_click_selects_it(visit):
    visitor = visit()
    visitor.step_phase()
    term = visitor.page.locator('.st-key-line [data-lights="w1[1, 0]"]').first
    term.hover()
    lines = "() => [...document.querySelectorAll('.highlighted')].map((line) => line.dataset.index)"
    assert visitor.page.evaluate(lines) == ["3"]
    term.click()
    visitor.settle()
    assert len(visitor.edges()) == 18 + 1


NUMBERS = """() => [...document.querySelectorAll(
    '.st-key-diagram .scatterlayer .trace.scatter:nth-child(3) .text text')].map(
    (text) => text.textContent.trim())"""


def test_a_neuron_has_its_number_again_after_the_picture_was_redrawn_without_it(visit):
    visitor = visit()
    numbers = visitor.page.evaluate(NUMBERS)
    visitor.step_phase()
    visitor.page.locator(".st-key-line [data-lights]").first.click()  # whole figures
    visitor.settle()
    assert visitor.page.evaluate(NUMBERS) == [*numbers[:8], ""]
    visitor.click("step_back")
    visitor.settle()
    assert visitor.page.evaluate(NUMBERS) == numbers


@pytest.mark.parametrize("phases", [1, 5])
def test_transport_diagram_and_line_are_on_one_screen(visit, phases):
    visitor = visit()
    for _ in range(phases):
        visitor.step_phase()
    for key in ("transport", "diagram", "line"):
        box = visitor.element(key).bounding_box()
        assert box["y"] >= 0
        assert box["y"] + box["height"] <= 800
    assert visitor.page.evaluate("() => document.querySelector('.stMain').scrollTop") == 0


def test_a_large_network_shows_one_neuron_and_says_what_it_leaves_out(visit):
    visitor = visit("?sizes=64-64-16")
    visitor.step_phase()
    assert visitor.lines().keys() == {"z¹₁", "a¹₁"}
    assert visitor.page.get_by_text("All 65 terms").count() == 1
    visitor.show_views("Matrices")
    assert "w¹ (64, 64), its first 8 × 8" in visitor.matrices()


def test_a_prediction_is_judged_and_counted(visit):
    visitor = visit()
    visitor.step_phase()
    visitor.show_views("Quiz")
    visitor.type("prediction", "about three")
    assert "must be a number" in visitor.sentences
    visitor.type("prediction", "99")
    assert "Not correct" in visitor.sentences
    assert visitor.page.get_by_text("0 of 1 correct").count() == 1
    visitor.click("ask_another")
    visitor.settle()
    visitor.type("prediction", format_number(value_asked_for(visitor), 3))
    assert "Correct" in visitor.sentences
    assert visitor.page.get_by_text("1 of 2 correct").count() == 1


def value_asked_for(visitor):
    """Work out what is asked for after the first phase of the notebook's network."""
    name = visitor.page.locator(".st-key-question strong").inner_text()
    lines = derive(Quantities(Walkthrough(start(Config()), 2).trace), Phase("forward", 2), 0)
    return next(line.value for line in lines if line.name == name)
