"""Predictions: what a trained network predicts for the rows of a table."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from jaxtyping import Float
from torch import Tensor

from nets.data.cells import is_value
from nets.data.encoding import CategoricalColumn, Encoding, as_list, unscaled
from nets.data.examples import Data
from nets.data.table import Table
from nets.engine.forward import forward
from nets.engine.losses import LOSSES
from nets.training.run import Run

T = TypeVar("T")
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")  # with which a formula of a spreadsheet begins


@dataclass(frozen=True)
class Predictions:
    """The predictions for the rows of a table.

    Attributes:
        table: the rows.
        targets: for each target a column of predictions; None where a row could not be read.
        outputs: the value of each output neuron; None where a row could not be read.
        names: of the targets, then of the outputs.
        left_out: how many rows could not be read.
    """

    table: Table
    targets: tuple[list[float | str | None], ...]
    outputs: tuple[list[float | None], ...]
    names: tuple[str, ...]
    left_out: int

    def as_csv(self) -> str:
        """Write the rows with their predictions and the outputs of the network."""
        text = io.StringIO(newline="")
        writer = csv.writer(text)
        writer.writerow(map(_harmless, [*self.table.names, *self.names]))
        own = (column.cells for column in self.table.columns)
        for row in zip(*own, *self.targets, *self.outputs, strict=True):
            writer.writerow(["" if value is None else _harmless(value) for value in row])
        return text.getvalue()


def _harmless(cell: float | str) -> float | str:
    """Put an apostrophe before text that a spreadsheet would read as a formula."""
    if not isinstance(cell, str) or not cell.startswith(FORMULA_SIGNS) or is_value(cell):
        return cell
    return f"'{cell}"


def find_encoding(data: Data) -> Encoding:
    """Return the encoding of the data; without one the columns are plain numbers."""
    if data.encoding is not None:
        return data.encoding
    return Encoding(
        unscaled(data.input_names, data.inputs), unscaled(data.output_names, data.targets)
    )


def to_probabilities(
    outputs: Float[Tensor, "N n_output"], loss: str
) -> Float[Tensor, "N n_output"]:
    """Apply the sigmoid or softmax that the loss has inside, if it has one."""
    match LOSSES[loss].squash:
        case "sigmoid":
            return outputs.sigmoid()
        case "softmax":
            return outputs.softmax(dim=1)
        case _:
            return outputs


def predict(run: Run, table: Table) -> Predictions:
    """Predict the targets of each row of a table.

    Raises:
        ValueError: if a column is missing, or no row can be read.
    """
    encoding = find_encoding(run.data)
    inputs = encoding.encode_inputs(table)
    readable = ~inputs.isnan().any(dim=1)
    rows_read: list[int] = [row for row, fine in enumerate(as_list(readable)) if fine]
    if not rows_read:
        raise ValueError(
            "No row can be read: every input must be a number where the examples have numbers, and "
            "one of their classes where they have classes."
        )
    outputs = forward(run.network, inputs[readable]).output
    targets = encoding.decode(outputs, LOSSES[run.config.loss].threshold)
    target_names = [f"predicted {part.name}" for part in encoding.targets]
    output_names = [f"output {name}" for name in encoding.output_names]
    return Predictions(
        table,
        tuple(_fill_rows(column, rows_read, len(table)) for column in targets),
        tuple(
            _fill_rows(_to_floats(column), rows_read, len(table)) for column in outputs.unbind(1)
        ),
        (*target_names, *output_names),
        len(table) - len(rows_read),
    )


def rank_answers(
    run: Run, output: Float[Tensor, "1 n_output"]
) -> list[tuple[str, list[tuple[str, float, float]]]]:
    """List for each target its classes, the most likely first: name, value, and bar from 0 to 1.

    A numeric target has one row, in its own units, without a bar (NaN).
    """
    encoding = find_encoding(run.data)
    found: list[tuple[str, list[tuple[str, float, float]]]] = []
    for part, columns in zip(
        encoding.targets,
        encoding.split_outputs(to_probabilities(output, run.config.loss)),
        strict=True,
    ):
        if isinstance(part, CategoricalColumn):
            values = _to_floats(columns[0])
            values = [1 - values[0], values[0]] if part.single else values
            rows = [
                (name, value, min(max(value, 0.0), 1.0))
                for name, value in zip(part.classes, values, strict=True)
            ]
            found.append((part.name, sorted(rows, key=lambda row: -row[1])))
        else:
            found.append((part.name, [(part.name, part.decode(columns)[0], float("nan"))]))
    return found


def _to_floats(values: Tensor) -> list[float]:
    return as_list(values)


def _fill_rows(values: Sequence[T], rows: Sequence[int], count: int) -> list[T | None]:
    """Make a column of `count` rows with these values at these rows, and None elsewhere."""
    column: list[T | None] = [None] * count
    for row, value in zip(rows, values, strict=True):
        column[row] = value
    return column
