"""The screen: one page, without scrolling, for a projector, a laptop and a phone."""

import re

import pytest
from screenshots import MEASURE, SIZES, STATES, faults_of, least_type, set_large_type

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


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (1366, 768), (1920, 1080), (820, 1180)])
def test_the_diagram_and_a_readable_panel_are_on_the_screen_together(visit, width, height):
    visitor = visit(width=width, height=height)
    visitor.show_panel("Weights and biases")
    diagram, panel = (visitor.element(key).bounding_box() for key in ("diagram", "reading"))
    assert panel["height"] >= 320
    assert panel["width"] >= 400
    assert diagram["height"] >= 240
    for box in (diagram, panel):
        assert box["x"] + box["width"] <= width
        assert box["y"] >= 0
        assert box["y"] + box["height"] <= height


FAULTY = """<div class="stMain">
  <p style="position: absolute; top: 0">first</p><p style="position: absolute; top: 4px">second</p>
  <p style="margin-top: 90px; width: 40px; overflow: hidden; white-space: nowrap">a long line</p>
  <p style="font-size: 8px">tiny</p><input style="width: 20px" value="a long value">
</div>"""


def test_the_measure_of_texts_finds_what_overlaps_what_is_cut_and_what_is_small(chromium):
    page = chromium.new_page()
    page.set_content(FAULTY)
    assert sorted(page.evaluate(MEASURE, 12)) == [
        "“a long line” is cut off",
        "“a long value” is cut off",
        "“first” and “second” overlap",
        "“tiny” has letters of 8.0 px",
    ]
    page.close()


ROWS = """() => {
    const top = (element) => Math.round(element.getBoundingClientRect().top);
    const middle = (key) => {
        const { top, bottom } = document.querySelector(`.st-key-${key}`).getBoundingClientRect();
        return Math.round((top + bottom) / 2);
    };
    return [
        new Set([...document.querySelectorAll("ol.strip li")].map(top)).size,
        Math.abs(middle("digits") - middle("steps_views")),
    ];
}"""


def test_the_four_steps_are_one_row_and_so_are_the_views_with_the_digits(visit):
    visitor = visit("?data=xor")
    visitor.step_phase()
    for width, height in SIZES:
        visitor.page.set_viewport_size({"width": width, "height": height})
        rows, distance = visitor.page.evaluate(ROWS)
        assert (rows, distance <= 2) == (1, True), (width, height)


@pytest.mark.parametrize(("width", "height"), [(390, 844), (853, 533)])
def test_what_a_phase_is_about_is_below_the_diagram_on_a_small_screen(visit, width, height):
    visitor = visit("?data=xor", width=width, height=height)
    chart, reading = (visitor.element(key).bounding_box() for key in ("loss_chart", "reading"))
    assert chart["y"] < reading["y"]
    visitor.step_phase()
    diagram, reading, chart = (
        visitor.element(key).bounding_box() for key in ("diagram", "reading", "loss_chart")
    )
    assert diagram["y"] + diagram["height"] < reading["y"] < height - 100
    assert reading["y"] + reading["height"] <= chart["y"]
    if height > 600:
        sentence = visitor.page.locator(".st-key-reading [data-testid=stMarkdown]").first
        box = sentence.bounding_box()
        assert box["y"] + box["height"] <= height


MORE = "() => getComputedStyle(document.querySelector('.scroll caption'), '::after').visibility"


def test_a_table_with_more_columns_than_fit_says_so_until_its_end_is_reached(visit):
    visitor = visit("?data=iris")
    visitor.show_panel("Data and output")
    table = visitor.page.locator(".st-key-reading .scroll").first
    name = table.locator("tbody th").first
    before = name.bounding_box()
    assert visitor.page.evaluate(MORE) == "visible"
    table.evaluate("(table) => (table.scrollLeft = table.scrollWidth)")
    visitor.page.wait_for_function(f"() => ({MORE})() === 'hidden'")
    assert name.bounding_box() == before


def test_the_table_of_the_gradient_check_fits_into_its_panel(visit):
    visitor = visit("?data=iris")
    visitor.show_panel("Gradient check")
    table = visitor.page.locator(".st-key-reading .scroll").first
    assert table.evaluate("(table) => table.scrollWidth - table.clientWidth") <= 0
    assert visitor.page.evaluate(MORE) == "hidden"


SAMPLE = [
    ("forward", 1280, 800, "light"),
    ("update", 1920, 1080, "large"),
    ("play", 820, 1180, "dark"),
    ("large_network", 390, 844, "light"),
]


@pytest.mark.parametrize(("state", "width", "height", "look"), SAMPLE)
def test_no_text_lies_over_another_or_is_cut_or_too_small(visit, state, width, height, look):
    query, act = STATES[state]
    scheme = "dark" if look == "dark" else "light"
    visitor = visit(query, width=width, height=height, color_scheme=scheme)
    if look == "large":
        set_large_type(visitor)
    act(visitor)
    assert faults_of(visitor, least_type(width, large=look == "large")) == []


def test_large_type_keeps_every_control_on_the_screen(visit):
    visitor = visit("?data=xor", width=1920, height=1080)
    set_large_type(visitor)
    for key in (*PARTS, "epoch", "loss", "diagram", "loss_chart", "panel", "view"):
        box = visitor.element(key).bounding_box()
        assert box["x"] >= 0, key
        assert box["x"] + box["width"] <= 1920, key
        assert box["y"] + box["height"] <= 1080, key


