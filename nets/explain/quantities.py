"""Factors: the numbers of one update, each under the name that the page gives it."""

from dataclasses import dataclass

from torch import Tensor

from nets.engine.names import bias_name, neuron_name, outputs_name, weight_name
from nets.engine.network import Network
from nets.explain.arithmetic import Factor
from nets.explain.phases import UpdateTrace


@dataclass(frozen=True)
class Quantities:
    """Numbers of an update, for one of its examples where nothing else is said.

    Tensors have the notebook's names and indices: x[2], w1[2, 0], b1[0], a1[0], output[0], y[0];
    δ1[0] is the derivative of the loss by z1[0], which is the notebook's d_hidn[0] with its sign
    turned.

    Attributes:
        step: the update.
        row: which of its examples, from 0.
    """

    step: UpdateTrace
    row: int = 0

    @property
    def last(self) -> int:
        """The number of the last layer."""
        return len(self.step.network.layers)

    @property
    def outputs_and_targets(self) -> tuple[Tensor, Tensor]:
        """The network's answer to the example and what it should be, (1, n_output) each."""
        at = slice(self.row, self.row + 1)
        return self.step.activity.output[at], self.step.targets[at]

    @property
    def count(self) -> int:
        """How many examples the update is made from."""
        return len(self.step.rows)

    def parameter(self, layer: int, neuron: int, source: int | None) -> Factor:
        """A weight before the update, or without a source a bias."""
        if source is None:
            return self.bias(layer, neuron)
        return self.weight(layer, source, neuron)

    def weight(self, layer: int, source: int, neuron: int) -> Factor:
        """A weight before the update."""
        name = weight_name(layer, source, neuron)
        return Factor(name, weight_of(self.step.network, layer, source, neuron), name)

    def bias(self, layer: int, neuron: int) -> Factor:
        """A bias before the update."""
        name = bias_name(layer, neuron)
        return Factor(name, bias_of(self.step.network, layer, neuron), name)

    def sum(self, layer: int, neuron: int) -> Factor:
        """z, the weighted sum of a neuron."""
        value = self.step.activity.sums[layer - 1][self.row, neuron].item()
        return Factor(f"z{layer}[{neuron}]", value, neuron_name(layer, neuron))

    def activation(self, layer: int, neuron: int, row: int | None = None) -> Factor:
        """a of a neuron, an input for layer 0; with a row, that of another example, named so."""
        activity, at = self.step.activity, self.row if row is None else row
        values = activity.inputs[0] if layer == 0 else activity.outputs[layer - 1]
        name = f"{outputs_name(layer, self.last)}[{neuron}]{self._of(row)}"
        return Factor(name, values[at, neuron].item(), neuron_name(layer, neuron))

    def target(self, neuron: int) -> Factor:
        """y, what an output should be."""
        value = self.step.targets[self.row, neuron].item()
        return Factor(f"y[{neuron}]", value, neuron_name(self.last, neuron))

    def error(self, neuron: int) -> Factor:
        """y − output: the notebook's signed error."""
        output = self.activation(self.last, neuron)
        return Factor(f"error[{neuron}]", self.target(neuron).value - output.value, output.part)

    def slope(self, layer: int, neuron: int) -> Factor:
        """f′(z) of a neuron."""
        value = self.step.gradients.slopes[layer - 1][self.row, neuron].item()
        return Factor(f"f′(z{layer}[{neuron}])", value, neuron_name(layer, neuron))

    def delta(self, layer: int, neuron: int, row: int | None = None) -> Factor:
        """δ of a neuron; with a row, that of another example, named so."""
        at = self.row if row is None else row
        value = self.step.gradients.deltas[layer - 1][at, neuron].item()
        return Factor(f"δ{layer}[{neuron}]{self._of(row)}", value, neuron_name(layer, neuron))

    def _of(self, row: int | None) -> str:
        """Say which example a number belongs to, where an update has several."""
        return "" if row is None or self.count == 1 else f" of example {self.step.rows[row] + 1}"


def parameter_of(network: Network, layer: int, neuron: int, source: int | None) -> float:
    """Look up a weight, or without a source a bias."""
    if source is None:
        return bias_of(network, layer, neuron)
    return weight_of(network, layer, source, neuron)


def weight_of(network: Network, layer: int, source: int, neuron: int) -> float:
    """Look up a weight."""
    return network.layers[layer - 1].weights[source, neuron].item()


def bias_of(network: Network, layer: int, neuron: int) -> float:
    """Look up a bias."""
    return network.layers[layer - 1].biases[0, neuron].item()
