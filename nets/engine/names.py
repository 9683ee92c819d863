"""Naming: weights, biases and neurons, called as the notebook's tensors are and index them.

Layers count from 1, neurons from 0; layer 0 are the inputs.
"""


def weight_name(layer: int, source: int, neuron: int) -> str:
    """Name the weight through which a neuron is fed by one of the layer before: w1[2, 0]."""
    return f"w{layer}[{source}, {neuron}]"


def bias_name(layer: int, neuron: int) -> str:
    """Name a neuron's bias: b1[0]. The notebook's has one row, which is left out."""
    return f"b{layer}[{neuron}]"


def neuron_name(layer: int, neuron: int) -> str:
    """Name a neuron by its activation: a1[0]; a0[2] is an input."""
    return f"a{layer}[{neuron}]"


def outputs_name(layer: int, last: int) -> str:
    """Name what all neurons of a layer give: x, a1, a2, …, and output for the last."""
    return "x" if layer == 0 else "output" if layer == last else f"a{layer}"
