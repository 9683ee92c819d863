"""The inbox: what a browser sends, message by message; it tells choices of a person from the rest.

In every message a browser says what all widgets of its page are set to. A message that is late
repeats what a widget was set to before the server set it. So only a value that is new in the
browser is a choice, unless the browser has only taken over what the server had set. For all others
the server's value stays, and the browser is told it again.
"""

import logging
from collections import deque
from collections.abc import Iterator, Sequence
from itertools import count
from typing import Any, NamedTuple

from streamlit.proto.WidgetStates_pb2 import WidgetState, WidgetStates
from streamlit.runtime.state.common import user_key_from_element_id
from streamlit.runtime.state.session_state import SessionState

from nets.page.visitor.events import Dropped, parse_value

MOST_MESSAGES = 256  # that wait for one visitor
MOST_BYTES = 4_000_000  # of all messages that wait for one visitor
REMEMBERED = 4  # values that the server has set, and that the browser may still take over
EVENT = "json_trigger_value"  # of a component
TRIGGERS = (EVENT, "trigger_value", "string_trigger_value", "chat_input_value")
SETTABLE = (bool, int, float, str, list, tuple)  # values that a script may set a widget to
TOKEN = "inbox-"  # with the number of a message: it goes through Streamlit in its place

_log = logging.getLogger(__name__)


class Message(NamedTuple):
    """What all widgets are set to, and the fragment of the one that was touched, or ""."""

    number: int
    fragment: str
    states: WidgetStates


class Reported(NamedTuple):
    """What the browser said last of a widget, and what the server has set since, newest last."""

    state: WidgetState
    value: Any
    set_since: list[Any]


class Reading(NamedTuple):
    """What a message says of a widget, what it is on the server now, and what was said before."""

    state: WidgetState
    value: Any
    fragment: str
    now: Any
    before: Reported | None

    @property
    def is_trigger(self) -> bool:
        """Whether it is a click or an event, not a value that stays."""
        return self.state.WhichOneof("value") in TRIGGERS

    @property
    def is_new(self) -> bool:
        """Whether the browser said something else before."""
        return self.before is None or self.before.state != self.state

    @property
    def set_since(self) -> list[Any]:
        """What the server has set, and the browser may say now because it took it over."""
        if self.before is None:
            return []
        known = self.before.set_since
        is_known = self.now in (self.before.value, *known[-1:])
        return known if is_known else [*known, self.now][-REMEMBERED:]

    @property
    def left_to_take(self) -> list[Any]:
        """What the browser may say later because it took it over: what was set after its value."""
        values = self.set_since
        return values[values.index(self.value) + 1 :] if self.value in values else values


class Choices(NamedTuple):
    """What a person has chosen, and the fragments to be drawn for it; "" is the page as a whole.

    A browser that sends two changes at once names the fragment of the first only.
    """

    states: WidgetStates
    fragments: set[str]


