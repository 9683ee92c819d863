"""Pending events: long training is done in parts, so that it shows its progress and can stop."""

import time
from collections.abc import Sequence
from dataclasses import replace

from nets.page.visitor.session import Session
from nets.page.visitor.time_travel import go_to, show_epoch
from nets.page.visitor.turns import deed
from nets.training.recipe import Epochs, Event, Recipe

SLICE = 0.3  # seconds of training for one answer; longer work shows its progress


@deed
def start_events(session: Session, events: Sequence[Event], seconds: float = SLICE) -> None:
    """Begin with events that may take long.

    Raises:
        ValueError: if there are any and the run was trained elsewhere.
    """
    if events:
        session.require_trainable()
    session.note()
    session.playing, session.pending = False, [*events]
    session.train_requests += 1
    epochs = sum(event.count for event in events if isinstance(event, Epochs))
    session.progress = (session.run.epoch, session.run.epoch + epochs)
    continue_events(session, seconds)


@deed
def continue_events(session: Session, seconds: float = SLICE) -> None:
    """Work on pending events for about this number of seconds."""
    deadline = time.perf_counter() + seconds
    while session.pending and not session.is_awaited():
        event, left = session.pending[0], deadline - time.perf_counter()
        if left <= 0:
            break
        try:
            done = session.do(event, left)
        except ValueError as error:  # a weight for which the loss is infinite
            session.pending = []
            session.errors["address"] = f"{error} All after it was left out."
            break
        if not session.pending:  # the run has diverged or met its stop condition
            break
        rest = event.count - done if isinstance(event, Epochs) else 0
        session.pending[:1] = [Epochs(rest)] if rest else []
    if not session.pending:
        go_to(session, session.destination)
    session.unshown = [session.now]


@deed
def cancel(session: Session) -> None:
    """Drop the events that are not done yet."""
    session.pending, session.destination = [], None


def repeat(session: Session, recipe: Recipe) -> None:
    """Make the run of a recipe the run on show, with progress if it takes long."""
    if recipe.observed is None:
        session.begin(recipe.config, recipe.data, recipe.set_at_first)
        start_events(session, recipe.after_first)
    else:
        session.observe(replace(recipe, events=(Epochs(recipe.observed.epoch),)))
        show_epoch(session, recipe.epoch)
