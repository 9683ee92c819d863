"""Reception: what a browser sends goes through the visitor's inbox, and is done in order.

Streamlit makes one message of those that arrive while a script runs, and later values hide earlier
ones. Here each message waits in the inbox, and its callbacks end before the next one is looked at.
Two threads of one visitor would share one state without a common lock. So `runner.fastReruns` is
off, whatever the settings say; nor is a callback ever cut. A training gives way to what waits.

Streamlit has no public way to do this: two of its methods are replaced, by their public names, and
a third one while callbacks run. Tests say what breaks when they change.
"""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from weakref import WeakKeyDictionary, WeakValueDictionary

from streamlit import config, runtime
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.WidgetStates_pb2 import WidgetStates
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.scriptrunner import RerunData, get_script_run_ctx
from streamlit.runtime.state.session_state import SessionState

from nets.page.visitor.inbox import TOKEN, Inbox

_log = logging.getLogger(__name__)
_kept: WeakKeyDictionary[AppSession, Inbox] = WeakKeyDictionary()  # as long as the visit
_by_id: WeakValueDictionary[str, Inbox] = WeakValueDictionary()
_lock = threading.Lock()  # for `_by_id`


def inbox_of(session_id: str) -> Inbox:
    """Return the inbox of a visitor."""
    with _lock:
        inbox = _by_id.get(session_id)
        if inbox is None:
            inbox = _by_id[session_id] = Inbox()
        return inbox


_request_rerun: Any = AppSession.request_rerun
_on_script_will_rerun: Any = SessionState.on_script_will_rerun


def install() -> None:
    """Let every server of this process read messages through inboxes."""
    config.set_option("runner.fastReruns", False)
    AppSession.request_rerun = receive
    SessionState.on_script_will_rerun = apply  # pyright: ignore[reportAttributeAccessIssue]


def is_served() -> bool:
    """Whether a browser is there, and not a test that stands in for it and for the server."""
    return runtime.exists() and type(runtime.get_instance()) is runtime.Runtime


def receive(self: AppSession, client_state: ClientState | None) -> None:
    """Put a message into the inbox as soon as it arrives, and ask for a run that answers it."""
    if client_state is not None:
        fragment = client_state.fragment_id
        if not fragment or self.has_fragment(fragment):
            inbox = _kept[self] = inbox_of(self.id)
            client_state.widget_states.CopyFrom(inbox.put(fragment, client_state.widget_states))
    _request_rerun(self, client_state)


def apply(self: SessionState, fresh: WidgetStates | None, **options: Any) -> None:
    """Do the messages that a run of the script is to answer, one after the other."""
    context = get_script_run_ctx(suppress_warning=True)
    inbox = None if context is None else _by_id.get(context.session_id)
    done, wanted = 0, set[str]()
    last = _last_number(fresh)
    is_unparsed = bool(fresh and fresh.widgets and not last)
    if is_unparsed and is_served():  # it came before `install`, when there was no page yet
        _log.warning("Dropped a message from the browser: it is of an earlier page.")
        fresh, is_unparsed = WidgetStates(), False
    if context is None or inbox is None or is_unparsed:
        _on_script_will_rerun(self, fresh, **options)
        return
    with _uncut(context.script_requests):
        for message in inbox.take(last):
            choices = inbox.choices(self, message)
            _on_script_will_rerun(self, choices.states, **options)
            inbox.note_what_was_set(self, choices)
            wanted |= choices.fragments
            done += 1
        if not done:  # an earlier run has answered it
            _on_script_will_rerun(self, None if fresh is None else WidgetStates(), **options)
        inbox.tell(self)
    drawn = {*(context.fragment_ids_this_run or [""])}
    if done > 1 or (done and wanted != drawn):
        _draw(context, wanted | drawn)


def _last_number(states: WidgetStates | None) -> int:
    """Return the number of the newest message that a request stands for, or 0."""
    ids = [] if states is None else [state.id for state in states.widgets]
    numbers = [one.removeprefix(TOKEN) for one in ids if one.startswith(TOKEN)]
    return max((int(one) for one in numbers if one.isdecimal()), default=0)


@contextmanager
def _uncut(requests: Any) -> Iterator[None]:
    """Let no new request cut the script of this thread."""
    requests.on_scriptrunner_yield = lambda: None
    try:
        yield
    finally:
        del requests.on_scriptrunner_yield


def _draw(context: Any, wanted: set[str]) -> None:
    """Draw these fragments, even if a callback has asked for one of them only."""
    fragments = [] if "" in wanted else sorted(wanted)
    context.script_requests.request_rerun(
        RerunData(
            query_string=context.query_string,
            page_script_hash=context.page_script_hash,
            fragment_id_queue=fragments,
            is_fragment_scoped_rerun=bool(fragments),
            cached_message_hashes=context.cached_message_hashes,
            context_info=context.context_info,
        )
    )
