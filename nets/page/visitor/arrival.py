"""Arrival: makes the session of a visitor from the address, and shrinks it after they have left.

Streamlit keeps the state of a visitor who has left for an hour, so that a laptop that slept finds
its run again. Of a visitor who has left only the recipe is kept, a few kilobytes and their own
data. The run is repeated from it when they return.
"""

import threading
import time
from collections.abc import Callable, Mapping
from functools import cache
from urllib.parse import parse_qsl
from weakref import WeakKeyDictionary

import streamlit as st
from streamlit import runtime
from streamlit.runtime.scriptrunner import ScriptRunContext, get_script_run_ctx

from nets.config import Config
from nets.page.visitor import memory, uploads
from nets.page.visitor.moments import Moments
from nets.page.visitor.opening import Obey, begin_with, in_turn
from nets.page.visitor.pending import repeat
from nets.page.visitor.reception import inbox_of
from nets.page.visitor.session import Session
from nets.page.visitor.time_travel import go_to, place_of
from nets.sharing.lenient import MOST_WORDS

KEY = "visitor"
NEWCOMER = "newcomer"  # whether the visitor came by the bare address
GREETING = "greeting"  # whether a newcomer has not done anything yet
LOST = (
    "The server does not have your run any more: it was restarted, or you were away for long. "
    "The page has begun again from its address."
)
LOST_PAGE = "lost_page"  # what obeys the words of a lost page, until it has sent its address
PLAY_ON = "play_on"  # whether to play when the run of a lost page has been repeated
LOOK = 10.0  # seconds between two checks of who has left, unless a visitor arrives
GONE = 30.0  # seconds without a connection, after which a visitor has left
MOST_AWAY = 32  # visitors without a connection, whose runs are kept for that time

PAUSE = 0.5  # seconds at least between two checks

_arrived = threading.Event()  # a visitor has arrived since the last check
_ids: WeakKeyDictionary[Session, str] = WeakKeyDictionary()
_lock = threading.Lock()  # for `_ids`


def here(obey_page_words: Obey) -> Session:
    """Return the session of the visitor whose page is being drawn.

    Args:
        obey_page_words: sets what else the address asks for; returns what was wrong with it.
    """
    session: Session | None = st.session_state.get(KEY)
    context = get_script_run_ctx(suppress_warning=True)
    if session is None:
        query = st.query_params.to_dict()
        session = st.session_state[KEY] = begin_with(query, obey_page_words)
        st.session_state[NEWCOMER] = st.session_state[GREETING] = not query
        session.dark = st.context.theme.type == "dark"
        _arrived.set()
        if context is not None and _is_lost(context):
            session.errors["lost"] = LOST
            st.session_state[LOST_PAGE] = obey_page_words
    elif session.resting is not None:
        wake(session)
    if runtime.exists() and context is not None:
        session.listen(inbox_of(context.session_id))
        with _lock:
            _ids[session] = context.session_id
        _watch()
    return session


def _is_lost(context: ScriptRunContext) -> bool:
    """Whether the browser shows a page whose visit the server does not know.

    The first run of a new server begins before messages go through the inbox. A new visit has no
    widgets yet, so what such a message says of them is of an earlier page, or forged: it goes.
    """
    page = context.session_state
    unparsed = page.get_widget_states()
    if unparsed:
        page.on_script_finished(frozenset())  # which forgets what no widget has
    return bool(unparsed) or inbox_of(context.session_id).is_of_lost_page


def is_lost() -> bool:
    """Whether the browser must still say which run it shows: see `arrive_again`."""
    return LOST_PAGE in st.session_state


def arrive_again(session: Session, search: str) -> None:
    """Begin again with the address that a lost page has now.

    Streamlit sends only the address with which a page was opened. So the stage's script sends it.
    """
    obey_page_words = st.session_state.pop(LOST_PAGE, None)
    if obey_page_words is None:
        return
    try:
        query = dict(parse_qsl(search.removeprefix("?"), True, max_num_fields=MOST_WORDS))
    except ValueError:
        return
    new = begin_with(query, obey_page_words)
    new.run_number, new.on_rest, new.dark = session.run_number + 1, session.on_rest, session.dark
    new.errors["lost"] = LOST
    session.become(new)
    st.session_state[PLAY_ON] = "play" in query


def rest(session: Session) -> None:
    """Forget everything in a session except what is needed to repeat its run."""
    with session.in_order():
        small = Session.of(Config())
        small.resting, small.destination = session.whole.recipe, place_of(session)
        small.scale, small.view, small.dark = session.scale, session.view, session.dark
        small.run_number, small.example = session.run_number + 1, session.example
        small.train_count, small.train_requests = session.train_count, session.train_requests
        small.baselines = tuple(one.without_run() for one in session.baselines)
        for forget in session.on_rest:
            forget()
        session.become(small)


def wake(session: Session) -> None:
    """Repeat the run of a session that rested, with progress if it takes long."""
    with session.in_order():
        recipe, view, scale = session.resting, session.view, session.scale
        place = session.destination
        if recipe is not None:
            session.resting = None
            with in_turn(recipe.config):
                repeat(session, recipe)
                session.view, session.scale = view, scale
                go_to(session, place)
            session.moments = Moments()


@cache
def _watch() -> threading.Thread:
    """Start the thread that watches who has left."""
    thread = threading.Thread(target=_rest_those_who_left, name="rest", daemon=True)
    thread.start()
    return thread


def _rest_those_who_left() -> None:
    watch = Watch(_is_here)
    while True:
        _arrived.wait(LOOK)
        time.sleep(PAUSE)
        _arrived.clear()
        with _lock:
            ids = dict(_ids)
        if gone := watch.look(ids, time.monotonic()):
            for one in gone:
                uploads.forget(one)
            memory.give_back()


def _is_here(session_id: str) -> bool:
    """Whether a visitor is connected. Without a server nobody leaves."""
    return not runtime.exists() or runtime.get_instance().is_active_session(session_id)


class Watch:
    """Which visitors are away, and since when."""

    def __init__(self, is_here: Callable[[str], bool]) -> None:
        """Ask with this function whether a visitor is connected."""
        self._is_here = is_here
        self._away: dict[str, float] = {}  # since when, by the visitor's id

    def look(self, ids: Mapping[Session, str], now: float) -> list[str]:
        """Shrink the sessions of visitors who are away for long, or behind many others.

        Returns the ids of these visitors.
        """
        self._away = {
            one: self._away.get(one, now) for one in ids.values() if not self._is_here(one)
        }
        away = [session for session, one in ids.items() if one in self._away]
        away = [session for session in away if session.resting is None]
        away.sort(key=lambda session: self._away[ids[session]], reverse=True)
        gone = [
            session
            for number, session in enumerate(away)
            if number >= MOST_AWAY or now - self._away[ids[session]] >= GONE
        ]
        for session in gone:
            rest(session)
        return [ids[session] for session in gone]
