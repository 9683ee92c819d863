"""Names of weights, biases and neurons: the names and indices of the notebook's tensors.

Layers count from 1, neurons from 0; layer 0 is the inputs.
"""


def weight_name(layer: int, source: int, neuron: int) -> str:
    """Name the weight from a neuron of the layer before to a neuron of this layer: w1[2, 0]."""
    return f"w{layer}[{source}, {neuron}]"


def bias_name(layer: int, neuron: int) -> str:
    """Name a neuron's bias: b1[0]. The index of the tensor's only row is left out."""
    return f"b{layer}[{neuron}]"


def neuron_name(layer: int, neuron: int) -> str:
    """Name a neuron by its activation: a1[0]; a0[2] is an input."""
    return f"a{layer}[{neuron}]"


def outputs_name(layer: int, last: int) -> str:
    """Name the outputs of a layer: x, a1, a2, …, and output for the last layer."""
    return "x" if layer == 0 else "output" if layer == last else f"a{layer}"
