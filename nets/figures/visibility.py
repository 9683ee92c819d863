"""Revealing: what of a network is known in a phase, and what is being computed."""

from dataclasses import dataclass

from nets.explain.phases import Phase

ACTIVATION, DELTA, UNKNOWN = "a", "δ", ""
NEW_WEIGHT = "new weight"


@dataclass(frozen=True)
class Visibility:
    """How the parts of a diagram look, layer by layer.

    Attributes:
        neurons: what the neurons of a layer show, the inputs first: their activation, their delta,
            or nothing yet.
        edges: what colours the edges into a layer, from layer 1 on: one of `COLOURINGS`, or the
            weight after the update.
        strong: the layers whose edges stand out; all others fade.
        lit: the layers whose neurons are being computed.
    """

    neurons: tuple[str, ...]
    edges: tuple[str, ...]
    strong: frozenset[int]
    lit: frozenset[int] = frozenset()


def visibility_in(phase: Phase | None, layers: int, colour_by: str) -> Visibility:
    """Say what is shown of a network of so many layers in a phase, or at rest.

    Until backpropagation reaches it, an edge shows its weight, whatever colours edges at rest.
    """
    every, each = frozenset(range(1, layers + 1)), range(1, layers + 1)
    all_known, weights = (ACTIVATION,) * (layers + 1), ("weight",) * layers
    match phase:
        case None:
            return Visibility(all_known, (colour_by,) * layers, every)
        case Phase("forward", now):
            known = tuple(ACTIVATION if i <= now else UNKNOWN for i in range(layers + 1))
            return Visibility(known, weights, frozenset({now}), frozenset({now}))
        case Phase("backward", now):
            return Visibility(
                tuple(DELTA if i >= now else ACTIVATION for i in range(layers + 1)),
                tuple("gradient" if i >= now else "weight" for i in each),
                frozenset({now}),
                frozenset({now}),
            )
        case Phase("update"):
            after = NEW_WEIGHT if colour_by == "weight" else colour_by
            return Visibility(all_known, (after,) * layers, every, every)
        case _:  # the loss compares the output with its target
            return Visibility(all_known, weights, frozenset(), frozenset({layers}))
