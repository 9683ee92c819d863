"""Weights: a network's parameters as a file for PyTorch, as a table, and back from a file."""

import csv
import io
import json
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, cast

import torch
from torch import Tensor

from nets.data.examples import MAX_SIZE
from nets.engine.activations import ACTIVATIONS, Activation
from nets.engine.names import bias_name, weight_name
from nets.engine.network import Network
from nets.engine.softmax import FOR_OUTPUTS
from nets.sharing.torch_model import make_network
from nets.validate import quote, require_choice

MAX_WEIGHTS_BYTES = 100_000_000
MAX_LAYERS = 100
ACTIVATIONS_KEY = "activations"  # in the file, for this package; torch does not need it
CHOICES = ACTIVATIONS | FOR_OUTPUTS
KINDS = "a safetensors file, or a state_dict that torch.save has written"


def to_safetensors(network: Network) -> bytes:
    """Write the parameters as a safetensors file, by the names of an `nn.Sequential`.

    `nn.Sequential.load_state_dict(safetensors.torch.load(content))` reads them. The file also
    names the activations.
    """
    from safetensors.torch import save

    tensors: dict[str, Tensor] = {}
    for place, layer in enumerate(network.layers):
        tensors[f"{2 * place}.weight"] = layer.weights.t().contiguous()
        tensors[f"{2 * place}.bias"] = layer.biases[0].clone()
    names = " ".join(layer.activation.name for layer in network.layers)
    return save(tensors, {ACTIVATIONS_KEY: names})


def weights_as_csv(network: Network) -> Iterator[str]:
    """Write every weight and bias as a row of a table: its name, layer, from, to, value.

    Neurons count from 0, as in the names. The source of a bias is "bias".
    """
    yield "name,layer,from,to,value\n"
    for number, layer in enumerate(network.layers, start=1):
        for source, row in enumerate(as_texts(layer.weights)):
            yield as_lines(
                [weight_name(number, source, to), number, source, to, text]
                for to, text in enumerate(row)
            )
        yield as_lines(
            [bias_name(number, to), number, "bias", to, text]
            for to, text in enumerate(as_texts(layer.biases)[0])
        )


def as_texts(values: Tensor) -> list[list[str]]:
    """Write the numbers of a matrix with as few digits as give the same float32 again."""
    return cast(Any, values.detach().numpy()).astype(str).tolist()


def as_lines(rows: Iterable[list[Any]]) -> str:
    """Write rows as lines of CSV."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


def read_weights(
    content: bytes, hidden_activation: str = "sigmoid", output_activation: str = "sigmoid"
) -> Network:
    """Read a network from a safetensors file or a saved `state_dict` of linear layers.

    A `state_dict` is loaded with `weights_only=True`, so no code in it can run. Tensors must be in
    pairs named ….weight (fan_out, fan_in) and ….bias (fan_out,), in the order of the layers.

    Args:
        content: the bytes of the file.
        hidden_activation: where the file does not name it; only one of `to_safetensors` does.
        output_activation: the same for the last layer.

    Raises:
        ValueError: if it is another kind of file, or its tensors are not such layers; says what
            was wrong and what is allowed.
    """
    require_choice("hidden_activation", hidden_activation, ACTIVATIONS)
    require_choice("output_activation", output_activation, CHOICES)
    if len(content) > MAX_WEIGHTS_BYTES:
        raise ValueError(
            f"A file of weights must have at most {MAX_WEIGHTS_BYTES // 10**6} MB; "
            f"it has {len(content) / 1e6:.0f} MB."
        )
    is_zip = content.startswith(b"PK")
    tensors = _from_state_dict(content) if is_zip else _from_safetensors(content)
    pairs = _pairs(tensors)
    rows = None if is_zip else _named_activations(content, len(pairs))
    if rows is None:
        hidden, output = CHOICES[hidden_activation], CHOICES[output_activation]
        rows = [hidden] * (len(pairs) - 1) + [output]
    return make_network(pairs, rows)


def _from_safetensors(content: bytes) -> Mapping[Any, Any]:
    from safetensors import SafetensorError
    from safetensors.torch import load

    try:
        return load(content)
    except (SafetensorError, ValueError, KeyError, TypeError, RuntimeError):
        raise ValueError(f"The file must be {KINDS}; this is neither.") from None


def _named_activations(content: bytes, layers: int) -> list[Activation] | None:
    """Read the activations that a safetensors file names, if it names one for each layer."""
    length = int.from_bytes(content[:8], "little")
    notes: dict[str, Any] = json.loads(content[8 : 8 + length]).get("__metadata__") or {}
    names = str(notes.get(ACTIVATIONS_KEY, "")).split()
    known = [CHOICES[name] for name in names if name in CHOICES]
    fits = len(known) == len(names) == layers
    return known if fits and all(row.name in ACTIVATIONS for row in known[:-1]) else None


def _from_state_dict(content: bytes) -> Mapping[Any, Any]:
    """Load a `state_dict`, after a check that it does not become much larger when unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            unpacked = sum(member.file_size for member in archive.infolist())
        if unpacked > MAX_WEIGHTS_BYTES:
            raise ValueError
        loaded = torch.load(io.BytesIO(content), map_location="cpu", weights_only=True)
    except Exception:  # torch raises errors of many kinds for files that are not its own
        raise ValueError(f"The file must be {KINDS}; this is neither.") from None
    if not isinstance(loaded, Mapping):
        raise ValueError(
            f"The file must hold a state_dict, as from torch.save(model.state_dict(), …); "
            f"it holds {quote(type(loaded).__name__)}."
        )
    return cast(Mapping[Any, Any], loaded)


