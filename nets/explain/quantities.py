"""Quantities: the numbers of one update, each with the name that the page gives it."""

from dataclasses import dataclass

from torch import Tensor

from nets.engine.names import (
    bias_name,
    neuron_name,
    output_symbol,
    symbol,
    to_symbol,
    weight_name,
)
from nets.engine.network import Network
from nets.explain.arithmetic import Factor, Function, Line, Term
from nets.explain.phases import UpdateTrace

# The calculation of a loss or of its slope: lines that come first, then the terms of the last line
# and the function of their sum, if there is one.
LossLines = tuple[list[Line], tuple[Term, ...], Function | None]


@dataclass(frozen=True)
class Quantities:
    """The numbers of an update for one of its examples, as factors of a line.

    They are named as in mathematics: x₃, w¹₃₁, b¹₁, a¹₁, output ŷ₁, target y₁. δ¹₁ is the
    derivative of the loss by z¹₁: the notebook's d_hidn[0] with the opposite sign.

    Attributes:
        trace: the update.
        row: which of its examples, from 0.
    """

    trace: UpdateTrace
    row: int = 0

    @property
    def last(self) -> int:
        """The index of the last layer; the first after the inputs is 1."""
        return len(self.trace.network.layers)

    @property
    def outputs_and_targets(self) -> tuple[Tensor, Tensor]:
        """The output for the example and its target, (1, n_output) each."""
        at = slice(self.row, self.row + 1)
        return self.trace.activity.output[at], self.trace.targets[at]

    @property
    def count(self) -> int:
        """How many examples the update uses."""
        return len(self.trace.rows)

    def parameter(self, layer: int, neuron: int, source: int | None) -> Factor:
        """A weight before the update, or a bias if `source` is None."""
        if source is None:
            return self.bias(layer, neuron)
        return self.weight(layer, source, neuron)

    def weight(self, layer: int, source: int, neuron: int) -> Factor:
        """A weight before the update."""
        name = weight_name(layer, source, neuron)
        value = weight_of(self.trace.network, layer, source, neuron)
        return Factor(to_symbol(name), value, name)

    def bias(self, layer: int, neuron: int) -> Factor:
        """A bias before the update."""
        name = bias_name(layer, neuron)
        return Factor(to_symbol(name), bias_of(self.trace.network, layer, neuron), name)

    def sum(self, layer: int, neuron: int) -> Factor:
        """z, the weighted sum of a neuron."""
        value = self.trace.activity.sums[layer - 1][self.row, neuron].item()
        return Factor(symbol("z", neuron, layer=layer), value, neuron_name(layer, neuron))

    def activation(self, layer: int, neuron: int, row: int | None = None) -> Factor:
        """a of a neuron, or an input for layer 0; with `row`, of that example, which it names."""
        activity, at = self.trace.activity, self.row if row is None else row
        values = activity.inputs[0] if layer == 0 else activity.outputs[layer - 1]
        name = output_symbol(layer, neuron, self.last) + self._name_example(row)
        return Factor(name, values[at, neuron].item(), neuron_name(layer, neuron))

    def target(self, neuron: int) -> Factor:
        """y, the target of an output."""
        value = self.trace.targets[self.row, neuron].item()
        return Factor(symbol("y", neuron), value, neuron_name(self.last, neuron))

    def error(self, neuron: int) -> Factor:
        """y − ŷ: the notebook's signed error, which it calls loss."""
        output = self.activation(self.last, neuron)
        value = self.target(neuron).value - output.value
        return Factor(symbol("error", neuron), value, output.part)

    def error_line(self, neuron: int) -> Line:
        """error = y − ŷ."""
        error, output = self.error(neuron), self.activation(self.last, neuron)
        terms = Term((self.target(neuron),)), Term((output,), negative=True)
        return Line(error.symbol, error.value, terms)

    def average_outputs(self, formula: str = "{x}") -> Function | None:
        """Divide a function of a sum by the number of outputs, as the mean of a loss does.

        Returns:
            None where nothing is left to apply to the sum.
        """
        count = self.trace.targets.shape[1]
        if count == 1:
            return None if formula == "{x}" else Function(formula)
        written = "({x})" if formula == "{x}" else formula
        return Function(f"{written} / {count}")

    def slope(self, layer: int, neuron: int) -> Factor:
        """f′(z) of a neuron."""
        value = self.trace.gradients.slopes[layer - 1][self.row, neuron].item()
        name = f"f′({symbol('z', neuron, layer=layer)})"
        return Factor(name, value, neuron_name(layer, neuron))

    def delta(self, layer: int, neuron: int, row: int | None = None) -> Factor:
        """δ of a neuron; with `row`, of that example, which it names."""
        at = self.row if row is None else row
        value = self.trace.gradients.deltas[layer - 1][at, neuron].item()
        name = symbol("δ", neuron, layer=layer) + self._name_example(row)
        return Factor(name, value, neuron_name(layer, neuron))

    def _name_example(self, row: int | None) -> str:
        """Name the example that a number belongs to, if the update has several."""
        return "" if row is None or self.count == 1 else f" of example {self.trace.rows[row] + 1}"


def parameter_of(network: Network, layer: int, neuron: int, source: int | None) -> float:
    """Look up a weight, or a bias if `source` is None."""
    if source is None:
        return bias_of(network, layer, neuron)
    return weight_of(network, layer, source, neuron)


def weight_of(network: Network, layer: int, source: int, neuron: int) -> float:
    """Look up a weight."""
    return network.layers[layer - 1].weights[source, neuron].item()


def bias_of(network: Network, layer: int, neuron: int) -> float:
    """Look up a bias."""
    return network.layers[layer - 1].biases[0, neuron].item()
