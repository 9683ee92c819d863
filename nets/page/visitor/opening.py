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
from nets.page.visitor.remembered import OWN
from nets.page.visitor.session import Session
from nets.presets import bytes_of
from nets.sharing.lenient import read_link
from nets.sharing.link import most_epochs, recipe_of
from nets.sharing.packing import unpack
from nets.training.observed import observed_run
from nets.training.recipe import Epochs, Recipe, RecordedRun
from nets.training.run import start
from nets.validate import quote

Obey = Callable[[Mapping[str, str], Session], list[str]]
# Of an address, besides those of a recipe.
PAGE_WORDS = ("panel", "view", "speed", "play", "kept", "scale", "at", "phase", "fan", OWN)
MORE = "more"  # epochs that were played after the recipe of an address
MOST_DIGITS = 7  # of such a number
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
        recipe, wrong = _recall(asked, query.get(OWN, "")) or read_link(asked)
        recipe, wrong = _with_more(recipe, wrong, words.get(MORE, ""))
        with in_turn(recipe.config):
            session = _begin(recipe)
        session.moments = Moments()
    except ValueError as error:
        return Session.of(Config()), [f"{error} The page shows the notebook's network instead."]
    return session, wrong


def _recall(words: Mapping[str, str], own: str) -> tuple[Recipe, list[str]] | None:
    """Read a recipe whose own data the server still has; None without such data."""
    found = remembered.find(own)
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
