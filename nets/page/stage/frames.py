"""Frames: one snapshot as changes to the figures and to texts of the page."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from nets.analysis.gradient_check import quick_check
from nets.analysis.gradients_by_hand import ByHand
from nets.explain.phases import Phase
from nets.figures.changes import before_and_after, diagram_change
from nets.figures.colours import DARK, Theme
from nets.figures.diagram_style import DiagramStyle
from nets.figures.loss_chart import loss_lines, loss_points
from nets.page.stage import spoken
from nets.page.stage.predictions import PredictionFrame
from nets.page.visitor.selection import Selection
from nets.page.visitor.snapshot import DisplayOptions, Snapshot, diagram_values, example_of
from nets.training.history import History
from nets.training.run import Run


@dataclass
class BadgeCache:
    """The badges of the last two runs, which are shown more than once."""

    known: list[tuple[Run, str]] = field(default_factory=list)

    def at(self, run: Run, computed: ByHand | None) -> str:
        """Return a run's badge."""
        for known, text in self.known:
            if known is run:
                return text
        self.known = [*self.known[-1:], (run, badge_text(run, computed))]
        return self.known[-1][1]


def badge_text(run: Run, computed: ByHand | None = None) -> str:
    """Write in a few characters whether every gradient is right."""
    seen = quick_check(run, computed)
    if seen.wrong:
        return f"✗ {seen.wrong} gradients wrong"
    if seen.layer_sums:
        biases = "1 bias" if seen.layer_sums == 1 else f"{seen.layer_sums} biases"
        return f"✗ {biases}: not their gradient"
    return f"✓ {seen.parameters} gradients checked"


Message = dict[str, Any]


def frame_of(
    snapshot: Snapshot,
    style: DiagramStyle,
    options: DisplayOptions,
    *,
    after: int,
    most: int | None,
    badges: BadgeCache | None = None,
    predictions: PredictionFrame | None = None,
    bound: float = 0.0,
) -> Message:
    """Write a frame.

    Args:
        snapshot: what is shown.
        style: the style of the diagram.
        options: what of the snapshot is shown.
        after: the epoch at which the loss chart's line ends before the frame.
        most: points that the frame may add to the line, or None to draw all of it, thinned.
        badges: badges of the last runs, for a whole frame; without them hover texts and the badge
            stay as they are.
        predictions: the pictures of the network's predictions, if any are shown.
        bound: the loss that no training goes below, or 0.
    """
    run, whole = snapshot.run, badges is not None
    epoch = run.epoch
    values, computed = diagram_values(snapshot, options, whole=whole)
    if predictions is not None:
        values = replace(values, maps=predictions.small)
    changes = {"diagram": diagram_change(style, values, whole=whole)}
    if predictions is not None and predictions.map:
        changes["map"] = predictions.map
    if epoch != after:
        changes["loss_chart"] = _loss_change(run.history, min(epoch, after), most)
    texts = {"epoch": str(epoch), "loss": loss_text(snapshot.loss)}
    if badges is not None:
        texts["neuron_legend"] = about_neurons(
            snapshot, style.theme, maps=bool(predictions and predictions.small)
        )
        texts["shown_example"] = about_example(snapshot, options)
        texts["shown_update"] = about_update(snapshot, style.selected)
        texts["badge"] = badges.at(run, computed)
    return {
        "number": epoch,
        "gently": snapshot.phase is not None,
        "changes": changes,
        "texts": texts,
        "spoken": spoken.say(snapshot, style, values),
        "descriptions": _descriptions(run, predictions, bound) if whole else {},
    }


def _loss_change(history: History, after: int, most: int | None) -> Message:
    if most is None:
        return loss_lines(history.loss, history.test_loss)
    return loss_points(history.loss, after, most, history.test_loss)


def about_neurons(snapshot: Snapshot, theme: Theme, *, maps: bool) -> str:
    """Say what fills the neurons."""
    if snapshot.phase is not None and snapshot.phase.step == "backward":
        return "neuron: its δ, once computed (◆ below 0)"
    if maps:
        return "neuron: its output for each x"
    return f"neuron, {'bright' if theme is DARK else 'dark'}: large"


MAX_INPUTS = 3  # of an example that are written out
UPDATE_DIGITS = 3  # of an old weight, its change and the new weight


def about_example(snapshot: Snapshot, options: DisplayOptions) -> str:
    """Say which example the neurons show, if there are several, or that they show what is tried."""
    inputs, number = snapshot.run.data.inputs, example_of(snapshot, options)
    how = ", standardised" if snapshot.run.data.is_scaled else ""
    if options.tried is not None and snapshot.phase is None:
        return f"tried in Predict{how}{_written(options.tried)}"
    if len(inputs) == 1:
        return ""
    return f"example {number + 1} of {len(inputs)}{how}{_written(inputs[number].tolist())}"


def _written(inputs: Sequence[float]) -> str:
    """Write few inputs out."""
    numbers = ", ".join(f"{value:.3g}".replace("-", "−") for value in inputs)
    return f": x = ({numbers})" if len(inputs) <= MAX_INPUTS else ""


def about_update(snapshot: Snapshot, selected: str | None) -> str:
    """Write what an update does to the selected weight or bias, or to the last layer's first."""
    if snapshot.walk is None or snapshot.phase != Phase("update"):
        return ""
    sizes, step = snapshot.run.config.sizes, snapshot.walk.trace
    part = Selection.named(selected, sizes) if selected else None
    if part is None or part.kind == "a":
        part = Selection("w", len(sizes) - 1, (0, 0))
    before, after = (
        getattr(network.layers[part.layer - 1], "weights" if part.kind == "w" else "biases")
        for network in (step.network, step.after)
    )
    place = part.places if part.kind == "w" else (0, part.neuron)
    (text,) = before_and_after(before[place][None], (after - before)[place][None], UPDATE_DIGITS)
    return f"{part.symbol}: {text}"


def loss_text(loss: float) -> str:
    """Write the loss as the page shows it."""
    return f"{loss:#.6g}"


def _descriptions(run: Run, predictions: PredictionFrame | None, bound: float) -> dict[str, str]:
    """Describe what the pictures show, for people who cannot see them."""
    epoch, losses = run.epoch, run.history.loss
    words = {} if predictions is None else {"map": f"At epoch {epoch}: {predictions.words}"}
    lowest = f" The loss cannot fall below {bound:.4g}." if bound else ""
    return words | {
        "diagram": f"Network {'-'.join(map(str, run.config.sizes))} at epoch {epoch}."
        " The panel Weights has all its values.",
        "loss_chart": f"Loss per example: {losses[0]:.4g} at epoch 0, "
        f"{losses[-1]:.4g} at epoch {epoch}.{_about_test(run)}{lowest}",
    }


def _about_test(run: Run) -> str:
    losses = run.history.test_loss
    if losses is None:
        return ""
    return (
        f" On test data, dashed: {losses[0]:.4g} at epoch 0, {losses[-1]:.4g} at epoch {run.epoch}."
    )
