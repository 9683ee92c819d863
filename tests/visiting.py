"""Visiting the page without a browser."""

from pathlib import Path

APP = str(Path(__file__).parent.parent / "app.py")


def visitor(page):
    """Return the visitor's session, of a page that shows no error."""
    assert not page.exception
    return page.session_state["visitor"]


def train(page, epochs):
    """Open the box of training, and train so many epochs at a stroke."""
    page.session_state["train_box"] = True
    page.run()
    page.number_input(key="train_epochs").set_value(epochs).run()
    page.button(key="train").click().run()
