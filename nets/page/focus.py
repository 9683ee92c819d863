"""Focus: which neuron, weight or bias a phase is looked at for."""

from dataclasses import dataclass

from nets.explaining.phases import Phase
from nets.page.parts import Part
from nets.page.session import Session


@dataclass(frozen=True)
class Focus:
    """One neuron, and one of the numbers that flow into it.

    Attributes:
        phase: what is computed of it; an update names the neuron's layer.
        layer, neuron: the neuron, layers from 1.
        source: the neuron in the layer before from which a weight comes; None for the bias.
    """

    phase: Phase
    layer: int
    neuron: int
    source: int | None

    @property
    def has_source(self) -> bool:
        """Whether the phase computes anything of single weights."""
        return self.phase.step in ("backward", "update")

    @property
    def part(self) -> Part:
        """What is looked at, by its name in the diagram."""
        if not self.has_source:
            return Part("a", self.layer, (self.neuron,))
        if self.source is None:
            return Part("b", self.layer, (self.neuron,))
        return Part("w", self.layer, (self.source, self.neuron))


def focus_in(session: Session, phase: Phase) -> Focus:
    """Find what is looked at in a phase: what was chosen, as near as the phase has it."""
    part, last = session.selected or Part("w", 0, (0, 0)), len(session.run.config.sizes) - 1
    layer = phase.layer or last
    if phase.step == "update":
        layer = layer if session.selected is None else max(1, part.layer)
        phase = Phase("update", layer)
    if part.layer == layer:
        return Focus(phase, layer, part.neuron, 0 if part.kind == "a" else part.source)
    comes_from = part.kind == "a" and part.layer == layer - 1
    return Focus(phase, layer, 0, part.neuron if comes_from else 0)
