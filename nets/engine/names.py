"""Naming: weights, biases and neurons, as the code and as mathematics write them.

The code indexes tensors from 0, as the notebook does: w1[2, 0]. Mathematics counts from 1: w¹₃₁ is
the same weight, of layer 1, from the third neuron before it to its first. In both, layers count
from 1, and layer 0 is the inputs.
"""

import re

SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
COLUMN = re.compile(r"\b([xy])([1-9]\d*)\b", re.ASCII)
PARAMETER = re.compile(r"([wb])([1-9]\d{0,3})\[(\d{1,4})(?:, ?(\d{1,4}))?\]", re.ASCII)
IN_CODE = re.compile(r"(delta|[wbaz])(\d+)(?:\[(\d+)(?:, (\d+))?\])?", re.ASCII)


def weight_name(layer: int, source: int, neuron: int) -> str:
    """Name the weight from a neuron of the layer before to a neuron of this layer: w1[2, 0]."""
    return f"w{layer}[{source}, {neuron}]"


def bias_name(layer: int, neuron: int) -> str:
    """Name a neuron's bias: b1[0]. The index of the tensor's only row is left out."""
    return f"b{layer}[{neuron}]"


def parse_parameter(name: object) -> tuple[int, int | None, int] | None:
    """Read the name of a weight or a bias: its layer, the neuron it comes from, and its neuron.

    A bias comes from no neuron: None. Its name may have the index of the tensor's only row, as in
    b1[0, 2]. Returns None for anything else.
    """
    match = PARAMETER.fullmatch(name) if isinstance(name, str) else None
    if match is None:
        return None
    letter, layer, first, second = match.groups()
    if letter == "w":
        return None if second is None else (int(layer), int(first), int(second))
    if second is not None and int(first) != 0:
        return None
    return int(layer), None, int(first if second is None else second)


def parameter_name(layer: int, source: int | None, neuron: int) -> str:
    """Name a weight, or a bias where there is no source."""
    return bias_name(layer, neuron) if source is None else weight_name(layer, source, neuron)


def neuron_name(layer: int, neuron: int) -> str:
    """Name a neuron by its activation: a1[0]; a0[2] is an input."""
    return f"a{layer}[{neuron}]"


def outputs_name(layer: int, last: int) -> str:
    """Name the outputs of a layer: x, a1, a2, …, and output for the last layer."""
    return "x" if layer == 0 else "output" if layer == last else f"a{layer}"


def symbol(letter: str, *places: int, layer: int | None = None) -> str:
    """Write a letter with its layer above and its places below: w¹₃₁ for "w", 2, 0 and layer 1.

    Places are indices from 0. A comma divides them where one has two digits: w¹₁₂,₃.
    """
    above = "" if layer is None else str(layer).translate(SUPERSCRIPTS)
    comma = "," if any(place >= 9 for place in places) else ""
    return letter + above + comma.join(str(place + 1).translate(SUBSCRIPTS) for place in places)


def to_symbol(name: str) -> str:
    """Write a name of the code as mathematics does: w1[2, 0] as w¹₃₁, output as ŷ."""
    match = IN_CODE.fullmatch(name)
    if match is None:
        return {"output": "ŷ"}.get(name, name)
    letter, layer, *places = match.groups()
    letter = {"delta": "δ"}.get(letter, letter)
    return symbol(letter, *(int(place) for place in places if place), layer=int(layer))


def column_symbol(name: str) -> str:
    """Write the name of a column of data as mathematics does: x1 as x₁, x1·x2 as x₁·x₂."""
    return COLUMN.sub(lambda match: match[1] + match[2].translate(SUBSCRIPTS), name)


def prediction_symbol(name: str) -> str:
    """Write what is predicted for a column: ŷ₁ for y1; a column with a name of its own keeps it."""
    written = column_symbol(name)
    return written.replace("y", "ŷ") if COLUMN.fullmatch(name) else written


def outputs_symbol(layer: int, last: int) -> str:
    """Write what all neurons of a layer give: x, a¹, a², …, and ŷ for the last."""
    return to_symbol(outputs_name(layer, last))


def output_symbol(layer: int, neuron: int, last: int) -> str:
    """Write what one neuron gives: x₁, a¹₁, …, and ŷ₁ for the last layer."""
    if 0 < layer < last:
        return symbol("a", neuron, layer=layer)
    return symbol("x" if layer == 0 else "ŷ", neuron)
