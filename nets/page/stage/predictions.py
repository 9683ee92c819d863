"""Predictions: what a network has learned, as one large picture and small ones in neurons."""

from dataclasses import dataclass, field, replace
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor

from nets.analysis.decision_map import MAX_AXES, Grid, count_axes, derive_inputs, point_sets
from nets.data.encoding import Unit
from nets.data.examples import CLASSES
from nets.engine.forward import forward
from nets.engine.losses import LOSSES
from nets.engine.names import column_symbol
from nets.engine.network import Network
from nets.figures.colours import Theme
from nets.figures.decision_boundary import (
    decision_boundary,
    decision_boundary_change,
    response_curve,
    response_curve_change,
)
from nets.figures.heat_map import Scale, activation_scales, draw_classes, draw_maps, target_scale
from nets.figures.predicted_vs_true import (
    MAX_PREDICTIONS,
    predicted_vs_true,
    predicted_vs_true_change,
)
from nets.figures.scatter import Subject, sample_indices
from nets.page.visitor.memory import Busy, gate
from nets.page.visitor.selection import Selection
from nets.page.visitor.snapshot import names_of
from nets.page.visitor.view_options import ViewOptions
from nets.training.run import Run

Figure = dict[str, Any]
FINE, COARSE, SMALL = 100, 50, 25  # pixels along an axis: at rest, while playing, in a neuron
LINE = 200  # points of a curve
WAIT = 0.3  # seconds that a map waits for other heavy work, before the rest is shown without it


@dataclass(frozen=True)
class PredictionFrame:
    """What the pictures show at one epoch.

    Attributes:
        map: the change for the large picture.
        small: one picture for each neuron, or None if they are not shown.
        words: a description for people who cannot see the picture.
    """

    map: Figure
    small: list[str] | None
    words: str


