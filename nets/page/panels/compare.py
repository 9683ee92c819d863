"""Panel "Compare": runs that were kept, and networks that differ in one setting."""

import time
from itertools import pairwise

import streamlit as st

from nets.analysis.sweep import SETTINGS, Sweep, Trial, best_of
from nets.figures.colours import DARK, LIGHT
from nets.figures.sweep_chart import sweep_chart
from nets.page.controls import actions
from nets.page.controls.widgets import number_field, show_errors, typed
from nets.page.html.tables import number, table
from nets.page.panels import kept_runs
from nets.page.panels.chart import show_chart
from nets.page.visitor.fans import EPOCHS_KEY, SETTING_KEY, Asked, ask
from nets.page.visitor.kept import ASKED, POLL, NotYet, kept, report, store
from nets.page.visitor.pending import start_events
from nets.page.visitor.session import Session
from nets.presets import bytes_of
from nets.training.recipe import Epochs

SWEEP = "sweep"  # the last result
BYTES_OF_RUN = 10_000_000  # at the most, with its history, while a sweep trains
BYTES_OF_PARAMETER = 24  # in each epoch: the optimiser has up to two numbers for it, and rows grow
MOST_SECONDS = 300  # that a sweep trains, because other visitors wait for it
EPOCHS = 100  # at first
ABOUT = (
    "Train up to 16 networks that differ in one setting, from epoch 0 and with all other settings "
    "as they are now, for five minutes at the most. A click on a line, or the button below, makes "
    "that network your run."
)


def show(session: Session) -> None:
    """Draw the kept runs, what to vary, and the result of the last sweep."""
    kept_runs.show(session)
    _ask(session)
    asked = store().get(ASKED)
    if not asked:
        return
    sweep: Sweep = asked[-1].result
    try:
        trials = kept(SWEEP, sweep, lambda: _train(sweep), _bytes_of(sweep), "Training")
    except NotYet as wait:
        wait.work.drawn = True
        _show_progress(sweep, wait)
        return
    _show_result(session, sweep, trials)


def _ask(session: Session) -> None:
    """Draw the choice of a setting, the number of epochs and the button that begins."""
    st.markdown(ABOUT)
    st.session_state.setdefault(SETTING_KEY, next(iter(SETTINGS)))
    st.session_state.setdefault(EPOCHS_KEY, max(EPOCHS, session.run.epoch))
    st.segmented_control("What differs", SETTINGS, key=SETTING_KEY, required=True)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        number_field(st.container(width=160), "Epochs of each", EPOCHS_KEY)
        st.button("Train them", key="sweep", on_click=_begin, args=(session,))
    show_errors(session, EPOCHS_KEY)


def _begin(session: Session) -> None:
    """Prepare the sweep that is chosen; the panel trains it when it is drawn."""
    state, recipe = st.session_state, session.recipe
    with session.reporting_errors(EPOCHS_KEY):
        ask(state, Asked(recipe.config, state[SETTING_KEY], typed(EPOCHS_KEY), recipe.data))


def _bytes_of(sweep: Sweep) -> int:
    """Estimate the memory of all runs of a sweep, with their histories."""
    configs, per_parameter = sweep.configs.values(), BYTES_OF_PARAMETER * (sweep.epochs + 1)
    counts = [sum((i + 1) * o for i, o in pairwise(config.sizes)) for config in configs]
    histories = sum(min(BYTES_OF_RUN, per_parameter * count) for count in counts)
    return histories + sum(bytes_of(config) for config in configs)


def _train(sweep: Sweep) -> list[Trial]:
    """Train until the end, Stop or the last second; end at once if nobody waits any more."""
    end = time.monotonic() + MOST_SECONDS

    def look(share: float) -> None:
        report(share)
        sweep.stopped = sweep.stopped or time.monotonic() > end

    return sweep.train(look)


@st.fragment(run_every=POLL)
def _show_progress(sweep: Sweep, wait: NotYet) -> None:
    """Show how far the training has come, until it is done, and a button that stops it."""
    if wait.work.is_over or not wait.work.drawn:
        st.rerun()
    st.progress(min(1.0, sweep.share), f"Training {len(sweep.configs)} networks")
    st.button("Stop", key="stop_sweep", on_click=_stop, args=(sweep,))


def _stop(sweep: Sweep) -> None:
    sweep.stopped = True


def _show_result(session: Session, sweep: Sweep, trials: list[Trial]) -> None:
    """Say which network is the best; draw the chart, the button and the table."""
    best = best_of(trials)
    st.markdown(_about(sweep, trials, best))
    theme = DARK if session.dark else LIGHT
    chart = sweep_chart(
        sweep.setting, trials, theme, logarithmic=bool(st.session_state.get("log_loss"))
    )
    show_chart("sweep_chart", chart, lambda place: _pick(session, sweep, trials, place))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        values = [f"{trial.value:g}" for trial in trials]
        first = trials.index(best) if best else 0
        chosen = st.selectbox(sweep.setting.name, values, first, key="sweep_value", width=160)
        st.button(
            "Make it my run",
            key="use_trial",
            on_click=_use,
            args=(session, sweep, trials[values.index(chosen)]),
        )
    st.html(_table(sweep, trials, best))


def _about(sweep: Sweep, trials: list[Trial], best: Trial | None) -> str:
    """Say which network is the best, and how many diverged."""
    name, diverged = sweep.setting.name.lower(), sum(trial.diverged for trial in trials)
    stopped = f"Stopped after {max(trial.epoch for trial in trials)} epochs. " * sweep.stopped
    if best is None:
        return f"{stopped}All {len(trials)} networks diverged."
    what = "loss on the test data" if best.test_loss is not None else "loss"
    others = f" {diverged} of {len(trials)} networks diverged." if diverged else ""
    return (
        f"{stopped}**The best {name} is {best.value:g}:** its last {what} is "
        f"{number(best.result)} at epoch {best.epoch}.{others}"
    )


def _table(sweep: Sweep, trials: list[Trial], best: Trial | None) -> str:
    """Write a row for each network: how far it came, and its last losses."""
    tested = trials[0].test_loss is not None
    rows: list[tuple[str, list[float | str]]] = []
    for trial in trials:
        losses = [trial.loss, *([] if trial.test_loss is None else [trial.test_loss])]
        note = "best" if trial is best else "diverged" if trial.diverged else ""
        cells = [number(loss[-1].item()) for loss in losses]
        rows.append((f"{trial.value:g}", [str(trial.epoch), *cells, note]))
    header = [sweep.setting.name.lower(), "epoch", "loss", *["test loss"] * tested, ""]
    return table("Where each network ended", header, rows)


def _pick(session: Session, sweep: Sweep, trials: list[Trial], place: str) -> None:
    """Use the trial of a line that was clicked; the browser may send anything as its place."""
    if place.isascii() and place.isdigit() and int(place) < len(trials):
        _use(session, sweep, trials[int(place)])


def _use(session: Session, sweep: Sweep, trial: Trial) -> None:
    """Begin the run of a trial again, and train it as far."""
    with session.in_order():
        session.begin(trial.config, sweep.data)
        if trial.epoch:
            start_events(session, [Epochs(trial.epoch)])
    st.session_state[actions.FILLING] = True
    st.rerun()
