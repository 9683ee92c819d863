"""The inbox: choices of a person are told from late values, and forged values are dropped."""

import inspect
import logging
import math

import pytest
from streamlit import config
from streamlit.proto.WidgetStates_pb2 import WidgetState, WidgetStates
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.scriptrunner_utils.script_requests import ScriptRequests
from streamlit.runtime.state.common import WidgetMetadata
from streamlit.runtime.state.session_state import SessionState

from nets.page.visitor import inbox, reception
from nets.page.visitor.inbox import Choices, Inbox, Message

FRAGMENTS = {"n": None, "seed": None, "play": "main", "loss": None}
LOSSES = ["MSELoss", "L1Loss"]


class Page:
    """A page with two fields for numbers, a list and a button in a fragment, and its inbox."""

    def __init__(self):
        self.state, self.inbox = SessionState(), Inbox()
        for key, fragment in FRAGMENTS.items():
            self.state.register_widget(metadata_of(key, fragment), key)

    def say(self, fragment="", **values):
        """Let the browser send values; return the names of those that count as chosen."""
        widgets = WidgetStates(widgets=[state_of(key, value) for key, value in values.items()])
        choices = self.inbox.choices(self.state, Message(1, fragment, widgets))
        self.state.on_script_will_rerun(choices.states)
        self.inbox.note_what_was_set(self.state, choices)
        self.inbox.tell(self.state)
        self.fragments = choices.fragments
        return {state.id.split("-")[-1] for state in choices.states.widgets}

    def set(self, key, value):
        """Let the server set a widget."""
        self.state.reset_state_value(key, value)

    def told(self, key):
        """Return what the browser is told of a widget when it is drawn next, or None."""
        known = metadata_of(key, FRAGMENTS[key])
        result = self.state.register_widget(known, key)
        return result.value if result.value_changed else None


def metadata_of(key, fragment):
    kind = {"play": "trigger_value", "loss": "string_value"}.get(key, "double_value")
    return WidgetMetadata(
        id=id_of(key),
        deserializer={
            "play": bool,
            "loss": lambda text: text or "MSELoss",
        }.get(key, lambda number: 3 if number is None else int(number)),
        serializer=lambda value: value,
        value_type=kind,
        fragment_id=fragment,
        formatted_options=LOSSES if key == "loss" else None,
    )


def id_of(key):
    return f"$$ID-0123-{key}"


def state_of(key, value):
    field = {"bool": "trigger_value", "str": "string_value"}.get(
        type(value).__name__, "double_value"
    )
    return WidgetState(id=id_of(key), **{field: value})


def test_a_value_that_is_new_in_the_browser_is_a_choice():
    page = Page()
    assert page.say(n=3.0, seed=3.0) == set()
    assert page.say(n=5.0, seed=3.0) == {"n"}
    assert page.state["n"] == 5


def test_a_late_value_is_no_choice_and_the_browser_is_told_the_servers():
    page = Page()
    page.say(n=3.0, seed=3.0)
    page.set("seed", 77)
    assert page.say("main", n=3.0, seed=3.0, play=True) == {"play"}
    assert (page.state["seed"], page.told("seed")) == (77, 77)
    assert page.say(n=5.0, seed=3.0) == {"n"}
    assert (page.state["seed"], page.told("seed")) == (77, 77)


def test_a_value_that_a_browser_took_over_is_no_choice_later():
    page = Page()
    page.say(n=3.0, seed=3.0)
    page.set("seed", 77)
    page.say(n=4.0, seed=3.0)
    page.set("seed", 88)
    assert page.say(n=5.0, seed=77.0) == {"n"}
    assert (page.state["seed"], page.told("seed")) == (88, 88)


@pytest.mark.parametrize("fragment", ["", "main"])
def test_a_person_may_go_back_to_an_earlier_choice_while_the_page_asks_for_more(fragment):
    page = Page()
    page.say(n=3.0, seed=3.0)
    for value in (5.0, 3.0, 5.0, 3.0):
        assert page.say(n=3.0, seed=value) == {"seed"}
        assert page.say("main", n=3.0, seed=value, play=True) == {"play"}
    assert page.say(fragment, n=3.0, seed=5.0, play=True) == {"seed", "play"}


