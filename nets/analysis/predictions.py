"""Answers: what a trained network says to rows that it has never seen."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from jaxtyping import Float
from torch import Tensor

from nets.data.columns import CategoricalColumn, Encoding, as_they_are
from nets.data.examples import Data
from nets.data.table import Table
from nets.engine.forward import forward
from nets.engine.losses import LOSSES
from nets.training.run import Run

T = TypeVar("T")


@dataclass(frozen=True)
class Predictions:
    """Answers to the rows of a table.

    Attributes:
        table: the rows.
        targets: a column of answers a target; None where a row could not be read.
        outputs: what each output neuron gave; None likewise.
        names: of the targets, then of the outputs.
        left_out: how many rows could not be read.
    """

    table: Table
    targets: tuple[list[float | str | None], ...]
    outputs: tuple[list[float | None], ...]
    names: tuple[str, ...]
    left_out: int

    def as_csv(self) -> str:
        """Write the rows, what is predicted of each, and the outputs behind it."""
        text = io.StringIO(newline="")
        writer = csv.writer(text)
        writer.writerow([*self.table.names, *self.names])
        own = (column.cells for column in self.table.columns)
        for row in zip(*own, *self.targets, *self.outputs, strict=True):
            writer.writerow(["" if value is None else value for value in row])
        return text.getvalue()


def coding_of(data: Data) -> Encoding:
    """Return how data were coded; where that is not known, they are numbers as they are."""
    if data.coding is not None:
        return data.coding
    return Encoding(
        as_they_are(data.input_names, data.inputs), as_they_are(data.output_names, data.targets)
    )


def shares(outputs: Float[Tensor, "N n_output"], loss: str) -> Float[Tensor, "N n_output"]:
    """Turn outputs into what the loss takes them for, where it squashes them itself."""
    match LOSSES[loss].squash:
        case "sigmoid":
            return outputs.sigmoid()
        case "softmax":
            return outputs.softmax(dim=1)
        case _:
            return outputs


def predict(run: Run, table: Table) -> Predictions:
    """Predict what belongs to each row of a table.

    Raises:
        ValueError: if columns are not there, or no row can be read.
    """
    coding = coding_of(run.data)
    inputs = coding.inputs_of(table)
    readable = ~inputs.isnan().any(dim=1)
    places: list[int] = [place for place, fine in enumerate(readable.unbind()) if fine]
    if not places:
        raise ValueError(
            "In no row can every input be read: numbers where numbers were learned from, and "
            "classes that were there."
        )
    outputs = forward(run.network, inputs[readable]).output
    targets = coding.answers(outputs, LOSSES[run.config.loss].threshold)
    target_names = [f"predicted {part.name}" for part in coding.targets]
    output_names = [f"output {name}" for name in coding.output_names]
    return Predictions(
        table,
        tuple(_spread(column, places, len(table)) for column in targets),
        tuple(_spread(_floats(column), places, len(table)) for column in outputs.unbind(1)),
        (*target_names, *output_names),
        len(table) - len(places),
    )


def ranked(
    run: Run, output: Float[Tensor, "1 n_output"]
) -> list[tuple[str, list[tuple[str, float, float]]]]:
    """List for each target its answers, the winner first: name, value, and share from 0 to 1.

    A number has one answer, in its own units, without a share (NaN).
    """
    coding = coding_of(run.data)
    found: list[tuple[str, list[tuple[str, float, float]]]] = []
    for part, columns in zip(
        coding.targets, coding.of_targets(shares(output, run.config.loss)), strict=True
    ):
        if isinstance(part, CategoricalColumn):
            values = _floats(columns[0])
            values = [1 - values[0], values[0]] if part.single else values
            rows = [
                (name, value, min(max(value, 0.0), 1.0))
                for name, value in zip(part.classes, values, strict=True)
            ]
            found.append((part.name, sorted(rows, key=lambda row: -row[1])))
        else:
            found.append((part.name, [(part.name, part.answers(columns)[0], float("nan"))]))
    return found


def _floats(values: Tensor) -> list[float]:
    return [float(value) for value in values.unbind()]


def _spread(values: Sequence[T], places: Sequence[int], count: int) -> list[T | None]:
    """Put values at their places among `count`."""
    spread: list[T | None] = [None] * count
    for place, value in zip(places, values, strict=True):
        spread[place] = value
    return spread
