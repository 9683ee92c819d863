"""Messages to the stage: whole figures for something new, otherwise only what changed."""

from typing import Any

from nets.analysis.decision_map import MAX_AXES, count_axes
from nets.figures.colours import CHART_DESIGN, DARK, LIGHT, MAP_DESIGN
from nets.figures.diagram import skeleton
from nets.figures.diagram_style import DiagramStyle
from nets.figures.loss_chart import loss_chart
from nets.page.stage.frames import Message
from nets.page.stage.predictions import PredictionPlot
from nets.page.stage.state import ChartStyle, StageState
from nets.page.visitor.baselines import drawn_lines
from nets.page.visitor.session import Session
from nets.page.visitor.snapshot import DisplayOptions, Snapshot
from nets.training.run import Run

FAR_BELOW = 0.01  # of the lowest loss
AHEAD_WORK = 2e6  # parameters · examples of an epoch that is computed before it is asked for
AHEAD_UPDATES = 500  # in such an epoch
MOST_SENT = 64  # snapshots that the browser may still have to paint
# The buttons whose next picture is sent before the click: always, and while phases are shown.
BUTTONS, BUTTONS_OF_A_WALK = ("step_epoch",), ("step_epoch", "step_phase")


def style_of(session: Session) -> DiagramStyle:
    """Collect what stays the same in the diagram of a run while it trains."""
    run = session.run
    return DiagramStyle(
        run.config.sizes,
        DARK if session.dark else LIGHT,
        session.scale,
        run.data.input_names,
        run.data.output_names,
        None if session.selected is None else str(session.selected),
        session.view.in_neurons and count_axes(run) <= MAX_AXES,
        run.data.picture,
        tuple(run.data.input_units),
        tuple(run.data.output_units),
    )


def message_for(
    session: Session,
    shown: StageState,
    pace: float,
    *,
    logarithmic: bool,
    colour_by: str = "weight",
    tried: tuple[float, ...] | None = None,
) -> Message:
    """Write the next message, or return the last one again if nothing is new."""
    options, style = DisplayOptions(session.example, colour_by, tried), style_of(session)
    floor = drawn_bound(session.run, session.bound, logarithmic)
    shown.bound = session.bound
    past, comparison = session.latest is not None, session.comparison
    chart = ChartStyle(
        session.run_number, logarithmic, session.dark, floor, session.view, session.baselines,
        comparison is not None,
    )  # fmt: skip
    whole = shown.needs_figures(style, chart) or (past and shown.branch != session.branch)
    changed = options != shown.options or comparison is not shown.comparison
    if not (whole or session.unshown or changed):
        return shown.message
    shown.show_with(options)
    shown.follow(session.branch)
    snapshots = _snapshots(session, shown, whole=whole)
    figures = _draw_figures(session, shown, style, chart, snapshots[0].run) if whole else None
    frames = shown.frames(snapshots, playing=session.playing, past=past)
    if whole or comparison is not shown.comparison:
        at = 0 if whole else -1
        frames[at] = shown.add_comparison(frames[at], comparison)
    is_behind = comparison is not None and comparison.is_behind
    shown.ahead = _ahead(session, shown)
    shown.message = {
        "number": shown.message["number"] + 1,
        "picture": shown.picture,
        "figures": figures,
        "frames": frames,
        "ahead": {button: frame for button, (_, frame) in shown.ahead.items()},
        "last": (session.latest or session.recorded).run.epoch,
        "playing": session.playing,
        "more": session.playing or bool(session.pending) or is_behind,
        "pace": pace,
        "dark": session.dark,
    }
    return shown.message


def _snapshots(session: Session, shown: StageState, *, whole: bool) -> list[Snapshot]:
    """Take the snapshots that the browser is to show.

    While it plays, the browser is behind: whole figures begin with the picture on show.
    """
    behind = shown.sent if session.playing else []
    new = session.unshown if session.playing or not whole else []
    snapshots = [*(behind if whole else []), *new] or [session.now]
    shown.sent = (snapshots if whole else [*behind, *snapshots])[-MOST_SENT:]
    session.unshown = []
    return snapshots


def _draw_figures(
    session: Session, shown: StageState, style: DiagramStyle, chart: ChartStyle, run: Run
) -> dict[str, Any]:
    """Draw whole figures."""
    shown.style, shown.chart, shown.picture = style, chart, shown.picture + 1
    shown.plot = _prediction_plot(session, style)
    run = session.latest.run if session.latest else run
    loss = loss_chart(
        run.history.loss,
        style.theme,
        logarithmic=chart.logarithmic,
        floor=chart.bound,
        test_loss=run.history.test_loss,
        baselines=drawn_lines(chart.baselines),
        compared=chart.compared,
    )
    shown.epoch, shown.points = run.epoch, len(loss["data"][0]["x"])
    shown.settings = run.history.settings
    shown.plain = False
    loss["layout"]["dragmode"] = False  # a drag on the page's chart shows earlier epochs
    figures = {"diagram": skeleton(style), "loss_chart": loss | {"design": CHART_DESIGN}}
    if shown.plot is not None and shown.plot.wanted.map:
        figures["map"] = shown.plot.figure() | {
            "design": MAP_DESIGN,
            "back": shown.plot.is_of_selected,
        }
    return figures


def _prediction_plot(session: Session, style: DiagramStyle) -> PredictionPlot | None:
    """Prepare the pictures of the network's predictions, if any are shown."""
    wanted = session.view
    if not (wanted.map or style.maps):
        return None
    return PredictionPlot(session.run, style.theme, wanted, session.selected)


def _ahead(session: Session, shown: StageState) -> dict[str, tuple[Snapshot, Message]]:
    """Write the frames that clicks will lead to, so that the browser can paint them at once."""
    run = session.run
    work = run.network.parameters.numel() * len(run.data)
    updates = len(run.data) / (run.config.batch_size or len(run.data))
    is_long = work > AHEAD_WORK or updates > AHEAD_UPDATES
    is_past = session.latest is not None  # a step from there begins another line
    busy = session.playing or session.pending
    if busy or run.divergence or is_long or is_past or session.is_observed:
        return {}
    buttons = BUTTONS if session.walk is None else BUTTONS_OF_A_WALK
    snapshots = {button: session.ahead(button) for button in buttons}
    return {button: (one, shown.frame(one)) for button, one in snapshots.items()}


def drawn_bound(run: Run, bound: float, logarithmic: bool) -> float:
    """Return the lowest possible loss if the loss chart shows it, otherwise 0.

    On a logarithmic axis a bound far below all losses would flatten the line.
    """
    far = logarithmic and bound < FAR_BELOW * run.history.loss.min().item()
    return 0.0 if far else bound
