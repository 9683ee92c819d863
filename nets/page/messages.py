"""Messages to the stage: whole figures for something new, otherwise only what changed."""

from dataclasses import dataclass, field
from typing import Any

from nets.checking import glance
from nets.figures.changes import change
from nets.figures.curves import loss_chart, loss_points
from nets.figures.diagram import skeleton
from nets.figures.look import Look
from nets.figures.theme import DARK, LIGHT
from nets.page.moment import Moment, Wish, numbers_of
from nets.page.session import Session
from nets.reach import loss_floor
from nets.training import Run

FEW_POINTS, MANY_POINTS = 16, 500  # that a picture adds to the loss chart, playing or at a stroke
MOST_POINTS = 3000  # of the loss chart's line, before it is drawn anew and thinner
FAR_BELOW = 0.01  # of the lowest loss
FORESEEABLE = 2e6  # parameters times examples of an epoch that is computed before it is asked for
BUTTONS = ("step_epoch", "step_phase")  # whose next picture goes to the browser ahead of the click
Message = dict[str, Any]


@dataclass
class Shown:
    """What the browser has on its stage, as far as it has been told.

    Attributes:
        look: of the diagram, and `chart`, of the loss chart: another look is another picture.
        picture: the number of this pair of looks.
        wish: what of the moment is looked at.
        epoch: the last epoch of the loss chart's line.
        points: how many points the line has.
        plain: whether the last frame was one that a frame without its whole may follow.
        glanced: the last runs at whose gradients was glanced, with what came of it.
        ahead: the moments and frames that went ahead of a click, by button.
        message: the last message.
    """

    look: Look | None = None
    chart: tuple[int, bool, bool, float] | None = None
    picture: int = 0
    wish: Wish = field(default_factory=Wish)
    epoch: int = 0
    points: int = 0
    plain: bool = True
    glanced: list[tuple[Run, str]] = field(default_factory=list)
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
    floor, wish = floor_in_sight(session.run, logarithmic), Wish(session.example, colour_by)
    look, chart = look_of(session), (session.begun, logarithmic, session.dark, floor)
    anew = look != shown.look or chart != shown.chart or shown.points > MOST_POINTS
    if not (anew or session.fresh or wish != shown.wish):
        return shown.message
    if anew:
        shown.look, shown.chart, shown.picture = look, chart, shown.picture + 1
    shown.wish = wish
    moments = session.fresh if session.fresh and not anew else [session.now]
    session.fresh = []
    shown.message = {
        "number": shown.message["number"] + 1,
        "picture": shown.picture,
        "figures": _figures(look, moments[0].run, shown, logarithmic, floor) if anew else None,
        "frames": _frames(moments, shown, MANY_POINTS if not session.playing else FEW_POINTS),
        "playing": session.playing,
        "more": session.playing or bool(session.pending),
        "pace": pace,
        "dark": session.dark,
    }
    shown.ahead = _ahead(session, shown)
    shown.message["ahead"] = {button: frame for button, (_, frame) in shown.ahead.items()}
    return shown.message


def _frames(moments: list[Moment], shown: Shown, most: int) -> list[Message]:
    """Write a frame for each moment; those that the browser may have from before say so."""
    frames: list[Message] = []
    for moment in moments:
        frame = _sent_ahead(moment, shown)
        if frame is None:
            whole = moment is moments[-1] or not shown.plain
            frame = _frame(moment, shown, whole=whole, most=most)
        frames.append(frame)
        extended = frame["changes"].get("loss_chart")
        shown.points += len(extended["extend"]["x"]) if extended else 0
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
    moments = {button: session.ahead(button) for button in BUTTONS}
    return {
        button: (moment, _frame(moment, shown, whole=True, most=FEW_POINTS))
        for button, moment in moments.items()
    }


def _badge(run: Run, shown: Shown) -> str:
    """Say so of a run once, for it is shown in several frames."""
    for known, text in shown.glanced:
        if known is run:
            return text
    shown.glanced = [*shown.glanced[-1:], (run, badge_text(run))]
    return shown.glanced[-1][1]


def badge_text(run: Run) -> str:
    """Say in a few characters whether every gradient is what it should be."""
    seen = glance(run)
    if seen.mistaken:
        return f"✗ {seen.mistaken} gradients wrong"
    if seen.shared:
        return f"✗ {seen.shared} {'bias' if seen.shared == 1 else 'biases'} off"
    return f"✓ {seen.parameters} gradients"


def loss_text(run: Run) -> str:
    """Write the loss as the page shows it."""
    return f"{run.loss:#.6g}"


def floor_in_sight(run: Run, logarithmic: bool) -> float:
    """Return the loss that no training goes below, if the chart has room to show it, or 0.

    A logarithmic axis that reached down to a floor far below all losses would flatten the line.
    """
    floor = loss_floor(run.data.targets, run.config.output_activation, run.config.loss)
    far = logarithmic and floor < FAR_BELOW * run.history.loss.min().item()
    return 0.0 if far else floor


def _figures(look: Look, run: Run, shown: Shown, logarithmic: bool, floor: float) -> dict[str, Any]:
    chart = loss_chart(run.history.loss, look.theme, logarithmic=logarithmic, floor=floor)
    shown.epoch, shown.points = run.epoch, len(chart["data"][0]["x"])
    return {"diagram": skeleton(look), "loss_chart": chart}


def _frame(moment: Moment, shown: Shown, *, whole: bool, most: int) -> Message:
    """Write one moment as changes to the figures, as they are shown, and to texts of the page.

    What only hover boxes show comes with the last moment of a message.
    """
    assert shown.look is not None
    run, numbers = moment.run, numbers_of(moment, shown.wish, whole=whole)
    changes = {"diagram": change(shown.look, numbers, whole=whole)}
    if run.epoch != shown.epoch:
        after = min(run.epoch, shown.epoch)
        changes["loss_chart"] = loss_points(run.history.loss, after, most)
    texts = {"epoch": str(run.epoch), "loss": loss_text(run)}
    if whole:
        texts["badge"] = _badge(run, shown)
    return {
        "number": run.epoch,
        "gently": moment.phase is not None,
        "changes": changes,
        "texts": texts,
        "descriptions": _descriptions(run) if whole else {},
    }


def _descriptions(run: Run) -> dict[str, str]:
    """Say in words what the pictures show, for people who cannot see them."""
    return {
        "diagram": f"Network {'-'.join(map(str, run.config.sizes))} at epoch {run.epoch}."
        " All its numbers stand in the panel Weights and biases.",
        "loss_chart": f"Loss per example: {run.history.loss[0]:.4g} at epoch 0, "
        f"{run.loss:.4g} at epoch {run.epoch}.{_about_floor(run)}",
    }


def _about_floor(run: Run) -> str:
    floor = loss_floor(run.data.targets, run.config.output_activation, run.config.loss)
    return f" No training goes below {floor:.4g}." if floor else ""
