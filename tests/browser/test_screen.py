"""The screen: one page, without scrolling, for a projector, a laptop and a phone."""

import pytest

from nets.figures.colours import DARK, LIGHT
from nets.figures.diagram_style import MAX_EDGES

PARTS = ("n_input", "n_hidden", "n_output", "learning_rate", "seed", "step_epoch", "play", "reset")


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (1920, 1080)])
@pytest.mark.parametrize("color_scheme", ["light", "dark"])
def test_one_screen_shows_controls_transport_diagram_and_chart(visit, width, height, color_scheme):
    visitor = visit(width=width, height=height, color_scheme=color_scheme)
    boxes = {
        key: visitor.element(key).bounding_box()
        for key in (*PARTS, "epoch", "loss", "diagram", "loss_chart", "panel")
    }
    for key, box in boxes.items():
        assert box["x"] >= 0, key
        assert box["y"] >= 0, key
        assert box["x"] + box["width"] <= width, key
        assert box["y"] + box["height"] <= height, key


def test_on_a_phone_nothing_sticks_out_to_the_side(visit):
    visitor = visit(width=390, height=844)
    visitor.step()
    wide = "() => document.querySelector('.stMain').scrollWidth"
    assert visitor.page.evaluate(wide) <= 390
    diagram, chart = (visitor.element(key).bounding_box() for key in ("diagram", "loss_chart"))
    assert diagram["y"] + diagram["height"] <= chart["y"]


@pytest.mark.parametrize(("color_scheme", "theme"), [("light", LIGHT), ("dark", DARK)])
def test_the_figures_follow_the_browsers_theme(visit, color_scheme, theme):
    visitor = visit(color_scheme=color_scheme)
    ink = "() => document.querySelector('.st-key-loss_chart').layout.font.color"
    visitor.page.wait_for_function(f"ink => ({ink})() === ink", arg=theme.ink)


COLOUR = """([selector, property]) => {
  const colour = getComputedStyle(document.querySelector(selector))[property];
  const hex = (channel) => Number(channel).toString(16).padStart(2, "0");
  return "#" + colour.match(/[\\d.]+/g).slice(0, 3).map(hex).join("");
}"""


@pytest.mark.parametrize(("color_scheme", "theme"), [("light", LIGHT), ("dark", DARK)])
def test_the_page_has_the_colours_of_its_theme(visit, color_scheme, theme):
    visitor = visit("?data=digits", color_scheme=color_scheme)
    visitor.show_panel("Predict")
    expected = {
        (".stage", "backgroundColor"): theme.paper,
        (".st-key-badge output", "color"): theme.active,
        (".sheet canvas", "color"): LIGHT.active,
    }
    for place, colour in expected.items():
        assert visitor.page.evaluate(COLOUR, list(place)) == colour, place


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (1920, 1080)])
def test_a_notice_moves_neither_picture_nor_panel(visit, width, height):
    query = "?data=circle&hidden_activation=relu&output_activation=linear&learning_rate=90"
    visitor = visit(query, width=width, height=height)
    visitor.show_panel("Weights and biases")
    parts = ("diagram", "loss_chart", "panel")
    before = [visitor.element(key).bounding_box() for key in parts]
    visitor.train(10)
    notice = visitor.page.locator("[data-testid=stAlert]", has_text="diverged")
    notice.wait_for()
    visitor.settle()
    assert [visitor.element(key).bounding_box() for key in parts] == before
    box = notice.bounding_box()
    assert box["y"] > before[-1]["y"]
    assert box["y"] + box["height"] <= height


def test_a_large_network_is_thinned_and_says_so(visit):
    visitor = visit("?sizes=32-64-16")
    drawn = visitor.element("diagram").inner_text()
    assert f"The {MAX_EDGES} strongest of 3072 weights are drawn." in drawn
    lines = sum(path.count("M") for path in visitor.page.eval_on_selector_all(
        ".st-key-diagram .shapelayer path", "paths => paths.map(p => p.getAttribute('d'))"
    ) if path.count("L"))  # fmt: skip
    assert lines == MAX_EDGES
    visitor.step()


def test_the_pictures_are_described_in_words(visit):
    visitor = visit()
    visitor.step()
    visitor.settle()
    assert "at epoch 1" in visitor.element("diagram").get_attribute("aria-label")
    assert visitor.loss[:4] in visitor.element("loss_chart").get_attribute("aria-label")
