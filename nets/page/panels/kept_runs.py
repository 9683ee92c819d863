"""Kept runs: the run is kept for comparison, and a kept run becomes the run again."""

from collections.abc import Callable

import streamlit as st

from nets.page.controls import actions
from nets.page.controls.widgets import key_of, label_of, show_errors
from nets.page.html.tables import number, table
from nets.page.visitor.baselines import NAMES, count_changes, keep, list_differences
from nets.page.visitor.kept import NotYet, kept
from nets.page.visitor.session import Session
from nets.page.visitor.undo import return_to_moment
from nets.presets import bytes_of

KEY = "keep_run"
KEEP = "Up to four runs stay as thin lines in the loss chart."
FULL = "Four runs are kept. Remove one to keep another."


def repeat_planned(session: Session) -> Callable[[], None]:
    """Repeat kept runs that came with a link or a file, one after the other.

    Returns what says on the page that it is under way; it says nothing when all are there.
    """
    for baseline in session.baselines:
        if baseline.loss is not None:
            continue
        size = bytes_of(baseline.config)
        try:
            made = kept("baseline", baseline, baseline.repeated, size, f"Run {baseline.name}")
        except NotYet as wait:
            return wait.show
        with session.in_order():
            session.baselines = tuple(made if one is baseline else one for one in session.baselines)
    return lambda: None


def show(session: Session) -> None:
    """Draw the button that keeps the run, and the runs that were kept."""
    baselines = session.baselines
    with st.container(horizontal=True, vertical_alignment="center"):
        is_full = len(baselines) == len(NAMES)
        st.button("Keep this run", key=KEY, on_click=_keep, args=(session,), disabled=is_full)
        st.caption(KEEP if not baselines else FULL if is_full else "")
    show_errors(session, KEY)
    if not baselines:
        return
    st.html(_differences(session))
    for name in [one.name for one in baselines]:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"Run **{name}**", width=60)
            args = (session, name)
            st.button("Return to it", key=f"return_{name}", on_click=_return, args=args)
            st.button("Remove", key=f"remove_{name}", on_click=_remove, args=args)


def _keep(session: Session) -> None:
    with session.in_order(), session.reporting_errors(KEY):
        session.baselines = keep(session.baselines, session)


def _remove(session: Session, name: str) -> None:
    with session.in_order():
        session.baselines = tuple(one for one in session.baselines if one.name != name)
        session.errors.pop(KEY, None)


def _return(session: Session, name: str) -> None:
    """Make a kept run the present one. This can be undone."""
    with session.in_order():
        for baseline in session.baselines:
            if baseline.name == name:
                session.note()
                return_to_moment(session, baseline.moment)
    st.session_state[actions.FILLING] = True
    st.rerun()


def _differences(session: Session) -> str:
    """Write a row for each run: the settings in which they differ, and where each of them is."""
    run, baselines = session.run, session.baselines
    configs = [session.settings, *(one.config for one in baselines)]
    changes = [
        count_changes(session.recipe),
        *(count_changes(one.moment.recipe) for one in baselines),
    ]
    differences = list_differences(configs).items()
    columns = {label_of(key_of(name)).replace("_", " "): values for name, values in differences}
    if any(changes):
        columns["changes on the way"] = [str(count) for count in changes]
    ends: list[tuple[int, float | None, float | None]] = [(run.epoch, run.loss, run.test_loss)]
    ends += [(one.epoch, one.loss, one.test_loss) for one in baselines]
    columns["epoch"] = [str(epoch) for epoch, _, _ in ends]
    columns["loss"] = ["–" if loss is None else number(loss) for _, loss, _ in ends]
    if any(test is not None for _, _, test in ends):
        columns["test loss"] = ["–" if test is None else number(test) for _, _, test in ends]
    names = ["now", *(one.name for one in baselines)]
    rows = [(name, [values[at] for values in columns.values()]) for at, name in enumerate(names)]
    return table("Runs, and the settings in which they differ", ["run", *columns], rows)
