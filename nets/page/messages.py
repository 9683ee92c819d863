"""Messages to the stage: whole figures for something new, otherwise only what changed."""

from dataclasses import dataclass, field
from typing import Any

from nets.figures.changes import change
from nets.figures.curves import loss_chart, loss_points
from nets.figures.diagram import skeleton
from nets.figures.look import Look
from nets.figures.theme import DARK, LIGHT
from nets.page.moment import numbers_of
from nets.page.session import Session
from nets.reach import loss_floor
from nets.training import Run

FEW_POINTS, MANY_POINTS = 16, 500  # that a picture adds to the loss chart, playing or at a stroke
MOST_POINTS = 3000  # of the loss chart's line, before it is drawn anew and thinner
FAR_BELOW = 0.01  # of the lowest loss
Message = dict[str, Any]


@dataclass
class Shown:
    """What the browser has on its stage, as far as it has been told.

    Attributes:
        look: of the diagram, and `chart`, of the loss chart: another look is another picture.
        picture: the number of this pair of looks.
        epoch: the last epoch of the loss chart's line.
        points: how many points the line has.
        message: the last message.
    """

    look: Look | None = None
    chart: tuple[int, bool, bool, float] | None = None
    picture: int = 0
    epoch: int = 0
    points: int = 0
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


def message_for(session: Session, shown: Shown, pace: float, *, logarithmic: bool) -> Message:
    """Write the next message, or give the last one again where there is nothing new."""
    floor = floor_in_sight(session.run, logarithmic)
    look, chart = look_of(session), (session.begun, logarithmic, session.dark, floor)
    anew = look != shown.look or chart != shown.chart or shown.points > MOST_POINTS
    if not anew and not session.fresh:
        return shown.message
    if anew:
        shown.look, shown.chart, shown.picture = look, chart, shown.picture + 1
    runs = session.fresh if session.fresh and not anew else [session.run]
    session.fresh = []
    most = FEW_POINTS if session.playing else MANY_POINTS
    shown.message = {
        "number": shown.message["number"] + 1,
        "picture": shown.picture,
        "figures": _figures(look, runs[0], shown, logarithmic, floor) if anew else None,
        "frames": [_frame(run, look, shown, whole=run is runs[-1], most=most) for run in runs],
        "playing": session.playing,
        "more": session.playing or bool(session.pending),
        "pace": pace,
        "dark": session.dark,
    }
    return shown.message


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


def _frame(run: Run, look: Look, shown: Shown, *, whole: bool, most: int) -> Message:
    """Write one moment of a run as changes to the figures and to texts of the page.

    Gradients, which only hover boxes show, come with the last moment of a message.
    """
    changes = {"diagram": change(look, numbers_of(run, with_gradients=whole))}
    if run.epoch > shown.epoch:
        changes["loss_chart"] = loss_points(run.history.loss, shown.epoch, most)
        shown.points += len(changes["loss_chart"]["extend"]["x"])
    shown.epoch = run.epoch
    return {
        "number": run.epoch,
        "changes": changes,
        "texts": {"epoch": str(run.epoch), "loss": loss_text(run)},
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
