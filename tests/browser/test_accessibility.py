"""Accessibility: what axe-core finds wrong in every state of the page, in light and in dark."""

from pathlib import Path

import axe_playwright_python
import pytest
from playground import BARE

AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js")
# What is Streamlit's own, by rule and element, with the reason why it stays.
STREAMLITS_OWN = {
    ("scrollable-region-focusable", "pre"): "st.code; browsers let the keyboard scroll it",
    (
        "presentation-role-conflict",
        'section[aria-label="Open weights"]',
    ): "st.file_uploader; the button in it is for the keyboard",
}
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]
RULES = {
    "light": {"type": "tag", "values": STANDARDS},
    "dark": {"type": "rule", "values": ["color-contrast"]},  # nothing else depends on the theme
}
FIND = """async ([where, runOnly]) => {
    const quick = { resultTypes: ["violations"], preload: false, iframes: false };
    const { violations } = await axe.run(where, { runOnly, ...quick });
    return violations.flatMap(({ id, nodes }) =>
        nodes.map(({ target, html }) => [id, target.join(" "), html.slice(0, 120)]));
}"""
PAGE, PANEL, BOX = "html", ".st-key-reading", "[data-testid=stPopoverBody]"
LIST, GALLERY = "dialog.shortcuts", "[role=dialog]"


def open_box(key):
    def act(visitor):
        visitor.page.locator(f"[class*=st-key-{key}] button").first.click()
        visitor.page.locator(BOX).wait_for()
        visitor.settle()

    return act


def close_box(visitor):
    visitor.page.keyboard.press("Escape")
    visitor.page.locator(BOX).wait_for(state="detached")


def open_gallery(visitor):
    visitor.click("open_gallery")
    visitor.page.locator(GALLERY).wait_for()
    visitor.settle()


def leave_gallery(visitor):
    visitor.page.keyboard.press("Escape")
    visitor.page.locator(GALLERY).wait_for(state="detached")


def show_all_views(visitor):
    close_box(visitor)
    visitor.step_phase()
    visitor.show_views("One number", "Code", "Matrices", "Quiz")


def wrong_number(visitor):
    visitor.page.keyboard.press("Escape")
    visitor.type("learning_rate", "abc")


# The states follow each other in one visit: a name, what is new in it, and how to come there.
STATES = [
    ("greeting", PAGE, lambda visitor: None),
    ("pictures of data", GALLERY, open_gallery),
    (
        "Optimiser",
        BOX,
        lambda visitor: (leave_gallery(visitor), open_box("training_controls")(visitor)),
    ),
    ("View", BOX, lambda visitor: (close_box(visitor), open_box("view")(visitor))),
    ("Train", BOX, lambda visitor: (close_box(visitor), open_box("train_box")(visitor))),
    ("a phase", PANEL, show_all_views),
    *(
        (name, PANEL, lambda visitor, name=name: visitor.show_panel(name))
        for name in (
            "Inspect",
            "Weights and biases",
            "By hand",
            "Data and output",
            "Predict",
            "Results",
            "Gradient check",
            "Diagnosis",
            "Compare",
            "Download",
            "Glossary",
        )
    ),
    ("list of shortcuts", LIST, lambda visitor: visitor.page.keyboard.press("?")),
    ("an error", PAGE, wrong_number),
]


@pytest.mark.parametrize("color_scheme", RULES)
def test_axe_finds_nothing_wrong_in_any_state(visit, color_scheme):
    visitor = visit(BARE, color_scheme=color_scheme)
    visitor.page.emulate_media(reduced_motion="reduce")
    visitor.page.evaluate(AXE.read_text("utf-8"))
    wrong = []
    for state, where, reach in STATES:
        reach(visitor)
        found = visitor.page.evaluate(FIND, [where, RULES[color_scheme]])
        wrong += [(state, *each) for each in found]
    assert [each for each in wrong if (each[1], each[2]) not in STREAMLITS_OWN] == []


def test_the_page_has_headings_and_steps_of_a_number_have_names(visit):
    visitor = visit("?data=xor")
    heading, button = (
        lambda **more: visitor.page.get_by_role("heading", **more),
        lambda name: visitor.page.get_by_role("button", name=name),
    )
    assert heading(level=1).count() == 1
    assert heading(level=2).all_inner_texts() == ["Diagram", "Loss", "Inspect"]
    assert button("Smaller learning rate").count() == button("Larger learning rate").count() == 1