@dataclass
class PredictionPlot:
    """The pictures of one run, with everything that is made only once.

    Attributes:
        run: the run at any epoch; only its data and settings are used.
        theme: light or dark.
        wanted: which pictures are shown.
        selected: the selected part of the network, if any.
        waiting: the bytes of the last map, if there was no room for it; otherwise 0.
    """

    run: Run
    theme: Theme
    wanted: ViewOptions
    selected: Selection | None
    waiting: int = 0
    planes: dict[int, Grid] = field(default_factory=dict)
    known: list[tuple[Network, bool, PredictionFrame]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.axes = count_axes(self.run)
        self.sets = point_sets(self.run)
        self.last = len(self.run.config.sizes) - 1
        self.layer, self.neuron = self._place()
        self.subject = self._subject()

    @property
    def is_of_selected(self) -> bool:
        """Whether the large picture is another one because a neuron is selected."""
        picked = self.selected is not None and self.selected.kind == "a"
        several = self.subject.classes and self.run.config.sizes[-1] > 1
        return picked and (several or (self.layer, self.neuron) != (self.last, 0))

    def _place(self) -> tuple[int, int]:
        """Return the neuron in the large picture: the selected one, otherwise the first output."""
        part = self.selected
        if part is None or part.kind != "a" or (self.axes > MAX_AXES and part.layer < self.last):
            return self.last, 0
        return part.layer, part.neuron

    def _subject(self) -> Subject:
        classes, chosen = self.run.data.task == CLASSES, self.selected
        own = self.layer == self.last
        picked = chosen is not None and chosen.kind == "a"
        several = classes and self.run.config.sizes[-1] > 1 and own and not picked
        kind = "input" if self.layer == 0 else "output" if own else "hidden neuron"
        title = f"{kind} {names_of(self.run)[self.layer][self.neuron]}"
        if several:
            title = "which class wins"
        if self.axes > MAX_AXES:
            title = f"{'all classes' if several else title}: predicted against true"
        output, data = self.neuron if own else 0, self.run.data
        units = data.input_units if self.layer == 0 else data.output_units if own else None
        unit = Unit() if units is None else units[self.neuron]
        return Subject(title, output, several, classes, own, unit)

    def _stripes(self) -> str:
        """Say below which number the large map is striped; empty for a map of classes."""
        if self.subject.all_classes:
            return ""
        scale, *_ = self._scales(self.run.network, self.layer, torch.zeros(1, 1, 1))
        number = self.subject.unit.own(torch.tensor([scale.middle])).item()
        return f"striped: below {number:.3g}".replace("-", "−")

    def figure(self) -> Figure:
        """Draw the large picture without the network's outputs."""
        match self.axes:
            case 1:
                plane = self._plane(LINE)
                places = plane.fed[:, 0]
                return response_curve(self.subject, places, self.sets, self.theme)
            case 2:
                first, second = self._plane(FINE).ranges
                subject = replace(self.subject, stripes=self._stripes())
                return decision_boundary(subject, (first, second), self.sets, self.theme)
            case _:
                return predicted_vs_true(self.subject, self.sets, self.theme)

    def seen(self, network: Network, *, fine: bool) -> PredictionFrame:
        """Draw what a network predicts; the last results are kept."""
        for known, finely, seen in self.known:
            if known is network and finely == fine:
                return seen
        try:
            seen, self.waiting = self._seen(network, fine), 0
        except Busy:
            return PredictionFrame({}, None, "waiting for other visitors' work.")
        self.known = [*self.known[-2:], (network, fine, seen)]
        return seen

    def _seen(self, network: Network, fine: bool) -> PredictionFrame:
        if self.axes > MAX_AXES:
            return self._hits(network)
        places = LINE if self.axes == 1 else FINE if fine and self.wanted.map else COARSE
        plane, seconds = self._plane(places), 0.0 if self.waiting else WAIT
        self.waiting = plane.bytes_for(network)
        with gate.through(self.waiting, seconds=seconds), plane.maps(network) as maps:
            return self._draw(network, maps)

    def _draw(
        self, network: Network, maps: list[Float[Tensor, "_ rows columns"]]
    ) -> PredictionFrame:
        """Draw the large picture and the small ones, and describe the large one in words."""
        small = self._small(network, maps) if self.wanted.in_neurons else None
        shown = maps[self.layer]
        ends = self.subject.unit.own(torch.stack(shown[self.neuron].aminmax()))
        low, high = ends.tolist()
        over = " and ".join(map(column_symbol, self.sets["training"].input_names[: self.axes]))
        words = f"{self.subject.title} over {over}: from {low:.3g} to {high:.3g}."
        if self.axes == 1:
            curve = response_curve_change(self.subject, shown[self.neuron, 0])
            return PredictionFrame(curve, small, f"curve of {words}")
        return PredictionFrame(self._surface(network, shown), small, f"heat map of {words}")

    def _plane(self, places: int) -> Grid:
        if places not in self.planes:
            self.planes[places] = Grid.over(self.run, places)
        return self.planes[places]

    def _surface(self, network: Network, maps: Float[Tensor, "neurons rows columns"]) -> Figure:
        plain = self.wanted.as_classes
        if self.subject.all_classes:
            source = draw_classes(maps, self.theme, winner_only=plain)
            return decision_boundary_change(self.subject, source, None)
        one = maps[self.neuron : self.neuron + 1]
        scales = self._scales(network, self.layer, one)
        (source,) = draw_maps(one, scales, self.theme, two_colours=plain)
        return decision_boundary_change(self.subject, source, scales[0])

    def _small(self, network: Network, maps: list[Float[Tensor, "_ rows columns"]]) -> list[str]:
        """Draw a small picture for every neuron, inputs first."""
        step = maps[0].shape[2] // SMALL
        few = [layer[..., step // 2 :: step] for layer in maps]
        if self.axes == MAX_AXES:
            few = [layer[:, step // 2 :: step] for layer in few]
        scales = [
            scale
            for number, layer in enumerate(few)
            for scale in self._scales(network, number, layer)
        ]
        return draw_maps(torch.cat(few), scales, self.theme, two_colours=self.wanted.as_classes)

    def _scales(
        self, network: Network, layer: int, values: Float[Tensor, "neurons rows columns"]
    ) -> list[Scale]:
        """Outputs have the scale of their targets, unless the loss takes logits."""
        if layer == self.last and not LOSSES[self.run.config.loss].squash:
            targets = self.run.data.targets
            return [target_scale(targets, classes=self.subject.classes)] * len(values)
        return activation_scales(network.activations[layer - 1].name if layer else "linear", values)

    def _hits(self, network: Network) -> PredictionFrame:
        outputs = {
            name: forward(
                network,
                derive_inputs(self.run, data.inputs[sample_indices(data, MAX_PREDICTIONS)]),
            ).output
            for name, data in self.sets.items()
        }
        change = predicted_vs_true_change(self.subject, self.sets, outputs)
        return PredictionFrame(change, None, f"{self.subject.title}.")
