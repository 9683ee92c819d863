"""Frames: one moment as changes to the figures and to texts of the page."""

from dataclasses import replace
from typing import Any

from nets.figures.changes import change
from nets.figures.curves import loss_lines, loss_points
from nets.figures.look import Look
from nets.history import History
from nets.page.badge import Glances
from nets.page.learned import Seen
from nets.page.moment import Moment, Sight, numbers_of
from nets.results.straight import floor_of
from nets.training import Run

Message = dict[str, Any]


def frame_of(
    moment: Moment,
    look: Look,
    sight: Sight,
    *,
    after: int,
    most: int | None,
    glances: Glances | None = None,
    seen: Seen | None = None,
) -> Message:
    """Write a frame.

    Args:
        moment: what is shown.
        look: of the diagram that is changed.
        sight: what of the moment is looked at.
        after: the epoch at which the loss chart's line ends before the frame.
        most: points that the frame may add to it, or None to draw it from its beginning, thinned.
        glances: with them the frame is whole; without, what only hover boxes show and whether all
            gradients are right is left as it was.
        seen: the pictures of what the network has learned, if any are wanted.
    """
    run, whole = moment.run, glances is not None
    numbers = numbers_of(moment, sight, whole=whole)
    if seen is not None:
        numbers = replace(numbers, maps=seen.small)
    changes = {"diagram": change(look, numbers, whole=whole)}
    if seen is not None:
        changes["map"] = seen.map
    if run.epoch != after:
        changes["loss_chart"] = _loss_change(run.history, min(run.epoch, after), most)
    texts = {"epoch": str(run.epoch), "loss": loss_text(run)}
    if glances is not None:
        texts["badge"] = glances.at(run)
    return {
        "number": run.epoch,
        "gently": moment.phase is not None,
        "changes": changes,
        "texts": texts,
        "descriptions": _descriptions(run, seen) if whole else {},
    }


def _loss_change(history: History, after: int, most: int | None) -> Message:
    if most is None:
        return loss_lines(history.loss, history.test_loss)
    return loss_points(history.loss, after, most, history.test_loss)


def loss_text(run: Run) -> str:
    """Write the loss as the page shows it."""
    return f"{run.loss:#.6g}"


def _descriptions(run: Run, seen: Seen | None) -> dict[str, str]:
    """Say in words what the pictures show, for people who cannot see them."""
    learned = {} if seen is None else {"map": f"At epoch {run.epoch}: {seen.words}"}
    return learned | {
        "diagram": f"Network {'-'.join(map(str, run.config.sizes))} at epoch {run.epoch}."
        " All its numbers stand in the panel Weights and biases.",
        "loss_chart": f"Loss per example: {run.history.loss[0]:.4g} at epoch 0, "
        f"{run.loss:.4g} at epoch {run.epoch}.{_about_test(run)}{_about_floor(run)}",
    }


def _about_test(run: Run) -> str:
    losses = run.history.test_loss
    if losses is None:
        return ""
    return (
        f" On test data, dashed: {losses[0]:.4g} at epoch 0, {losses[-1]:.4g} at epoch {run.epoch}."
    )


def _about_floor(run: Run) -> str:
    floor = floor_of(run)
    return f" No training goes below {floor:.4g}." if floor else ""
