"""The epochs of an observed run in a session file: losses and parameters, every bit of them."""

import base64
import math
from collections.abc import Mapping
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor

from nets.config import Config
from nets.engine.storage import Flat, matrix_shapes, starts_of
from nets.training.history import KEPT_NUMBERS, History
from nets.validate import quote

NUMBERS = 4  # bytes of one


def write_observed(history: History, config: Config) -> dict[str, str]:
    """Write the losses of all epochs, and the weights and biases, layer after layer."""
    matrices = Flat.over(history.parameters, matrix_shapes(config.sizes)).matrices
    rows = torch.cat([matrix.flatten(1) for matrix in matrices], dim=1)
    return {"losses": _write(history.loss), "parameters": _write(rows)}


def read_observed(content: Mapping[str, Any], config: Config) -> History:
    """Read what `write_observed` writes.

    Raises:
        ValueError: for anything else; says what is wrong.
    """
    shapes = matrix_shapes(config.sizes)
    counts = [rows * columns for rows, columns in shapes]
    losses = _read("losses", content.get("losses"))
    epochs, width = len(losses), starts_of(shapes)[-1]
    if epochs < 2 or epochs * width > KEPT_NUMBERS or losses.amin() < 0:
        raise ValueError(
            f"losses must be from 2 to {KEPT_NUMBERS // width} numbers from 0 up; got {epochs}."
        )
    numbers = _read("parameters", content.get("parameters"))
    if len(numbers) != epochs * sum(counts):
        raise ValueError(
            f"parameters must be {sum(counts)} numbers for each of {epochs} epochs; "
            f"got {len(numbers)}."
        )
    rows = torch.zeros(epochs, width)
    parts = torch.split_with_sizes(numbers.view(epochs, -1), counts, 1)
    for matrix, part in zip(Flat.over(rows, shapes).matrices, parts, strict=True):
        matrix.copy_(part.view_as(matrix))
    return history_of(losses, rows, config)


def history_of(
    losses: Float[Tensor, " epochs"], rows: Float[Tensor, "epochs n_parameters"], config: Config
) -> History:
    """Make the history of epochs that were noted, epoch 0 first."""
    begun = History.begin(losses[0], rows[0], config.learning_rate, rows.new_empty(0))
    return begun.with_epochs(losses[1:], rows[1:])


def _write(values: Tensor) -> str:
    return base64.b64encode(values.contiguous().numpy().astype("<f4").tobytes()).decode()


def _read(name: str, text: Any) -> Float[Tensor, " numbers"]:
    """Read float32 numbers, all finite."""
    if not isinstance(text, str):
        raise ValueError(f"{name} must be text in base64; got {quote(text)}.")
    try:
        content = base64.b64decode(text, validate=True)
    except ValueError:
        raise ValueError(f"{name} must be text in base64; got {quote(text)}.") from None
    if not content or len(content) % NUMBERS:
        raise ValueError(f"{name} must be numbers of {NUMBERS} bytes; got {len(content)} bytes.")
    numbers = torch.frombuffer(bytearray(content), dtype=torch.float32)
    if not math.isfinite(numbers.abs().amax().item()):
        raise ValueError(f"{name} must be finite numbers; some are infinite or missing.")
    return numbers
