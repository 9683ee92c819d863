"""Transport: the buttons that train a run, its epoch and loss, and notices about it."""

import html
from collections.abc import Callable

import streamlit as st

from nets.engine.names import to_symbol
from nets.page.controls import actions
from nets.page.controls.widgets import lazy_popover, number_field, step_buttons, typed
from nets.page.html.text import as_markdown
from nets.page.html.words import explained
from nets.page.stage import player
from nets.page.stage.frames import loss_text
from nets.page.stage.stage import SHOWN
from nets.page.stage.state import StageState
from nets.page.visitor import undo
from nets.page.visitor.kept import POLL
from nets.page.visitor.memory import gate
from nets.page.visitor.pending import cancel, start_events
from nets.page.visitor.session import Session
from nets.page.visitor.snapshot import Snapshot
from nets.training.recipe import MAX_EPOCHS, Epochs
from nets.validate import require_whole

TRAIN_EPOCHS = "Epochs to train"  # the label of the field


def show(session: Session, show_more: Callable[[Session], None]) -> None:
    """Draw the row of buttons, and more at its end, with epoch and loss."""
    with st.container(horizontal=True, vertical_alignment="center", key="transport"):
        _buttons(session)
        show_more(session)
        st.space("stretch")
        at_rest = session.displayed is session.run
        on_show = session.now if at_rest else Snapshot(session.displayed)
        _readings(epoch=str(on_show.run.epoch), loss=loss_text(on_show.loss))


def _buttons(session: Session) -> None:
    playing, run, observed = session.playing, session.run, session.is_observed
    st.button(
        "Reset",
        key="reset",
        disabled=observed,
        shortcut="0",
        on_click=session.reset,
        help="Back to epoch 0 and the same first weights.",
    )
    st.button(
        "Undo",
        key="step_back",
        shortcut="Left",
        disabled=playing or not undo.can_undo(session),
        on_click=_go,
        args=(session, undo.undo),
        help="Undo the last change of the run; Ctrl+Z does the same.",
    )
    st.button(
        "Redo",
        icon=":material/redo:",
        key="redo",
        disabled=playing or not session.moments.after,
        on_click=_go,
        args=(session, undo.redo),
        help="Redo the last change that was undone; Ctrl+Shift+Z does the same.",
    )
    st.button(
        "Next phase",
        key="step_phase",
        shortcut="P",
        disabled=playing or observed or run.divergence is not None,
        on_click=_step_phase,
        args=(session,),
    )
    st.button(
        "Next epoch",
        key="step_epoch",
        shortcut="Right",
        type="primary",
        disabled=playing or observed,
        on_click=session.step_epoch,
    )
    st.button(
        "Pause" if playing else "Play",
        key="play",
        shortcut="Space",
        disabled=observed,
        on_click=player.toggle,
        args=(session,),
    )
    st.selectbox(
        "Speed",
        player.SPEEDS,
        key="speed",
        label_visibility="collapsed",
        width=128,
        index=list(player.SPEEDS).index(player.USUAL_SPEED),
    )
    busy = playing or observed or bool(session.pending)
    with lazy_popover("Train", train_box(session), keep=player.STOP_KEYS, disabled=busy) as is_open:
        if is_open:
            _many_epochs(session)


def train_box(session: Session) -> str:
    """Return the key of the box of Train: after each training a new box, which is closed.

    If the server closed the old box instead, a busy browser might still report it as open.
    """
    return f"train_box_{session.train_requests}"


def _go(session: Session, way: Callable[[Session], None]) -> None:
    """Undo or redo: draw the sidebar if it must change, open the four steps at a phase."""
    before, at_rest = (session.settings, session.recipe.data), session.walk is None
    way(session)
    if at_rest and session.walk is not None:
        st.session_state.panel = "Four steps"
    if (session.settings, session.recipe.data) != before:
        st.session_state[actions.FILLING] = True
        st.rerun()


def _step_phase(session: Session) -> None:
    """Show the next phase; at the first one, open the panel with its numbers."""
    if session.walk is None:
        st.session_state.panel = "Four steps"
    session.step_phase()


def _many_epochs(session: Session) -> None:
    """Train without showing every epoch."""
    st.session_state.setdefault("train_epochs", session.train_count)
    field, *buttons = st.columns([4, 1, 1], gap="small", vertical_alignment="bottom")
    number_field(field, TRAIN_EPOCHS, "train_epochs")
    step_buttons(buttons, "epochs to train", "train_epochs")
    player.stop_condition(session)
    st.button("Train", key="train", on_click=_train, args=(session,), type="primary")
    if "train_epochs" in session.errors:
        st.warning(as_markdown(session.errors["train_epochs"]))


def _readings(**texts: str) -> None:
    """Numbers that the stage keeps up to date while it plays."""
    readings = (
        f'<div class="st-key-{key}">{explained(key, f"<small>{key}</small>", "under at-end")}'
        f'<output data-text aria-live="off" aria-label="{key}">{html.escape(text)}</output></div>'
        for key, text in texts.items()
    )
    st.html(f'<div class="readings">{"".join(readings)}</div>', width="content")


def _train(session: Session) -> None:
    count = typed("train_epochs")
    with session.reporting_errors("train_epochs"):
        require_whole(TRAIN_EPOCHS, count, 1, MAX_EPOCHS)
        if not player.apply_stop_condition(session):
            return
        session.train_count = count
        start_events(session, [Epochs(count)])


def show_notices(session: Session) -> None:
    """Say what went wrong and what to do about it, or how far long training has come."""
    with st.container(key="notices"):
        for key in ("lost", "address", "stop_when"):
            if key in session.errors:
                st.warning(as_markdown(session.errors[key]))
        if words := _on_divergence(session):
            st.warning(words)
        if session.pending:
            _progress(session)
        shown: StageState | None = st.session_state.get(SHOWN)
        if shown is not None and shown.plot is not None and shown.plot.waiting:
            _wait_for_the_map(shown)


@st.fragment(run_every=POLL)
def _wait_for_the_map(shown: StageState) -> None:
    """Say that the map waits for heavy work of others, until there is room for it."""
    size = 0 if shown.plot is None else shown.plot.waiting
    if gate.has_room(size):
        shown.lost()
        st.rerun()
    place = gate.queue + 1
    words = f"The map waits for other visitors' work, number {place} in the queue."
    st.caption(f":material/hourglass_top: {words}")


def _on_divergence(session: Session) -> str:
    stop = session.run.divergence
    if stop is None:
        return ""
    return (
        f"The run has diverged: in epoch {stop.epoch}, {to_symbol(stop.tensor)} stopped being "
        "finite. "
        f"The run stays at epoch {session.run.epoch}, the last one with finite numbers only. "
        "The updates were too large: try a learning rate smaller than "
        f"{session.run.learning_rate:g}, and Reset."
    )


def _progress(session: Session) -> None:
    """Show how far long training has come. The stage continues it, so that a click can stop it."""
    begun, goal = session.progress
    done = session.run.epoch
    with st.container(horizontal=True, vertical_alignment="center"):
        share = (done - begun) / max(1, goal - begun)  # steps on the way may lead beyond the goal
        st.progress(min(1.0, max(0.0, share)), f"Training: epoch {done} of {max(done, goal)}")
        st.button("Stop", key="stop", shortcut="Esc", on_click=cancel, args=(session,))
