"""Messages to the stage: whole figures for something new, otherwise only what changed."""

from typing import Any

from nets.analysis.decision_map import MAX_AXES, count_axes
from nets.analysis.diagnosis import best_possible_loss
from nets.figures.colours import CHART_DESIGN, DARK, LIGHT, MAP_DESIGN
from nets.figures.diagram import skeleton
from nets.figures.diagram_style import DiagramStyle
from nets.figures.loss_chart import loss_chart
from nets.page.stage.frames import Message
from nets.page.stage.predictions import PredictionPlot
from nets.page.stage.state import ChartStyle, StageState
from nets.page.visitor.session import Session
from nets.page.visitor.snapshot import DisplayOptions, Snapshot
from nets.training.run import Run

FAR_BELOW = 0.01  # of the lowest loss
FORESEEABLE = 2e6  # parameters times examples of an epoch that is computed before it is asked for
# Whose next picture goes to the browser ahead of the click: always, or while somebody walks.
BUTTONS, BUTTONS_OF_A_WALK = ("step_epoch",), ("step_epoch", "step_phase")


def look_of(session: Session) -> DiagramStyle:
    """Collect what the diagram of a session's run keeps while it trains."""
    run = session.run
    return DiagramStyle(
        run.config.sizes,
        DARK if session.dark else LIGHT,
        session.scale,
        run.data.input_names,
        run.data.output_names,
        None if session.selected is None else str(session.selected),
        session.pictures.in_neurons and count_axes(run) <= MAX_AXES,
        run.data.picture,
    )


def message_for(
    session: Session,
    shown: StageState,
    pace: float,
    *,
    logarithmic: bool,
    colour_by: str = "weight",
) -> Message:
    """Write the next message, or give the last one again where there is nothing new."""
    floor, sight = (
        floor_in_sight(session.run, logarithmic),
        DisplayOptions(session.example, colour_by),
    )
    look = look_of(session)
    chart = ChartStyle(session.begun, logarithmic, session.dark, floor, session.pictures)
    anew, twin = shown.needs_anew(look, chart), session.twin
    if not (anew or session.fresh or sight != shown.sight or twin is not shown.twin):
        return shown.message
    shown.look_at(sight)
    moments = _moments(session, shown, anew=anew)
    figures = _begun_anew(session, shown, look, chart, moments[0].run) if anew else None
    frames = shown.frames(moments, playing=session.playing)
    if anew or twin is not shown.twin:
        at = 0 if anew else -1
        frames[at] = shown.beside(frames[at], twin)
    shown.ahead = _ahead(session, shown)
    shown.message = {
        "number": shown.message["number"] + 1,
        "picture": shown.picture,
        "figures": figures,
        "frames": frames,
        "ahead": {button: frame for button, (_, frame) in shown.ahead.items()},
        "playing": session.playing,
        "more": session.playing or bool(session.pending) or (twin is not None and twin.is_behind),
        "pace": pace,
        "dark": session.dark,
    }
    return shown.message


def _moments(session: Session, shown: StageState, *, anew: bool) -> list[Snapshot]:
    """Take the moments that are to be shown.

    While it plays, the browser is behind: what is drawn anew begins with the picture on show.
    """
    behind = shown.under_way if session.playing else []
    new = session.fresh if session.playing or not anew else []
    moments = [*(behind if anew else []), *new] or [session.now]
    shown.under_way = moments if anew else [*behind, *moments]
    session.fresh = []
    return moments


def _begun_anew(
    session: Session, shown: StageState, look: DiagramStyle, chart: ChartStyle, run: Run
) -> dict[str, Any]:
    """Begin another picture, with whole figures."""
    shown.look, shown.chart, shown.picture = look, chart, shown.picture + 1
    shown.learned = _learned(session, look)
    loss = loss_chart(
        run.history.loss,
        look.theme,
        logarithmic=chart.logarithmic,
        floor=chart.floor,
        test_loss=run.history.test_loss,
    )
    shown.epoch, shown.points = run.epoch, len(loss["data"][0]["x"])
    shown.plain = False
    figures = {"diagram": skeleton(look), "loss_chart": loss | {"design": CHART_DESIGN}}
    if shown.learned is not None and shown.learned.wanted.map:
        figures["map"] = shown.learned.figure() | {"design": MAP_DESIGN}
    return figures


def _learned(session: Session, look: DiagramStyle) -> PredictionPlot | None:
    """Prepare the pictures that are wanted, if any are."""
    wanted = session.pictures
    if not (wanted.map or look.maps):
        return None
    return PredictionPlot(session.run, look.theme, wanted, session.selected)


def _ahead(session: Session, shown: StageState) -> dict[str, tuple[Snapshot, Message]]:
    """Write the frames that clicks will lead to, for the browser to paint without waiting."""
    run = session.run
    work = run.network.parameters.numel() * len(run.data)
    if session.playing or session.pending or run.divergence or work > FORESEEABLE:
        return {}
    buttons = BUTTONS if session.walk is None else BUTTONS_OF_A_WALK
    moments = {button: session.ahead(button) for button in buttons}
    return {button: (moment, shown.frame(moment)) for button, moment in moments.items()}


def floor_in_sight(run: Run, logarithmic: bool) -> float:
    """Return the loss that no training goes below, if the chart has room to show it, or 0.

    A logarithmic axis that reached down to a floor far below all losses would flatten the line.
    """
    floor = best_possible_loss(run)
    far = logarithmic and floor < FAR_BELOW * run.history.loss.min().item()
    return 0.0 if far else floor
