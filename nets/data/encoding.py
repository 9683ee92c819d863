"""Encoding: how columns of a table become inputs and targets, and outputs become predictions."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Self, cast

import torch
from jaxtyping import Float
from torch import Tensor

from nets.data.cells import NAN
from nets.data.table import Column, Table, sorted_classes


@dataclass(frozen=True)
class Unit:
    """How the network's numbers become a column's own: mean + spread · number."""

    mean: float = 0.0
    spread: float = 1.0

    def own(self, values: Float[Tensor, "*any"]) -> Float[Tensor, "*any"]:
        """Turn the network's numbers into the column's own."""
        return values if self == Unit() else self.mean + self.spread * values.double()


@dataclass(frozen=True)
class NumericColumn:
    """A column of numbers: (value − mean) / spread goes into the network, or comes out of it.

    Attributes:
        name: of the column.
        mean, spread: mean and standard deviation; 0 and 1 where the column is not standardised.
        low, high: the smallest and the largest value in the column.
        form: how the file writes the values; see `Reading`. It decides how other rows are read
            that could be read in several ways.
        is_standardised: whether mean and spread are those of the column.
    """

    name: str
    mean: float = 0.0
    spread: float = 1.0
    low: float = 0.0
    high: float = 1.0
    form: str = ""
    is_standardised: bool = False

    @classmethod
    def fit(cls, name: str, values: Any, *, standardise: bool = True, form: str = "") -> Self:
        """Take mean and standard deviation (over N, not N − 1) from values that are not constant.

        Without `standardise` the values are used as they are.
        """
        numbers = torch.as_tensor(values, dtype=torch.float64)
        low, high, mean = numbers.min(), numbers.max(), numbers.mean()
        if not standardise:
            return cls(name, low=low.item(), high=high.item(), form=form)
        largest = (numbers - mean).abs().max()  # divided by, so that no square is out of range
        spread = largest * ((numbers - mean) / largest).square().mean().sqrt()
        return cls(name, mean.item(), spread.item(), low.item(), high.item(), form, True)

    @property
    def names(self) -> tuple[str, ...]:
        """Name the network's column that this column becomes."""
        return (self.name,)

    def encode(self, column: Column) -> Float[Tensor, "N 1"]:
        """Turn cells into the network's numbers; NaN where a cell holds no number."""
        return ((column.numbers(self.form) - self.mean) / self.spread)[:, None]

    def decode(self, outputs: Float[Tensor, "N 1"]) -> list[float]:
        """Turn the network's numbers into the column's own units."""
        if math.isinf(self.spread):
            return [self.mean] * len(outputs)
        return as_list(outputs[:, 0].double() * self.spread + self.mean)

    def restandardised(self, values: Float[Tensor, " N"]) -> "NumericColumn":
        """Return the column that standardises encoded values again; constant ones become 0."""
        known = values.double()
        if (known == known[0]).all():
            return replace(self, mean=self.mean + self.spread * known[0].item(), spread=math.inf)
        mean = self.mean + self.spread * known.mean().item()
        return replace(self, mean=mean, spread=self.spread * known.std(correction=0).item())


@dataclass(frozen=True)
class CategoricalColumn:
    """A column of classes. Each class becomes a column that is 1 in its rows and 0 elsewhere.

    Attributes:
        name: of the column.
        classes: the names of the classes.
        single: whether two classes share one column, which is 1 for the second.
        alone: whether this is the only target, so that an output has the name of its class alone.
    """

    name: str
    classes: tuple[str, ...]
    single: bool = False
    alone: bool = False

    @classmethod
    def fit(cls, name: str, labels: Sequence[str], *, target: bool, alone: bool = False) -> Self:
        """Take the classes from a column's cells."""
        classes = sorted_classes(labels)
        return cls(name, classes, single=target and len(classes) == 2, alone=alone)

    @property
    def names(self) -> tuple[str, ...]:
        """Name the network's columns that this column becomes."""
        classes = self.classes[1:] if self.single else self.classes
        return tuple(
            label if self.alone and not label[0].isdigit() else f"{self.name}={label}"
            for label in classes
        )

    def encode(self, column: Column) -> Float[Tensor, "N classes"]:
        """Turn cells into 0 and 1; NaN where a cell holds no class, or an unknown one."""
        place = {label: number for number, label in enumerate(self.classes)}
        rows = torch.full((len(self.classes) + 1, len(self.classes)), NAN, dtype=torch.float64)
        rows[:-1] = torch.eye(len(self.classes))
        encoded = rows[[place.get(label, -1) for label in column.labels]]
        return encoded[:, 1:] if self.single else encoded

    def decode(self, outputs: Float[Tensor, "N classes"], threshold: float = 0.5) -> list[str]:
        """Name the class of each row: the largest output, or the second class above a threshold."""
        if self.single:
            return [self.classes[int(above)] for above in as_list(outputs[:, 0] > threshold)]
        return [self.classes[int(place)] for place in as_list(outputs.argmax(dim=1))]