def test_a_person_may_choose_what_the_server_had_set_while_the_page_asks_for_more():
    page = Page()
    page.say(n=3.0, seed=3.0)
    page.set("seed", 77)
    page.say("main", n=3.0, seed=77.0, play=True)
    assert page.say(n=3.0, seed=5.0) == {"seed"}
    assert page.say(n=3.0, seed=77.0, play=True) == {"seed", "play"}


def test_a_widget_of_the_fragment_that_a_message_names_was_touched():
    page = Page()
    page.say(n=3.0, seed=3.0)
    page.set("seed", 77)
    page.say("main", n=3.0, seed=3.0, play=True)
    page.set("seed", 88)
    assert page.say(n=3.0, seed=77.0, play=True) == {"seed", "play"}


def test_a_person_may_go_back_to_what_a_field_was_before_the_server_set_it():
    page = Page()
    page.say(n=3.0, seed=3.0)
    page.set("seed", 77)
    assert page.say(n=3.0, seed=3.0) == {"seed"}
    assert page.state["seed"] == 3


def test_a_choice_that_crosses_the_servers_value_wins_and_the_browser_is_told_it():
    page = Page()
    page.say(n=3.0, seed=3.0)
    page.set("seed", 77)
    assert page.say(n=3.0, seed=5.0) == {"seed"}
    assert page.told("seed") == 5


def test_a_field_that_comes_back_to_the_page_is_told_what_the_server_has_set():
    page = Page()
    page.say(n=3.0)
    page.set("seed", 77)
    page.inbox.note_what_was_set(page.state, Choices(WidgetStates(), {""}))
    page.say("main", n=3.0, play=True)
    assert page.told("seed") == 77
    page.say(n=3.0, seed=77.0)
    page.say("main", n=3.0, seed=77.0, play=True)
    assert page.told("seed") is None


def test_two_changes_that_a_browser_sends_at_once_are_both_done_and_drawn():
    page = Page()
    page.say(n=3.0, seed=3.0)
    assert page.say("stage", n=9.0, seed=3.0, play=True) == {"n", "play"}
    assert page.fragments == {"stage", "main", ""}


@pytest.mark.parametrize(
    "forged",
    [
        state_of("n", "five"),
        state_of("n", math.nan),
        state_of("n", math.inf),
        state_of("loss", "nonsense"),
        state_of("loss", 1.0),
        state_of("n", True),
        state_of("play", 1.0),
        state_of("nothing", 1.0),
    ],
)
def test_a_value_that_its_widget_cannot_have_is_dropped_with_one_line(forged, caplog):
    page = Page()
    message = Message(1, "", WidgetStates(widgets=[forged, state_of("seed", 9.0)]))
    with caplog.at_level(logging.WARNING):
        chosen = page.inbox.choices(page.state, message)
    assert [state.id for state in chosen.states.widgets] == [id_of("seed")]
    assert [record.name for record in caplog.records].count(inbox.__name__) == 1


def test_few_messages_wait_and_none_that_is_large(caplog):
    one = WidgetStates(widgets=[state_of("n", 1.0)])
    waiting = Inbox()
    tokens = [waiting.put("", one) for _ in range(2 * inbox.MOST_MESSAGES)]
    last = max(reception._last_number(token) for token in tokens)
    assert len([*waiting.take(last)]) == inbox.MOST_MESSAGES
    assert not waiting.is_waiting
    large = WidgetStates(widgets=[state_of("loss", "x" * (inbox.MOST_BYTES + 1))])
    assert not waiting.put("", large).widgets
    assert not waiting.is_waiting


def test_messages_are_taken_in_order_up_to_the_one_that_is_answered():
    waiting = Inbox()
    tokens = [waiting.put(str(place), WidgetStates()) for place in range(4)]
    taken = [message.fragment for message in waiting.take(reception._last_number(tokens[2]))]
    assert taken == ["0", "1", "2"]
    assert waiting.is_waiting


def test_streamlit_still_has_what_the_reception_replaces():
    """If this fails, read `reception.py` beside the new Streamlit."""
    assert AppSession.request_rerun is reception.receive
    assert SessionState.on_script_will_rerun is reception.apply
    assert config.get_option("runner.fastReruns") is False
    assert [*inspect.signature(ScriptRequests.on_scriptrunner_yield).parameters] == ["self"]
    assert [*inspect.signature(reception._request_rerun).parameters] == ["self", "client_state"]
