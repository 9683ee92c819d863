"""Opening: makes a session from the words of an address."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from nets.config import Config
from nets.data.datasets import OWN_DATA
from nets.lessons import first_minute
from nets.page.visitor import memory, remembered
from nets.page.visitor.moments import Moments
from nets.page.visitor.pending import start_events
from nets.page.visitor.remembered import OWN, VISIT
from nets.page.visitor.session import Session
from nets.presets import bytes_of
from nets.sharing.lenient import read_link
from nets.sharing.link import most_epochs, recipe_of, to_query
from nets.sharing.packing import unpack
from nets.training.observed import observed_run
from nets.training.recipe import Epochs, Recipe, RecordedRun
from nets.training.run import start
from nets.validate import quote

Obey = Callable[[Mapping[str, str], Session], list[str]]
# Of an address, besides those of a recipe.
PAGE_WORDS = ("panel", "view", "speed", "play", "kept", "scale", "at", "phase", "fan", OWN, VISIT)
MORE = "more"  # epochs that were played after the recipe of an address
MOST_DIGITS = 7  # of such a number
TOO_LONG = (
    "The address has only the settings of its run: more was set by hand than an address can carry, "
    "and the server does not have the run any more. A session file keeps such a run."
)
REST = "The page obeys the rest of the address."


def begin_with(query: Mapping[str, str], obey_page_words: Obey) -> Session:
    """Begin with what the address asks for, and say what was wrong with it."""
    session, wrong = _arrive(query)
    wrong += obey_page_words(query, session)
    if wrong:
        session.errors["address"] = " ".join([*wrong, REST])
    return session


def _arrive(query: Mapping[str, str]) -> tuple[Session, list[str]]:
    """Begin with what the address asks for; greet a newcomer, whose address asks for no run.

    Returns the session, and a sentence for each word of the address that was not obeyed.
    """
    words = {name: value for name, value in query.items() if name not in PAGE_WORDS}
    if not words:
        return Session.of(first_minute.CONFIG), []
    try:
        asked = {name: words[name] for name in words if name != MORE}
        recipe, wrong = _recall(asked, query) or read_link(asked)
        if VISIT not in query:
            recipe, wrong = _with_more(recipe, wrong, words.get(MORE, ""))
        elif not recipe.events:
            wrong = [*wrong, TOO_LONG]
        with in_turn(recipe.config):
            session = _begin(recipe)
        session.moments = Moments()
    except ValueError as error:
        return Session.of(Config()), [f"{error} The page shows the notebook's network instead."]
    return session, wrong


def _recall(words: Mapping[str, str], query: Mapping[str, str]) -> tuple[Recipe, list[str]] | None:
    """Read a recipe that the server still has, or whose own data it has; None if it has neither."""
    if (visit := remembered.find_visit(query.get(VISIT, ""))) is not None:
        recipe: Recipe = visit.resting or visit.whole.recipe
        return _limited(recipe) if to_query(Recipe(recipe.config)) == words else None
    found = remembered.find(query.get(OWN, ""))
    if found is None:
        return None
    data, observed = found
    try:
        recipe = replace(recipe_of(unpack(words)), data=data)
        if recipe.config.data != OWN_DATA.name:
            return None
        start(recipe.config, data=data)
        if observed is not None:
            observed_run(recipe.config, data, observed)  # which checks that all fits
            return replace(recipe, events=(Epochs(observed.epoch),), observed=observed), []
    except ValueError:
        return None
    return _limited(recipe)


def _limited(recipe: Recipe) -> tuple[Recipe, list[str]]:
    """Train as many epochs as a link may ask for, and say so."""
    most = most_epochs(recipe.config)
    wrong = [f"steps must not train for more than {most} epochs."] if recipe.epoch > most else []
    return recipe.until(most), wrong


def _with_more(recipe: Recipe, wrong: list[str], more: str) -> tuple[Recipe, list[str]]:
    """Add the epochs that were played after a recipe; a link has a limit for all of them."""
    if not more or recipe.observed is not None:
        return recipe, wrong
    if not (more.isascii() and more.isdigit() and 0 < len(more) <= MOST_DIGITS and int(more)):
        return recipe, [*wrong, f"{MORE} must be a number of epochs; got {quote(more)}."]
    return recipe.then(Epochs(int(more))).until(most_epochs(recipe.config)), wrong


def _begin(recipe: Recipe) -> Session:
    """Begin with a recipe; its first weights set by hand, if they can be set, come first."""
    if recipe.observed is not None:
        return Session.showing(RecordedRun.of(recipe))
    try:
        session = Session.of(recipe.config, recipe.data, recipe.set_at_first)
        events = recipe.after_first
    except ValueError:  # which is said when the events are applied
        session, events = Session.of(recipe.config, recipe.data), recipe.events
    start_events(session, events)
    return session


@contextmanager
def in_turn(config: Config) -> Iterator[None]:
    """Begin a run in turn with the heavy work of others; say so on the page while it waits."""
    notes: list[DeltaGenerator] = []

    def say(place: int) -> None:
        notes.extend([] if notes else [st.empty()])
        notes[0].info(f"The server is busy. Your page opens in turn: number {place} in the queue.")

    with memory.gate.through(bytes_of(config), say):
        for note in notes:
            note.empty()
        yield