EncodedColumn = NumericColumn | CategoricalColumn


@dataclass(frozen=True)
class Encoding:
    """How the columns of a table were encoded, to do the same with other rows.

    Attributes:
        inputs, targets: columns of the table, in the order of the network's columns.
    """

    inputs: tuple[EncodedColumn, ...]
    targets: tuple[EncodedColumn, ...]

    @property
    def input_names(self) -> tuple[str, ...]:
        """Name the network's inputs."""
        return tuple(name for column in self.inputs for name in column.names)

    @property
    def output_names(self) -> tuple[str, ...]:
        """Name the network's outputs."""
        return tuple(name for column in self.targets for name in column.names)

    @property
    def input_units(self) -> list[Unit]:
        """The units of the network's inputs."""
        return _units_of(self.inputs)

    @property
    def output_units(self) -> list[Unit]:
        """The units of the network's outputs."""
        return _units_of(self.targets)

    def encode_inputs(self, table: Table) -> Float[Tensor, "N n_input"]:
        """Turn rows into inputs; NaN where a cell is empty or its class unknown.

        Raises:
            ValueError: if a column is missing.
        """
        missing = [column.name for column in self.inputs if column.name not in table.names]
        if missing:
            needed = ", ".join(column.name for column in self.inputs)
            raise ValueError(
                f"The columns must be {needed}, by these names; "
                f"missing: {', '.join(missing)}; found: {', '.join(table.names)}."
            )
        return encode(self.inputs, table).float()

    def decode(
        self, outputs: Float[Tensor, "N n_output"], threshold: float = 0.5
    ) -> list[Sequence[float | str]]:
        """Turn outputs into values of each target: numbers in its own units, or classes."""
        decoded: list[Sequence[float | str]] = []
        for column, values in zip(self.targets, self.split_outputs(outputs), strict=True):
            if isinstance(column, CategoricalColumn):
                decoded.append(column.decode(values, threshold))
            else:
                decoded.append(column.decode(values))
        return decoded

    def split_outputs(self, outputs: Float[Tensor, "N n_output"]) -> tuple[Tensor, ...]:
        """Cut outputs into the columns of each target."""
        lengths = [len(column.names) for column in self.targets]
        return cast(Any, outputs).split(lengths, dim=1)

    def restandardised(self, inputs: Float[Tensor, "N n_input"]) -> Self:
        """Return the encoding that standardises these inputs, all of them numbers, again."""
        numbers = [column for column in self.inputs if isinstance(column, NumericColumn)]
        pairs = zip(numbers, inputs.unbind(dim=1), strict=True)
        return replace(self, inputs=tuple(part.restandardised(values) for part, values in pairs))


def _units_of(columns: Sequence[EncodedColumn]) -> list[Unit]:
    """Return the unit of each of the network's columns; classes are 0 and 1 in any unit."""
    return [
        Unit(column.mean, column.spread if math.isfinite(column.spread) else 1.0)
        if isinstance(column, NumericColumn)
        else Unit()
        for column in columns
        for _ in column.names
    ]


def encode(columns: Sequence[EncodedColumn], table: Table) -> Float[Tensor, "N columns"]:
    """Encode columns of a table, side by side, in double precision."""
    return torch.cat([column.encode(table.column(column.name)) for column in columns], dim=1)


def unscaled(names: Sequence[str], rows: Float[Tensor, "N columns"]) -> tuple[NumericColumn, ...]:
    """Describe numbers that go into a network, or come out of it, as they are."""
    pairs = zip(names, rows.unbind(dim=1), strict=True)
    return tuple(NumericColumn.fit(name, values, standardise=False) for name, values in pairs)


def as_list(values: Tensor) -> list[float]:
    """Return the numbers of a tensor of one dimension."""
    return cast(list[float], cast(Any, values).tolist())