def _pairs(tensors: Mapping[Any, Any]) -> list[tuple[Tensor, Tensor]]:
    """Sort tensors into (weights, biases) of each layer; weights are (fan_in, fan_out)."""
    named = {name: _checked(name, values) for name, values in tensors.items()}
    places = [name.removesuffix("weight") for name in named if name.endswith("weight")]
    places.sort(key=_as_numbers)
    if not 1 <= len(places) <= MAX_LAYERS or len(named) > 2 * len(places):
        raise ValueError(
            f"The tensors must be weights and biases of 1 to {MAX_LAYERS} linear layers, named "
            f"0.weight, 0.bias, 2.weight, …; got {quote(', '.join(named))}."
        )
    pairs: list[tuple[Tensor, Tensor]] = []
    for place in places:
        weights = named.pop(f"{place}weight")
        if weights.ndim != 2:
            raise ValueError(
                f"{quote(f'{place}weight')} must be a matrix (fan_out, fan_in); "
                f"got shape {tuple(weights.shape)}."
            )
        biases = named.pop(f"{place}bias", weights.new_zeros(len(weights)))
        pairs.append((weights.t(), biases))
    if named:
        raise ValueError(f"{quote(next(iter(named)))} must belong to a linear layer.")
    return pairs


def _as_numbers(place: str) -> list[tuple[int, str]]:
    """Order the names of layers by the numbers in them: 2 before 10."""
    parts = place.rstrip(".").split(".")
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in parts]


def _checked(name: object, values: object) -> Tensor:
    """Return a tensor of numbers of a size that a layer can have, before anything copies it."""
    if not isinstance(name, str) or not isinstance(values, Tensor):
        raise ValueError(f"The file must hold tensors by their names; got {quote(name)}.")
    plain = values.layout == torch.strided and values.device.type == "cpu"
    if not plain or not values.is_floating_point() or values.ndim not in (1, 2):
        raise ValueError(
            f"{quote(name)} must be a vector or a matrix of numbers with a decimal point; got "
            f"{str(values.dtype).removeprefix('torch.')} of shape {tuple(values.shape)}."
        )
    if not 1 <= min(values.shape) <= max(values.shape) <= MAX_SIZE:
        raise ValueError(
            f"{quote(name)} must have from 1 to {MAX_SIZE} rows and columns; "
            f"got shape {tuple(values.shape)}."
        )
    return values.detach()
