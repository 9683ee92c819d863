"""Messages to the stage: whole figures for something new, otherwise only what changed."""

from dataclasses import dataclass, field
from typing import Any

from nets.explaining.twin import Twin
from nets.figures.curves import loss_chart, other_line
from nets.figures.diagram import skeleton
from nets.figures.look import Look
from nets.figures.theme import CHART_DESIGN, DARK, LIGHT, MAP_DESIGN
from nets.page.frames import Glances, Message, frame_of
from nets.page.learned import Learned
from nets.page.moment import Moment, Sight
from nets.page.pictures import Pictures
from nets.page.session import Session
from nets.results.plane import MOST_AXES, axes_of
from nets.results.straight import floor_of
from nets.training import Run

FEW_POINTS, MANY_POINTS = 16, 500  # that a picture adds to the loss chart, playing or at a stroke
MOST_POINTS = 3000  # of the loss chart's line, before it is drawn anew and thinner
FAR_BELOW = 0.01  # of the lowest loss
FORESEEABLE = 2e6  # parameters times examples of an epoch that is computed before it is asked for
# Whose next picture goes to the browser ahead of the click: always, or while somebody walks.
BUTTONS, BUTTONS_OF_A_WALK = ("step_epoch",), ("step_epoch", "step_phase")


@dataclass
class Shown:
    """What the browser has on its stage, as far as it has been told.

    Attributes:
        look: of the diagram, and `chart`, of the loss chart: another look is another picture.
        picture: the number of this pair of looks.
        sight: what of the moment is looked at.
        learned: the pictures of what the network has learned, if any are wanted.
        epoch: the last epoch of the loss chart's line.
        points: how many points the line has.
        plain: whether the last frame was one that a frame without its whole may follow.
        glances: at the gradients of the last runs.
        twin: whose loss is drawn beside, if any.
        ahead: the moments and frames that went ahead of a click, by button.
        message: the last message.
    """

    look: Look | None = None
    chart: tuple[int, bool, bool, float, Pictures] | None = None
    picture: int = 0
    sight: Sight = field(default_factory=Sight)
    learned: Learned | None = None
    epoch: int = 0
    points: int = 0
    plain: bool = True
    glances: Glances = field(default_factory=Glances)
    twin: Twin | None = None
    ahead: dict[str, tuple[Moment, Message]] = field(default_factory=dict)
    message: Message = field(default_factory=lambda: {"number": 0})

    def lost(self) -> None:
        """Note that the browser does not have what it was told."""
        self.look = None


def look_of(session: Session) -> Look:
    """Collect what the diagram of a session's run keeps while it trains."""
    run = session.run
    return Look(
        run.config.sizes,
        DARK if session.dark else LIGHT,
        session.scale,
        run.data.input_names,
        run.data.output_names,
        None if session.selected is None else str(session.selected),
        session.pictures.in_neurons and axes_of(run).shape[1] <= MOST_AXES,
        run.data.picture,
    )


def message_for(
    session: Session,
    shown: Shown,
    pace: float,
    *,
    logarithmic: bool,
    colour_by: str = "weight",
) -> Message:
    """Write the next message, or give the last one again where there is nothing new."""
    floor, sight = floor_in_sight(session.run, logarithmic), Sight(session.example, colour_by)
    look = look_of(session)
    chart = session.begun, logarithmic, session.dark, floor, session.pictures
    anew = look != shown.look or chart != shown.chart or shown.points > MOST_POINTS
    same = sight == shown.sight and session.twin is shown.twin
    if same and not (anew or session.fresh):
        return shown.message
    if sight != shown.sight:
        shown.ahead = {}
    if anew:
        shown.look, shown.chart, shown.picture = look, chart, shown.picture + 1
        shown.learned = _learned(session, look)
    shown.sight = sight
    behind = session.twin is not None and session.twin.is_behind
    moments = session.fresh if session.fresh and not anew else [session.now]
    session.fresh = []
    shown.message = {
        "number": shown.message["number"] + 1,
        "picture": shown.picture,
        "figures": _figures(look, moments[0].run, shown, logarithmic, floor) if anew else None,
        "frames": _frames(moments, shown, playing=session.playing),
        "playing": session.playing,
        "more": session.playing or bool(session.pending) or behind,
        "pace": pace,
        "dark": session.dark,
    }
    if anew or session.twin is not shown.twin:
        _beside(shown, session.twin)
    shown.ahead = _ahead(session, shown)
    shown.message["ahead"] = {button: frame for button, (_, frame) in shown.ahead.items()}
    return shown.message


