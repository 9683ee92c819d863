"""Frames: one moment as changes to the figures and to texts of the page."""

from dataclasses import dataclass, field, replace
from typing import Any

from nets.analysis.diagnosis import best_possible_loss
from nets.analysis.gradient_check import ByHand, quick_check
from nets.figures.changes import change
from nets.figures.diagram_style import DiagramStyle
from nets.figures.loss_chart import loss_lines, loss_points
from nets.page.stage.predictions import PredictionFrame
from nets.page.visitor.snapshot import DisplayOptions, Snapshot, diagram_values
from nets.training.history import History
from nets.training.run import Run


@dataclass
class BadgeCache:
    """What came of a glance at the gradients of the last runs, which are shown more than once."""

    known: list[tuple[Run, str]] = field(default_factory=list)

    def at(self, run: Run, computed: ByHand | None) -> str:
        """Say in a few characters whether every gradient of a run is right."""
        for known, text in self.known:
            if known is run:
                return text
        self.known = [*self.known[-1:], (run, badge_text(run, computed))]
        return self.known[-1][1]


def badge_text(run: Run, computed: ByHand | None = None) -> str:
    """Say in a few characters whether every gradient is what it should be."""
    seen = quick_check(run, computed)
    if seen.wrong:
        return f"✗ {seen.wrong} gradients wrong"
    if seen.layer_sums:
        return f"✗ {seen.layer_sums} {'bias' if seen.layer_sums == 1 else 'biases'} off"
    return f"✓ {seen.parameters} gradients"


Message = dict[str, Any]


def frame_of(
    moment: Snapshot,
    look: DiagramStyle,
    sight: DisplayOptions,
    *,
    after: int,
    most: int | None,
    glances: BadgeCache | None = None,
    seen: PredictionFrame | None = None,
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
    numbers, computed = diagram_values(moment, sight, whole=whole)
    if seen is not None:
        numbers = replace(numbers, maps=seen.small)
    changes = {"diagram": change(look, numbers, whole=whole)}
    if seen is not None:
        changes["map"] = seen.map
    if run.epoch != after:
        changes["loss_chart"] = _loss_change(run.history, min(run.epoch, after), most)
    texts = {"epoch": str(run.epoch), "loss": loss_text(run)}
    if glances is not None:
        texts["badge"] = glances.at(run, computed)
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


def _descriptions(run: Run, seen: PredictionFrame | None) -> dict[str, str]:
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
    floor = best_possible_loss(run)
    return f" No training goes below {floor:.4g}." if floor else ""
