"""Time travel: an earlier epoch of the run is shown, and can become the run."""

from dataclasses import replace

from nets.page.visitor.pending import start_events
from nets.page.visitor.session import Session
from nets.training.advance import rewind
from nets.training.recipe import Epochs, Recipe, RecordedRun


def show_epoch(session: Session, epoch: int) -> None:
    """Show an epoch of the run, from 0 to the last one.

    The later epochs stay in `session.latest` until something changes the run at the earlier one.
    """
    with session.in_order():
        if session.playing or session.pending:
            return
        latest = session.latest or session.recorded
        is_past = epoch < latest.run.epoch
        session.latest = latest if is_past else None
        session.recorded = _at(latest, epoch) if is_past else latest
        session.walk, session.stopped = None, False
        session.arrive(session.now)


def repeat(session: Session, recipe: Recipe) -> None:
    """Make the run of a recipe the run on show, with progress if it takes long."""
    if recipe.observed is None:
        session.begin(recipe.config, recipe.data, recipe.set_at_first)
        start_events(session, recipe.after_first)
    else:
        session.observe(replace(recipe, events=(Epochs(recipe.observed.epoch),)))
        show_epoch(session, recipe.epoch)


def _at(recorded: RecordedRun, epoch: int) -> RecordedRun:
    """Return the recipe up to an epoch, and the run that it makes."""
    return RecordedRun(recorded.recipe.until(epoch), rewind(recorded.run, epoch))
