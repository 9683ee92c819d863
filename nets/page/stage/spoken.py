"""What a screen reader says of a snapshot: the epoch and its loss, or the phase and its result."""

from jaxtyping import Float
from torch import Tensor

from nets.explain.phase_names import STEPS, place_of
from nets.explain.phases import Phase
from nets.figures.diagram_style import DiagramStyle, DiagramValues
from nets.figures.neurons import format_small
from nets.page.visitor.snapshot import Snapshot

MOST_NUMBERS = 8  # of a layer that are said


def say(snapshot: Snapshot, style: DiagramStyle, values: DiagramValues) -> str:
    """Say in a sentence what is new."""
    walk, phase = snapshot.walk, snapshot.phase
    if walk is None or phase is None:
        return f"Epoch {snapshot.run.epoch}, loss {snapshot.loss:.3g}"
    where = f", {place_of(walk)}" if place_of(walk) else ""
    return f"{STEPS[phase.step]}{where}: {_result(phase, snapshot, style, values)}"


def _result(phase: Phase, snapshot: Snapshot, style: DiagramStyle, values: DiagramValues) -> str:
    names, row = style.names[phase.layer], values.example
    first = sum(style.sizes[: phase.layer])
    match phase.step:
        case "forward":
            names = [
                f"{name}, standardised," if first + place in style.scaled else name
                for place, name in enumerate(names)
            ]
            return _numbers(names, values.activity.outputs[phase.layer - 1][row])
        case "backward" if values.gradients is not None:
            deltas = values.gradients.deltas[phase.layer - 1][row]
            return _numbers([f"δ of {name}" for name in names], deltas)
        case "update":
            return "every weight and bias is changed"
        case _:
            return f"loss {snapshot.loss:.3g}"


def _numbers(names: list[str], numbers: Float[Tensor, " neurons"]) -> str:
    """Say the first numbers with their names."""
    pairs = list(zip(names, numbers.tolist(), strict=True))
    said = [f"{name} = {format_small(number)}" for name, number in pairs[:MOST_NUMBERS]]
    more = len(pairs) - len(said)
    return ", ".join([*said, *([f"and {more} more"] if more else [])])
