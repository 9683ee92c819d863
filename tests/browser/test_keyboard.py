"""The keyboard: everything can be done with it alone, and a key does what one expects."""

import re

from nets.lessons.glossary import WORDS

LIT = """() => {
    const plot = document.querySelector('.st-key-diagram');
    const lit = plot.querySelectorAll('.highlighted');
    return lit.length;
}"""
FOCUSED = """() => {
    const { activeElement: at } = document;
    const keyed = at.closest('[class*=st-key-]');
    const key = keyed?.className.match(/st-key-(\\w+)/)[1];
    return [at.getAttribute('aria-label') ?? at.innerText, key, at.matches('input')];
}"""
MOST_TABS = 60


class Keyboard:
    """Uses the page with keys alone, and finds widgets with Tab."""

    def __init__(self, visitor):
        self.visitor, self.page = visitor, visitor.page

    def press(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)

    def go_to(self, key, name="", field=False):
        """Press Tab until the focus is in the widget with this key, and this name; or its field."""
        for _ in range(MOST_TABS):
            self.press("Tab")
            words, at, is_field = self.page.evaluate(FOCUSED)
            if at and at.startswith(key) and name in words and (is_field or not field):
                return
        raise AssertionError(f"Tab does not lead to {key} {name}.")

    def type(self, key, text):
        self.go_to(key, field=True)
        self.press("ControlOrMeta+a")
        self.page.keyboard.type(text)
        self.press("Enter")
        self.visitor.settle()


def spoken(visitor, pattern):
    """Wait until the page has said this to a screen reader."""
    visitor.page.locator("p.spoken[role=status]", has_text=re.compile(pattern)).wait_for()


def focus(visitor, key):
    visitor.element(key, "button").focus()


def test_space_presses_the_focused_button_and_elsewhere_it_plays(visit):
    visitor = visit("?data=notebook")
    focus(visitor, "step_epoch")
    visitor.page.keyboard.press("Space")
    visitor.wait_for_epoch(1)
    visitor.settle()
    assert (visitor.epoch, visitor.label_of_play) == (1, "Play")
    visitor.page.evaluate("document.activeElement.blur()")
    visitor.page.keyboard.press("Space")
    visitor.wait_for_epoch(3)
    visitor.page.keyboard.press("Space")
    visitor.settle()
    assert visitor.label_of_play == "Play"


def test_shortcuts_work_after_a_choice_and_a_click_and_not_while_typing(visit):
    visitor = visit("?data=notebook")
    visitor.choose("speed", "fastest")
    visitor.page.keyboard.press("ArrowRight")
    visitor.wait_for_epoch(1)
    visitor.settle()
    visitor.show_panel("Weights and biases")
    visitor.page.keyboard.press("ArrowLeft")
    visitor.wait_for_text("epoch", "0")
    visitor.page.keyboard.press("ArrowRight")
    visitor.wait_for_epoch(1)
    visitor.settle()
    visitor.element("seed", "input").focus()
    for key in ("ArrowRight", "p", "Space"):
        visitor.page.keyboard.press(key)
    visitor.settle()
    assert (visitor.epoch, visitor.label_of_play) == (1, "Play")
    assert visitor.page.locator("[aria-current=step]").count() == 0


def test_the_legend_and_shortcuts_are_listed_and_can_be_turned_off_for_the_visit(visit):
    visitor = visit("?data=notebook")
    visitor.page.keyboard.press("?")
    listed = visitor.page.locator("dialog.shortcuts")
    for words in ("Next epoch", "Next phase", "Play", "Undo", "Reset"):
        assert listed.get_by_text(words).first.is_visible()
    for word in ("blue line", "orange line", "wide line", "square", "fill", "decision boundary"):
        assert listed.get_by_text(WORDS[word].meaning).is_visible()
    listed.get_by_role("checkbox").uncheck()
    visitor.page.keyboard.press("Escape")
    listed.wait_for(state="hidden")
    visitor.page.reload()
    visitor.page.wait_for_selector(".st-key-diagram .shapelayer path")
    visitor.page.locator(".st-key-step_epoch button:enabled").wait_for()
    visitor.page.keyboard.press("ArrowRight")
    visitor.page.keyboard.press("?")
    assert not listed.is_visible()
    visitor.page.get_by_role("button", name="Legend and keyboard").click()
    listed.get_by_role("checkbox").check()
    visitor.page.keyboard.press("Escape")
    visitor.page.keyboard.press("ArrowRight")
    visitor.wait_for_epoch(1)
    visitor.page.wait_for_timeout(100)
    assert visitor.epoch == 1


