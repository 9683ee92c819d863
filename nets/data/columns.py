"""Coding: how columns of a table become inputs and targets, and outputs become answers."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Self, cast

import torch
from jaxtyping import Float
from torch import Tensor

from nets.data.table import NONE, Column, Table, in_order


@dataclass(frozen=True)
class NumericColumn:
    """A column of numbers: (value − mean) / spread goes into the network, or comes out of it.

    Attributes:
        name: of the column.
        mean, spread: 0 and 1 where it is not standardised.
        low, high: the smallest and the largest value there was.
    """

    name: str
    mean: float = 0.0
    spread: float = 1.0
    low: float = 0.0
    high: float = 1.0

    @classmethod
    def standardising(cls, name: str, values: Any) -> Self:
        """Learn mean and standard deviation (over N, not N − 1) of values that are not constant."""
        numbers = torch.as_tensor(values, dtype=torch.float64)
        low, high, mean = numbers.min(), numbers.max(), numbers.mean()
        largest = (numbers - mean).abs().max()  # divided by, so that no square is out of range
        spread = largest * ((numbers - mean) / largest).square().mean().sqrt()
        return cls(name, mean.item(), spread.item(), low.item(), high.item())

    @property
    def names(self) -> tuple[str, ...]:
        """Name what the column becomes."""
        return (self.name,)

    def coded(self, column: Column) -> Float[Tensor, "N 1"]:
        """Code a column; NaN where it holds no number."""
        return ((column.numbers - self.mean) / self.spread)[:, None]

    def answers(self, outputs: Float[Tensor, "N 1"]) -> list[float]:
        """Say in the column's own units what outputs mean."""
        if math.isinf(self.spread):
            return [self.mean] * len(outputs)
        return listed(outputs[:, 0].double() * self.spread + self.mean)

    def standardised_anew(self, values: Float[Tensor, " N"]) -> "NumericColumn":
        """Return what standardising these coded values once more comes to; constant ones are 0."""
        known = values.double()
        if (known == known[0]).all():
            return replace(self, mean=self.mean + self.spread * known[0].item(), spread=math.inf)
        mean = self.mean + self.spread * known.mean().item()
        return replace(self, mean=mean, spread=self.spread * known.std(correction=0).item())

    @property
    def is_standardised(self) -> bool:
        """Whether the column's own units are not those of the network."""
        return (self.mean, self.spread) != (0, 1)


@dataclass(frozen=True)
class CategoricalColumn:
    """A column of classes, each with a column of its own that is 1 where a row is of it.

    Attributes:
        name: of the column.
        classes: by name.
        single: whether, of two classes, one column says it all: 1 for the second.
        alone: whether no other column needs to be told apart: a class is then named by itself.
    """

    name: str
    classes: tuple[str, ...]
    single: bool = False
    alone: bool = False

    @classmethod
    def among(cls, name: str, labels: Sequence[str], *, target: bool, alone: bool = False) -> Self:
        """Learn which classes there are."""
        classes = in_order(labels)
        return cls(name, classes, single=target and len(classes) == 2, alone=alone)

    @property
    def names(self) -> tuple[str, ...]:
        """Name what the column becomes."""
        classes = self.classes[1:] if self.single else self.classes
        return tuple(
            label if self.alone and not label[0].isdigit() else f"{self.name}={label}"
            for label in classes
        )

    def coded(self, column: Column) -> Float[Tensor, "N classes"]:
        """Code a column; NaN where it holds no class, or another one."""
        place = {label: number for number, label in enumerate(self.classes)}
        rows = torch.full((len(self.classes) + 1, len(self.classes)), NONE, dtype=torch.float64)
        rows[:-1] = torch.eye(len(self.classes))
        coded = rows[[place.get(label, -1) for label in column.labels]]
        return coded[:, 1:] if self.single else coded

    def answers(self, outputs: Float[Tensor, "N classes"], border: float = 0.5) -> list[str]:
        """Say which class outputs mean: the largest, or the second above the border."""
        if self.single:
            return [self.classes[int(above)] for above in listed(outputs[:, 0] > border)]
        return [self.classes[int(place)] for place in listed(outputs.argmax(dim=1))]


EncodedColumn = NumericColumn | CategoricalColumn


@dataclass(frozen=True)
class Encoding:
    """What was learned of a table's columns, to be applied to other rows of the kind.

    Attributes:
        inputs, targets: one part a column of the table, in the order of the network's columns.
    """

    inputs: tuple[EncodedColumn, ...]
    targets: tuple[EncodedColumn, ...]

    @property
    def input_names(self) -> tuple[str, ...]:
        """Name the network's inputs."""
        return tuple(name for part in self.inputs for name in part.names)

    @property
    def output_names(self) -> tuple[str, ...]:
        """Name the network's outputs."""
        return tuple(name for part in self.targets for name in part.names)

    def inputs_of(self, table: Table) -> Float[Tensor, "N n_input"]:
        """Code rows as inputs; those with something missing or never seen are NaN.

        Raises:
            ValueError: if a column is not there.
        """
        missing = [part.name for part in self.inputs if part.name not in table.names]
        if missing:
            wanted = ", ".join(part.name for part in self.inputs)
            raise ValueError(
                f"The columns must be {wanted}, by these names; "
                f"missing: {', '.join(missing)}; found: {', '.join(table.names)}."
            )
        return coded(self.inputs, table).float()

    def standardised_anew(self, inputs: Float[Tensor, "N n_input"]) -> Self:
        """Return the coding of numbers that are standardised once more, by these inputs."""
        numbers = [part for part in self.inputs if isinstance(part, NumericColumn)]
        pairs = zip(numbers, inputs.unbind(dim=1), strict=True)
        return replace(self, inputs=tuple(part.standardised_anew(values) for part, values in pairs))

    def answers(
        self, outputs: Float[Tensor, "N n_output"], border: float = 0.5
    ) -> list[Sequence[float | str]]:
        """Say what outputs mean, target by target, in numbers of its own units or in classes."""
        found: list[Sequence[float | str]] = []
        for part, columns in zip(self.targets, self.of_targets(outputs), strict=True):
            found.append(
                part.answers(columns, border)
                if isinstance(part, CategoricalColumn)
                else part.answers(columns)
            )
        return found

    def of_targets(self, outputs: Float[Tensor, "N n_output"]) -> tuple[Tensor, ...]:
        """Cut outputs into the columns of each target."""
        lengths = [len(part.names) for part in self.targets]
        return cast(Any, outputs).split(lengths, dim=1)


def coded(parts: Sequence[EncodedColumn], table: Table) -> Float[Tensor, "N columns"]:
    """Code a table's columns, side by side, in double precision."""
    return torch.cat([part.coded(table.column(part.name)) for part in parts], dim=1)


def as_they_are(
    names: Sequence[str], rows: Float[Tensor, "N columns"]
) -> tuple[NumericColumn, ...]:
    """Describe numbers that go into a network as they are."""
    ends = zip(names, listed(rows.amin(dim=0)), listed(rows.amax(dim=0)), strict=True)
    return tuple(NumericColumn(name, low=low, high=high) for name, low, high in ends)


def listed(values: Tensor) -> list[float]:
    """Return the numbers of a tensor of one dimension."""
    return cast(list[float], cast(Any, values).tolist())
