"""Numbers as people type them: no field takes another number than was typed, in any locale."""

import pytest
from playground import Playground


@pytest.fixture(params=["en-US", "de-DE"])
def visitor(chromium, address, request):
    context = chromium.browser.new_context(locale=request.param)
    visitor = Playground(context.new_page(), address)
    visitor.open()
    yield visitor
    context.close()
    assert visitor.faults == []


def enter(visitor, key, text, *, paste=False):
    """Type a text key by key, or paste it, and press Enter; return what the field shows then."""
    field = visitor.element(key, "input")
    field.click()
    field.press("Control+A")
    if paste:
        visitor.page.evaluate("text => document.execCommand('insertText', false, text)", text)
    else:
        field.press_sequentially(text)
    field.press("Enter")
    visitor.settle()
    return field.input_value()


def test_a_field_takes_the_number_that_is_typed_or_a_sentence_says_why_not(visitor):
    assert enter(visitor, "learning_rate", "0,05") == "0.05"
    assert enter(visitor, "learning_rate", "0,25", paste=True) == "0.25"
    assert enter(visitor, "learning_rate", "1/4") == "0.25"
    assert enter(visitor, "learning_rate", "1e−3", paste=True) == "0.001"
    assert not visitor.sentences
    assert enter(visitor, "learning_rate", "fast") == "fast"
    assert "got 'fast'. Nothing was changed." in visitor.sentences
    assert enter(visitor, "learning_rate", " .5 ") == "0.5"
    assert not visitor.sentences
    for text in ("1.5", "1,5", "1,000"):
        assert enter(visitor, "seed", text) == text
        assert "Seed must be a whole number, 0 or more; got 1." in visitor.sentences
    assert enter(visitor, "seed", "1 000") == "1000"
    assert not visitor.sentences


def test_an_arrow_key_adds_a_step_to_the_number_in_a_field(visitor):
    field = visitor.element("n_hidden", "input")
    field.press("ArrowUp")
    visitor.wait_for_edges(5 * 4 + 4)
    field.press("ArrowDown")
    visitor.wait_for_edges(5 * 3 + 3)
    rate = visitor.element("learning_rate", "input")
    rate.press("ArrowUp")
    visitor.settle()
    assert rate.input_value() == "0.11"
    visitor.open_train_box()
    visitor.click("train_epochs_add")
    visitor.settle()
    assert visitor.element("train_epochs", "input").input_value() == "101"
