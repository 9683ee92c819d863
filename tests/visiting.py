"""Visiting the page without a browser."""

import math
import re
from html import unescape
from pathlib import Path
from urllib.parse import parse_qsl

from streamlit.testing.v1 import AppTest

from nets.page.panels.panels import PANELS
from nets.page.stage.address import obey_page_words
from nets.page.stage.transport import train_box
from nets.page.visitor.opening import begin_with
from nets.page.visitor.pending import continue_events

APP = str(Path(__file__).parent.parent / "app.py")


def arrive(**query):
    """Open the page with this address, and finish the training that it asks for."""
    page = AppTest.from_file(APP, default_timeout=60)
    page.query_params.update(query or {"data": "notebook"})
    return work_on(page.run())


def open_link(query):
    """Begin a session with a query string, without a page, and finish its training."""
    words = dict(parse_qsl(query, keep_blank_values=True))
    session = begin_with(words, lambda words, new: obey_page_words(words, new, {}, PANELS))
    while session.pending:
        continue_events(session)
    return session


def arrive_as_newcomer():
    """Open the page with the bare address."""
    return AppTest.from_file(APP, default_timeout=60).run()


def visitor(page):
    """Return the visitor's session; the page must show no error."""
    assert not page.exception
    return page.session_state["visitor"]


def type_into(page, key, value):
    """Type into a field for a number, and press Enter."""
    page.text_input(key=key).set_value(str(value)).run()


def open_train_box(page):
    page.session_state[train_box(visitor(page))] = True
    page.run()


def begin_to_train(page, epochs):
    """Open the box Train, and begin to train this many epochs."""
    open_train_box(page)
    type_into(page, "train_epochs", epochs)
    page.button(key="train").click().run()


def train(page, epochs):
    """Train this many epochs to the last one."""
    begin_to_train(page, epochs)
    work_on(page)


def work_on(page):
    """Finish pending work, as the browser does by asking again and again."""
    session = visitor(page)
    if session.pending:
        continue_events(session, seconds=math.inf)
        page.run()
    return page


SMALL = {
    "sub": str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉"),
    "sup": str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹"),
}


def text_of(markup):
    """Read HTML as a person does: with small digits where they are small, and without tags."""
    for tag, digits in SMALL.items():
        small = re.compile(f"<{tag}>(.*?)</{tag}>")
        markup = small.sub(lambda match, d=digits: match[1].translate(d), markup)
    return unescape(re.sub("<[^>]*>", "", markup))
