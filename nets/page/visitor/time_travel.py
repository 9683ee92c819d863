"""Time travel: an earlier epoch of the run is shown, and can become the run."""

from nets.explain.phases import Walkthrough
from nets.page.visitor.session import Session
from nets.training.advance import rewind
from nets.training.recipe import RecordedRun
from nets.training.run import Run


def show_epoch(session: Session, epoch: int) -> None:
    """Show an epoch of the run, from 0 to the last one.

    The later epochs stay in `session.latest` until something changes the run at the earlier one.
    """
    with session.in_order():
        if session.playing or session.pending:
            return
        latest = session.whole
        is_past = epoch < latest.run.epoch
        session.latest = latest if is_past else None
        session.recorded = _at(latest, epoch) if is_past else latest
        session.walk, session.stopped = None, False
        session.arrive(session.now)


def place_of(session: Session) -> tuple[int, int] | None:
    """Return the epoch on show, and how many of its phases; None for the last epoch at rest."""
    if session.latest is None and session.walk is None:
        return None
    return session.run.epoch, 0 if session.walk is None else session.walk.shown


def go_to(session: Session, place: tuple[int, int] | None) -> None:
    """Show a place, as `place_of` returns it, now or after the events that are pending."""
    with session.in_order():
        session.destination = place
        if place is None or session.pending:
            return
        epoch, phases = place
        session.destination, errors = None, {**session.errors}
        show_epoch(session, epoch)
        if phases and session.latest is None:
            session.walk = walk_to(session.run, phases)
            session.arrive(session.now)
        session.errors |= errors  # of the address, which nobody has read yet


def walk_to(run: Run, phases: int) -> Walkthrough | None:
    """Return the walk through an epoch after some phases; None if there is no such walk.

    With its last phase the walk has reached the run; with fewer, the run is at its start.
    """
    count = Walkthrough(run).phase_count
    if phases < count:
        walk = Walkthrough(run, phases)
    elif phases == count and run.epoch:
        walk = Walkthrough(rewind(run, run.epoch - 1), phases)
    else:
        return None
    return walk if walk.is_finite else None


def _at(recorded: RecordedRun, epoch: int) -> RecordedRun:
    """Return the recipe up to an epoch, and the run that it makes."""
    return RecordedRun(recorded.recipe.until(epoch), rewind(recorded.run, epoch))