class Inbox:
    """The messages of one visitor that wait, and what the browser said last."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._numbers = count(1)
        self._waiting: deque[Message] = deque()
        self._reported: dict[str, Reported] = {}
        self._crossed: set[str] = set()  # widgets that both sides have set lately
        self._set: set[str] = set()  # widgets that the server has set, until the browser says so
        self.is_of_lost_page = False  # whether the browser speaks of widgets of an earlier visit

    @property
    def is_waiting(self) -> bool:
        """Whether a message waits."""
        return bool(self._waiting)

    def put(self, fragment: str, states: WidgetStates) -> WidgetStates:
        """Let a message wait; return a token in its place."""
        size = states.ByteSize() + sum(each.states.ByteSize() for each in [*self._waiting])
        if size > MOST_BYTES or len(self._waiting) >= MOST_MESSAGES:
            _log.warning("Dropped a message from the browser: too many wait, or it is too large.")
            return WidgetStates()
        message = Message(next(self._numbers), fragment, WidgetStates())
        message.states.CopyFrom(states)
        self._waiting.append(message)
        token = WidgetState(id=f"{TOKEN}{message.number}", trigger_value=True)
        return WidgetStates(widgets=[token])

    def take(self, last: int) -> Iterator[Message]:
        """Take the messages up to this number, one after the other."""
        while self._waiting and self._waiting[0].number <= last:
            yield self._waiting.popleft()

    def choices(self, page: SessionState, message: Message) -> Choices:
        """Return what a person has chosen.

        A value that is new in the browser was chosen, or else taken over from the server. It may be
        taken over if the server has set it, and the message has another cause. A message names the
        fragment of what was touched, so it has a cause there. A person may also go back to what the
        browser said last: then only that value differs.
        """
        readings = self._read(page, message.states.widgets)
        clicks = [one for one in readings if one.is_trigger and one.value]
        different = [one for one in readings if not one.is_trigger and one.value != one.now]
        new = [one for one in different if one.is_new]
        chosen = [one for one in new if one.value not in one.set_since] + clicks
        if not any(one.fragment == message.fragment for one in chosen):
            touched = [one for one in different if one.fragment == message.fragment]
            chosen += [one for one in touched if one.is_new] or (
                touched if len(touched) == 1 else []
            )
        self._remember(readings, different)
        fragments = {message.fragment, *(one.fragment for one in chosen)}
        return Choices(WidgetStates(widgets=[one.state for one in chosen]), fragments)

    def _read(self, page: SessionState, widgets: Sequence[WidgetState]) -> list[Reading]:
        """Read a message; leave out what is dropped, and widgets that are not on the page now."""
        readings: list[Reading] = []
        dropped: list[str] = []
        unknown = 0
        for state in widgets:
            metadata, before = page.get_widget_metadata(state.id), self._reported.get(state.id)
            unknown += metadata is None
            try:
                is_known = before is not None and before.state == state
                value = before.value if before and is_known else parse_value(metadata, state)
                is_event = state.WhichOneof("value") == EVENT  # which has no value between events
                now = None if is_event else page.get_widget_value(state.id)
            except Dropped as error:
                dropped.append(str(error))
            except KeyError:  # it was on the page before
                continue
            else:
                fragment = metadata and metadata.fragment_id
                readings.append(Reading(state, value, fragment or "", now, before))
        if dropped:
            _log.warning("Dropped from the browser: %d, first %s.", len(dropped), dropped[0])
        self.is_of_lost_page = 0 < unknown == len(widgets)
        return readings

    def _remember(self, readings: Sequence[Reading], different: Sequence[Reading]) -> None:
        """Remember what the browser has said."""
        self._reported = {
            one.state.id: Reported(one.state, one.value, one.left_to_take)
            for one in readings
            if not one.is_trigger
        }
        agreed = {one.state.id for one in readings if one.value == one.now}
        self._crossed, self._set = self._crossed - agreed, self._set - agreed
        self._crossed |= {
            one.state.id for one in different if one.before and one.before.value != one.now
        }

    def note_what_was_set(self, page: SessionState, choices: Choices) -> None:
        """Note which widgets the callbacks of choices have set: some may be new on the page."""
        if "" in choices.fragments:
            keys = [key for key in page.filtered_state if page.is_new_state_value(key)]
            self._set |= {one for key in keys if (one := page.get_widget_id_from_key(key))}

    def tell(self, page: SessionState) -> None:
        """Have the browser told what its widgets are set to, where it may have it wrong.

        It is told when they are drawn next. Until it says the same, it is told again.
        """
        said = {one: reported.value for one, reported in self._reported.items()}
        for one in {*said, *self._set}:
            key = user_key_from_element_id(one)
            try:
                value = page.get_widget_value(one)
            except KeyError:  # it is not on the page any more
                self._set.discard(one)
                continue
            is_wrong = value != said.get(one) or one in self._crossed
            can_be_set = isinstance(value, SETTABLE) or isinstance(said.get(one), SETTABLE)
            if is_wrong and can_be_set and key:
                page.reset_state_value(key, value)
