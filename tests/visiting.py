"""Visiting the page without a browser."""

from pathlib import Path

APP = str(Path(__file__).parent.parent / "app.py")


def visitor(page):
    """Return the visitor's session, of a page that shows no error."""
    assert not page.exception
    return page.session_state["visitor"]