def _learned(session: Session, look: Look) -> Learned | None:
    """Prepare the pictures that are wanted, if any are."""
    wanted = session.pictures
    if not (wanted.map or look.maps):
        return None
    return Learned(session.run, look.theme, wanted, session.selected)


def _frames(moments: list[Moment], shown: Shown, *, playing: bool) -> list[Message]:
    """Write a frame for each moment; those that the browser may have from before say so."""
    frames: list[Message] = []
    most = FEW_POINTS if playing else MANY_POINTS
    for moment in moments:
        whole = moment is moments[-1] or not shown.plain
        frame = _sent_ahead(moment, shown) or _frame(
            moment, shown, whole=whole, most=most, fine=not playing
        )
        frames.append(frame)
        extended = frame["changes"].get("loss_chart")
        shown.points += len(extended["extend"]["lines"]["loss"]["x"]) if extended else 0
        shown.epoch = moment.run.epoch
        shown.plain = moment.walk is None
    return frames


def _sent_ahead(moment: Moment, shown: Shown) -> Message | None:
    """Find the frame of a moment that was foreseen, with the button that led to it."""
    for button, (foreseen, frame) in shown.ahead.items():
        if foreseen is moment:
            return frame | {"foreseen": button}
    return None


def _ahead(session: Session, shown: Shown) -> dict[str, tuple[Moment, Message]]:
    """Write the frames that clicks will lead to, for the browser to paint without waiting."""
    run = session.run
    work = run.network.parameters.numel() * len(run.data)
    if session.playing or session.pending or run.divergence or work > FORESEEABLE:
        return {}
    buttons = BUTTONS if session.walk is None else BUTTONS_OF_A_WALK
    moments = {button: session.ahead(button) for button in buttons}
    return {
        button: (moment, _frame(moment, shown, whole=True, most=FEW_POINTS))
        for button, moment in moments.items()
    }


def floor_in_sight(run: Run, logarithmic: bool) -> float:
    """Return the loss that no training goes below, if the chart has room to show it, or 0.

    A logarithmic axis that reached down to a floor far below all losses would flatten the line.
    """
    floor = floor_of(run)
    far = logarithmic and floor < FAR_BELOW * run.history.loss.min().item()
    return 0.0 if far else floor


def _frame(moment: Moment, shown: Shown, *, whole: bool, most: int, fine: bool = True) -> Message:
    """Write a frame for what the browser has on its stage."""
    assert shown.look is not None
    glances = shown.glances if whole else None
    seen = shown.learned and shown.learned.seen(moment.run.network, fine=fine)
    return frame_of(
        moment,
        shown.look,
        shown.sight,
        after=shown.epoch,
        most=most,
        glances=glances,
        seen=seen,
    )


def _beside(shown: Shown, twin: Twin | None) -> None:
    """Draw the loss of a twin beside that of the run, with the last frame of the message."""
    if twin is None and shown.twin is None:
        return
    frame = shown.message["frames"][-1]
    changes = dict(frame["changes"])
    chart = dict(changes.get("loss_chart", {"traces": {}}))
    chart["traces"] = chart["traces"] | {"beside": other_line(twin and twin.run.history.loss)}
    changes["loss_chart"] = chart
    shown.message["frames"][-1] = frame | {"changes": changes}
    shown.twin = twin


def _figures(look: Look, run: Run, shown: Shown, logarithmic: bool, floor: float) -> dict[str, Any]:
    chart = loss_chart(
        run.history.loss,
        look.theme,
        logarithmic=logarithmic,
        floor=floor,
        test_loss=run.history.test_loss,
    )
    shown.epoch, shown.points = run.epoch, len(chart["data"][0]["x"])
    figures = {"diagram": skeleton(look), "loss_chart": chart | {"design": CHART_DESIGN}}
    if shown.learned is not None and shown.learned.wanted.map:
        figures["map"] = shown.learned.figure() | {"design": MAP_DESIGN}
    return figures
