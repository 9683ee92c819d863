"""Input: nonsense gets a sentence, and the run does not change."""

import pytest

EDGE = """() => {
    const plot = document.querySelector('.st-key-diagram');
    const at = plot.data.findIndex(trace => trace.name === 'edges');
    const [x, y] = [plot.data[at].x[7], plot.data[at].y[7]];
    const { xaxis, yaxis } = plot._fullLayout, { left, top } = plot.getBoundingClientRect();
    window.spot = [left + xaxis._offset + xaxis.c2p(x), top + yaxis._offset + yaxis.c2p(y)];
}"""
LABEL = "() => document.querySelector('.st-key-diagram .hoverlayer')?.textContent ?? ''"
SHORTCUTS = {"step_epoch": "ArrowRight", "step_phase": "p", "step_back": "ArrowLeft", "play": " "}


NONSENSE = {
    "n_input": (0, "from 1 to 64"),
    "n_hidden": (1000, "from 1 to 64"),
    "n_output": (-3, "from 1 to 16"),
    "learning_rate": (-1, "greater than 0"),
    "seed": (-5, "0 or more"),
    "examples": (10**9, "from 1 to 10000"),
    "batch_size": (0, "from 1 to"),
}


def test_nonsense_in_any_field_gets_a_sentence_and_the_run_stays(visit):
    visitor = visit()
    visitor.step(2)
    for field, (nonsense, allowed) in NONSENSE.items():
        visitor.type(field, nonsense)
        label = visitor.element(field, "input").get_attribute("aria-label")
        assert allowed in visitor.sentences.partition(f"{label} must be")[2], field
        assert visitor.epoch == 2
    visitor.step()


def test_a_nonsense_number_of_epochs_trains_none(visit):
    visitor = visit()
    visitor.train(0)
    visitor.settle()
    assert "Epochs to train must be a whole number, 1 or more" in visitor.sentences
    assert visitor.epoch == 0


@pytest.mark.parametrize(
    ("query", "words", "edges"),
    [
        ("?sizes=5-999-1", "n_hidden must be a whole number from 1 to 64", 5 * 3 + 3),
        ("?learning_rate=fast", "learning_rate must be a number", 5 * 3 + 3),
        ("?data=xor&sizes=9-3-1", "n_input must be 2", 2 * 4 + 4),
        ("?wizard=1&sizes=4-2-1", "'wizard' is not a setting", 4 * 2 + 2),
        ("?sizes=%F0%9F%99%82", "sizes must be whole numbers", 5 * 3 + 3),
    ],
)
def test_nonsense_in_the_address_gets_a_sentence_and_the_rest_is_obeyed(visit, query, words, edges):
    visitor = visit(query)
    assert words in visitor.sentences
    assert len(visitor.edges()) == edges
    visitor.step()


def test_a_link_opens_the_run_that_it_describes(visit):
    visitor = visit("?sizes=2-4-1&data=xor&bias_rule=gradient&learning_rate=1.0&steps=300")
    visitor.wait_for_epoch(300)
    assert len(visitor.edges()) == 2 * 4 + 4
    assert visitor.element("n_hidden", "input").input_value() == "4"


def test_a_run_that_diverges_says_where_and_what_to_try(visit):
    query = "?data=iris&sizes=4-5-3&hidden_activation=relu&output_activation=linear"
    visitor = visit(f"{query}&bias_rule=gradient&learning_rate=1000000.0")
    visitor.click("play")
    visitor.page.locator("[data-testid=stAlert]").wait_for()
    visitor.settle()
    assert "stopped being finite" in visitor.sentences
    assert f"epoch {visitor.epoch}" in visitor.sentences
    assert "learning rate" in visitor.sentences
    assert visitor.label_of_play == "Play"


def test_a_click_on_an_edge_shows_its_numbers_and_stays_through_steps(visit):
    visitor = visit()
    visitor.page.evaluate(EDGE)
    visitor.page.mouse.click(*visitor.page.evaluate("window.spot"))
    shown = visitor.page.locator("[data-line='new w¹₃₂']")
    shown.wait_for()
    visitor.step(2)
    visitor.settle()
    assert visitor.page.get_by_text("weight from x3 to h2, at epoch 2").is_visible()


def test_an_open_hover_label_follows_the_numbers(visit):
    visitor = visit()
    visitor.settle()
    visitor.page.evaluate(EDGE)
    visitor.page.mouse.move(*visitor.page.evaluate("window.spot"))
    for key in ("step_epoch", "step_phase", "step_back", "step_epoch", "play"):
        visitor.page.wait_for_function(f"before => ({LABEL})().includes('weight')")
        before = visitor.page.evaluate(LABEL)
        visitor.page.keyboard.press(SHORTCUTS[key])
        visitor.page.wait_for_function(f"before => ({LABEL})() !== before", arg=before)
    assert visitor.page.evaluate(LABEL) == ""  # while it plays there is none
    visitor.page.keyboard.press(SHORTCUTS["play"])
    visitor.page.wait_for_function(f"() => ({LABEL})().includes('weight')")
    weight = "document.querySelector('.st-key-diagram').data[0].customdata[7][0]"
    assert visitor.page.evaluate(weight) in visitor.page.evaluate(LABEL)
