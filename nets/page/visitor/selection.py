"""Selection: one weight, bias or neuron of a network, by its name in the diagram."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from nets.engine.names import bias_name, neuron_name, to_symbol, weight_name

NAMES = {"w": weight_name, "b": bias_name, "a": neuron_name}
NAME = re.compile(r"([wba])(\d{1,4})\[(\d{1,4})(?:, (\d{1,4}))?\]", re.ASCII)


@dataclass(frozen=True)
class Selection:
    """A weight, a bias or a neuron; layer 0 is the inputs. Its text is the code's name: w1[0, 2].

    Attributes:
        kind: "w", "b" or "a".
        layer: the layer it belongs to, from 1; for a neuron 0 is possible.
        places: (source, target) of a weight, (place,) of a bias or a neuron.
    """

    kind: str
    layer: int
    places: tuple[int, ...]

    def __str__(self) -> str:
        return NAMES[self.kind](self.layer, *self.places)

    @property
    def symbol(self) -> str:
        """Its name in mathematics: w¹₁₃, b²₁, a¹₃."""
        return to_symbol(str(self))

    @property
    def neuron(self) -> int:
        """The neuron it belongs to, by its place in the layer."""
        return self.places[-1]

    @property
    def source(self) -> int | None:
        """The neuron before a weight, by its place in its layer; None if it is not a weight."""
        return self.places[0] if self.kind == "w" else None

    @classmethod
    def named(cls, name: str, sizes: Sequence[int]) -> Self | None:
        """Read a name, or return None if a network of these sizes has no such part."""
        match = NAME.fullmatch(name)
        if match is None:
            return None
        kind, layer, *places = match.groups()
        part = cls(kind, int(layer), tuple(int(place) for place in places if place is not None))
        fits = len(part.places) == (2 if kind == "w" else 1)
        return part if fits and part == cls.nearest(kind, part.layer, part.places, sizes) else None

    @classmethod
    def nearest(cls, kind: str, layer: int, places: Sequence[int], sizes: Sequence[int]) -> Self:
        """Return the part with these numbers; a number that is too large becomes the largest."""
        layer = min(max(layer, 0 if kind == "a" else 1), len(sizes) - 1)
        target = min(places[-1], sizes[layer] - 1)
        if kind != "w":
            return cls(kind, layer, (target,))
        return cls(kind, layer, (min(places[0], sizes[layer - 1] - 1), target))