def test_arrow_keys_walk_through_the_diagram_and_enter_selects(visit):
    visitor = visit("?data=notebook")
    keyboard = Keyboard(visitor)
    keyboard.go_to("diagram")
    for key, says in (
        ("ArrowRight", "^input x 1"),
        ("ArrowDown", "^input x 2"),
        ("ArrowRight", "^w 1 21, x 2 to h 1, weight "),
        ("ArrowDown", "^w 1 22, x 2 to h 2, weight "),
        ("ArrowRight", "^hidden neuron h 2, value "),
        ("ArrowLeft", "^w 1 12, x 1 to h 2"),
    ):
        keyboard.press(key)
        spoken(visitor, says)
        assert visitor.page.evaluate(LIT) == 1
    assert visitor.epoch == 0
    keyboard.press("Enter")
    visitor.page.locator(".st-key-reading").get_by_text("weight from x1 to h2").first.wait_for()
    visitor.settle()
    assert visitor.page.evaluate(LIT) == 1
    keyboard.press("Escape")
    assert visitor.page.evaluate(LIT) == 0
    keyboard.press("ArrowRight")
    visitor.wait_for_epoch(1)


def test_the_page_says_phase_and_result_once_and_nothing_while_it_plays(visit):
    visitor = visit("?data=notebook")
    visitor.step()
    spoken(visitor, r"^Epoch 1, loss \d")
    visitor.step_phase()
    spoken(visitor, r"^Forward propagation, layer 1 of 2: h₁ = ")
    visitor.page.evaluate(
        """() => {
            window.said = [];
            const live = '[aria-live=polite], [aria-live=assertive], [role=status], output';
            const note = (element) => {
                if (element?.closest('[aria-live=off]')) return;
                if (element?.closest(live)) window.said.push(element.textContent);
            };
            new MutationObserver((changes) => changes.forEach(({ target }) =>
                note(target.nodeType === 1 ? target : target.parentElement)))
              .observe(document.querySelector('.stMain'),
                { childList: true, characterData: true, subtree: true });
        }"""
    )
    visitor.click("play")
    visitor.wait_for_epoch(visitor.epoch + 30)
    assert [text for text in visitor.page.evaluate("window.said") if "loss" in text] == []
    visitor.click("play")
    visitor.settle()
    spoken(visitor, rf"^Epoch {visitor.epoch}, loss ")
    said = visitor.page.evaluate("window.said")
    assert len([text for text in said if text.startswith("Epoch")]) == 1


def test_tab_goes_from_a_button_into_its_box_and_on_behind_the_button(visit):
    visitor = visit("?data=notebook")
    keyboard = Keyboard(visitor)
    focus(visitor, "training_controls")
    keyboard.press("Enter")
    visitor.page.locator("[data-testid=stPopoverBody]").wait_for()
    visitor.settle()
    seen = []
    while "seed" not in seen and len(seen) < 12:
        keyboard.press("Tab")
        seen.append(visitor.page.evaluate(FOCUSED)[1])
    assert seen[0] == "optimizer"
    assert "first_weights" in seen
    assert seen[-1] == "seed"


def test_a_lesson_can_be_done_with_the_keyboard_alone(visit):
    """XOR, 2 hidden neurons, rate 0.5, 300 epochs, one epoch phase by phase, one question."""
    visitor = visit("?data=notebook")
    keyboard = Keyboard(visitor)
    keyboard.go_to("data", field=True)
    keyboard.press("ControlOrMeta+a")
    visitor.page.keyboard.type("XOR")
    visitor.page.get_by_role("option", name=re.compile("XOR")).first.wait_for()
    keyboard.press("ArrowDown", "Enter")
    visitor.settle()
    keyboard.type("n_hidden", "2")
    keyboard.type("learning_rate", "0.5")
    keyboard.go_to("train_box")
    keyboard.press("Enter")
    visitor.page.locator("[data-testid=stPopoverBody]").wait_for()
    keyboard.type("train_epochs", "300")
    keyboard.go_to("train", "Train")
    keyboard.press("Space")
    visitor.wait_for_epoch(300)
    visitor.settle()
    sizes = visitor.page.evaluate("() => document.querySelector('.st-key-diagram').ariaLabel")
    assert sizes.startswith("Network 2-2-1 at epoch 300")
    keyboard.press("Escape")
    for step in ("1 Forward", "1 Forward", "2 Loss", "3 Back", "3 Back", "4 Update"):
        keyboard.press("p")
        visitor.settle()
        assert step in visitor.page.locator("[aria-current=step]").inner_text()
    assert visitor.epoch == 301
    keyboard.go_to("steps_views", "One number")
    keyboard.press("ArrowRight", "ArrowRight", "ArrowRight", "Space")
    visitor.settle()
    keyboard.type("prediction", "0.5")
    visitor.page.get_by_text("of 1 correct").wait_for()