@pytest.mark.parametrize(
    ("popover", "options"),
    [
        ("view", ("colour_by", "log_loss", "compare", "show_map", "show_as_classes", "large_type")),
        ("training_controls", ("optimizer", "l1", "l2", "first_weights")),
    ],
)
def test_a_popover_shows_all_its_options_and_covers_no_picture(visit, popover, options):
    visitor = visit("?data=circle")
    visitor.element(popover, "button").click()
    visitor.element(options[-1]).wait_for()
    body = visitor.page.locator("[data-testid=stPopoverBody]")
    inside = body.bounding_box()
    for key in options:
        box = body.locator(f".st-key-{key}").bounding_box()
        assert box["y"] >= max(0, inside["y"]), key
        assert box["y"] + box["height"] <= min(800, inside["y"] + inside["height"]), key
    for key in ("diagram", "loss_chart", "map"):
        picture = visitor.element(key).bounding_box()
        assert (
            inside["x"] >= picture["x"] + picture["width"]
            or inside["x"] + inside["width"] <= picture["x"]
        ), key


def test_a_panel_keeps_its_place_and_never_goes_empty_while_it_plays(visit):
    visitor = visit("?data=iris")
    visitor.show_panel("Data and output")
    visitor.click("play")
    title = "document.querySelector('.st-key-reading caption')?.innerText ?? ''"
    seen = visitor.page.evaluate(
        f"""() => new Promise((done) => {{
            const panel = document.querySelector('.st-key-reading');
            panel.scrollTop = 200;
            const titles = new Set();
            let shortest = Infinity;
            const look = () => {{
                titles.add({title});
                shortest = Math.min(shortest, panel.innerText.length);
                if (titles.size < 3) requestAnimationFrame(look);
                else done([panel.scrollTop, shortest, [...titles]]);
            }};
            look();
        }})"""
    )
    place, shortest, titles = seen
    assert place == 200
    assert shortest > 1000
    assert all(titles)


def test_the_neurons_show_what_is_tried_until_one_leaves_predict(visit):
    visitor = visit("?data=xor")
    visitor.show_panel("Predict")
    visitor.wait_for_text("shown_example", re.escape("tried in Predict: x = (0.5, 0.5)"))
    assert [text for _, text in visitor.neurons()[:2]] == ["0.50", "0.50"]
    visitor.type("try_example", 3)
    visitor.wait_for_text("shown_example", re.escape("tried in Predict: x = (1, 0)"))
    assert [text for _, text in visitor.neurons()[:2]] == ["1.00", "0.00"]
    visitor.show_panel("Inspect")
    visitor.wait_for_text("shown_example", re.escape("example 1 of 4: x = (0, 0)"))
    assert [text for _, text in visitor.neurons()[:2]] == ["0.00", "0.00"]


def test_in_an_update_the_selected_weight_is_written_as_old_change_and_new(visit):
    visitor = visit("?data=xor")
    for _ in range(6):
        visitor.step_phase()
    assert visitor.element("shown_update", "output").inner_text().startswith("w²₁₁: ")
    written = visitor.element("shown_update", "output").inner_text().partition(": ")[2]
    old, change, new = (
        float(part.strip("() ").replace("−", "-")) for part in re.split(r" [+=] ", written)
    )
    assert abs(old + change - new) < 1e-3
    assert visitor.lines()["new w²₁₁"] == written.split(" = ")[1]


def test_a_panel_is_kept_up_to_date_while_it_plays(visit):
    visitor = visit()
    visitor.show_panel("Weights and biases")
    title = visitor.page.locator(".st-key-reading").get_by_text("Layer 1 at epoch").first
    before = title.inner_text()
    visitor.click("play")
    visitor.page.wait_for_function(
        "before => !document.querySelector('.st-key-reading').innerText.includes(before)",
        arg=before,
    )
    assert visitor.label_of_play == "Pause"
    visitor.click("play")
    visitor.settle()
    assert f"at epoch {visitor.epoch}:" in title.inner_text()


def test_the_neurons_show_the_example_that_is_chosen_below_the_diagram(visit):
    visitor = visit("?data=xor")
    seen = {}
    for number, inputs in ((1, "(0, 0)"), (2, "(0, 1)"), (3, "(1, 0)"), (4, "(1, 1)")):
        visitor.wait_for_text("shown_example", re.escape(f"example {number} of 4: x = {inputs}"))
        seen[inputs] = ", ".join(str(int(float(text))) for _, text in visitor.neurons()[:2])
        visitor.page.get_by_role("button", name="Next example").click()
        visitor.settle()
    assert seen == {inputs: inputs.strip("()") for inputs in seen}
    visitor.page.get_by_role("button", name="Previous example").click()
    visitor.wait_for_text("shown_example", re.escape("example 4 of 4: x = (1, 1)"))


def test_the_badge_opens_the_gradient_check(visit):
    visitor = visit()
    visitor.element("badge").click()
    visitor.page.locator(".st-key-reading").get_by_text("do not follow their gradient").wait_for()


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
