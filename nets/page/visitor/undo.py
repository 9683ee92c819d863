"""Undo and redo: go back to the moment before a change, and forth again, exactly."""

from nets.page.visitor import pending
from nets.page.visitor.moments import Moment, Moments
from nets.page.visitor.session import Session
from nets.training.advance import rewind
from nets.training.idle_loops import idle_loops
from nets.training.recipe import Recipe, RecordedRun


def can_undo(session: Session) -> bool:
    """Whether there is a change to undo, or an epoch to go back by."""
    if session.walk is not None or session.run.epoch:
        return True
    return session.moments.leads_back(Moment.of(session))


def undo(session: Session) -> None:
    """Undo the last change. A run that came by a link goes back by one epoch."""
    with session.in_order():
        now = Moment.of(session)
        before = session.moments.back(now)
        if before is not None:
            return_to_moment(session, before)
        elif session.walk is not None or session.run.epoch:
            session.moments.after.append(now)
            _go_back(session)


def redo(session: Session) -> None:
    """Do the last change that was undone again."""
    with session.in_order():
        after = session.moments.forth(Moment.of(session))
        if after is not None:
            return_to_moment(session, after)


def _go_back(session: Session) -> None:
    """Go back by one epoch, or to the start of the one that is being shown."""
    run, walk = session.run, session.walk
    inside = walk is not None and walk.run.epoch == walk.start.epoch
    session.latest = None
    session.return_to(run if inside else rewind(run, run.epoch - 1))
    _arrive(session)


def return_to_moment(session: Session, moment: Moment) -> None:
    """Show a moment again. If its run is not kept any more, repeat its recipe."""
    recipe = moment.recipe
    if moment.run is None:
        repeat(session, recipe)
        return
    if not _is_of_one_run(session, moment):
        session.run_number += 1
        idle_loops.forget(session.run.data)
        session.comparison, session.errors, session.example = None, {}, 0
        vars(session).update(moment.look)
    session.recorded, session.walk = RecordedRun(recipe, moment.run), moment.walk
    session.latest = moment.latest
    _arrive(session)


def repeat(session: Session, recipe: Recipe) -> None:
    """Make the run of a recipe the run on show, with progress if it takes long."""
    moments, session.moments = session.moments, Moments()
    try:
        pending.repeat(session, recipe)
    finally:
        session.moments = moments


def _is_of_one_run(session: Session, moment: Moment) -> bool:
    """Whether a moment has the same config and data as the present run."""
    now, then = session.recipe, moment.recipe
    same = now.config == then.config and now.data is then.data
    return same and now.observed is then.observed


def _arrive(session: Session) -> None:
    session.playing, session.stop, session.stopped = False, None, False
    session.pending.clear()
    session.branch += 1
    session.arrive(session.now)
