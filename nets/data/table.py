"""A table: columns of cells as they were written, each read as numbers or as classes."""

import math
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Self

import torch
from jaxtyping import Float
from torch import Tensor

NUMBER = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?", re.ASCII | re.IGNORECASE)
LARGEST = 1e100  # beyond it squares soon leave what a double can hold
MISSING = {"", "na", "n/a", "nan", "null", "none", "?", "-", "."}
NAN = float("nan")
# Whole numbers are taken for classes where there are so few of them, each so often.
MOST_LIKELY_CLASSES, LEAST_OFTEN = 16, 5


@dataclass(frozen=True)
class Column:
    """One column.

    Attributes:
        name: what stands above it.
        cells: what was written, without spaces around it; one a row.
        comma: whether a comma divides a whole number from its fraction.
    """

    name: str
    cells: tuple[str, ...]
    comma: bool = False

    @cached_property
    def values(self) -> list[float]:
        """Every cell as a number; NaN where there is none."""
        return [parse_number(cell, self.comma) for cell in self.cells]

    @cached_property
    def numbers(self) -> Float[Tensor, " N"]:
        """The same as a tensor, in double precision."""
        return torch.tensor(self.values, dtype=torch.float64)

    @cached_property
    def labels(self) -> tuple[str, ...]:
        """Every cell as the name of a class; "" where it is missing. 1 and 1.0 are one class."""
        return tuple(
            "" if is_missing(cell) else cell if number != number else f"{number:.15g}"
            for cell, number in zip(self.cells, self.values, strict=True)
        )

    @cached_property
    def classes(self) -> tuple[str, ...]:
        """The classes that there are, in order; numbers by their size."""
        return sorted_classes(self.labels)

    @cached_property
    def is_number(self) -> bool:
        """Whether most of what is written are numbers."""
        written = sum(not is_missing(cell) for cell in self.cells)
        return written > 0 and int((~self.numbers.isnan()).sum()) * 2 > written

    @property
    def looks_categorical(self) -> bool:
        """Whether, as something to predict, the column rather holds classes."""
        if not self.is_number:
            return True
        numbers = self.numbers[~self.numbers.isnan()]
        count = len({value for value in self.values if value == value})
        whole = bool((numbers == numbers.round()).all())
        often = len(numbers) >= LEAST_OFTEN * count
        return whole and (count <= 2 or (count <= MOST_LIKELY_CLASSES and often))

    def readable(self, *, as_classes: bool) -> list[bool]:
        """Say for every row whether it holds what is wanted of the column."""
        if as_classes:
            return [bool(label) for label in self.labels]
        return [value == value for value in self.values]

    def is_constant(self, *, as_classes: bool) -> bool:
        """Say whether every row holds the same class, or the same number."""
        if as_classes:
            return len(self.classes) < 2
        return bool((self.numbers == self.numbers[0]).all())


@dataclass(frozen=True)
class Table:
    """Columns of the same length, and what there is to say about how they were read."""

    columns: tuple[Column, ...]
    notes: tuple[str, ...] = ()

    @classmethod
    def of(
        cls,
        names: Iterable[str],
        rows: Sequence[Sequence[str]],
        *,
        comma: bool = False,
        notes: Iterable[str] = (),
    ) -> Self:
        """Turn rows into columns; a column without a name, or with another's, is given one."""
        names = unique_names(names)
        cells: dict[str, str] = {}  # what is written often is kept once
        stripped = ([cells.setdefault(cell, cell.strip()) for cell in row] for row in rows)
        columns = list(zip(*stripped, strict=True)) or [()] * len(names)
        made = (Column(*pair, comma=comma) for pair in zip(names, columns, strict=True))
        return cls(tuple(made), tuple(notes))

    def __len__(self) -> int:
        """Count the rows."""
        return len(self.columns[0].cells) if self.columns else 0

    @property
    def names(self) -> tuple[str, ...]:
        """Name the columns."""
        return tuple(column.name for column in self.columns)

    def column(self, name: str) -> Column:
        """Find a column by its name.

        Raises:
            ValueError: if there is none.
        """
        for column in self.columns:
            if column.name == name:
                return column
        raise ValueError(f"There is no column “{name}”; there are {join_names(self.names)}.")


def parse_number(cell: str, comma: bool = False) -> float:
    """Read a number, or return NaN where there is none; with `comma` 1,5 is read as 1.5."""
    text = cell.replace("−", "-")
    if comma and text.count(",") == 1 and "." not in text:
        text = text.replace(",", ".")
    if not NUMBER.fullmatch(text):
        return NAN
    value = float(text)
    return value if abs(value) <= LARGEST else NAN


def is_number(cell: str, comma: bool = False) -> bool:
    """Say whether a cell can be read as a number."""
    return not math.isnan(parse_number(cell, comma))


def is_missing(cell: str) -> bool:
    """Say whether a cell says that there is no value."""
    return cell.lower() in MISSING


def sorted_classes(labels: Iterable[str]) -> tuple[str, ...]:
    """Name each class once: numbers by their size, then words by the alphabet."""
    rank = {label: parse_number(label) for label in Counter(labels) if label}
    numbers = sorted((label for label in rank if rank[label] == rank[label]), key=rank.__getitem__)
    return (*numbers, *sorted(label for label in rank if rank[label] != rank[label]))


def unique_names(names: Iterable[str]) -> list[str]:
    """Give a name to what has none, and a number to what is called like another."""
    found: list[str] = []
    for place, name in enumerate(names, start=1):
        name = plain = " ".join(name.split()) or f"column {place}"
        count = 1
        while name in found:
            count += 1
            name = f"{plain} ({count})"
        found.append(name)
    return found


def join_names(names: Sequence[str], most: int = 8) -> str:
    """Write the first names, and how many are left out."""
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more


def complete_rows(
    table: Table, names: Sequence[str], classes: Collection[str]
) -> tuple[Table, list[str]]:
    """Leave out rows with an empty cell, or a word where a number is needed.

    Args:
        table: all rows.
        names: of the columns that are used.
        classes: those of them that are read as classes; the others are read as numbers.

    Returns:
        The columns of these names in the complete rows, and sentences on the other rows.

    Raises:
        ValueError: if a column does not exist, or no row is complete.
    """
    columns = [table.column(name) for name in names]
    readable = [column.readable(as_classes=column.name in classes) for column in columns]
    rows = [row for row, whole in enumerate(zip(*readable, strict=True)) if all(whole)]
    notes = [note for column in columns for note in _about_gaps(column, column.name in classes)]
    if left := len(table) - len(rows):
        notes.append(f"{left:,} {'row is' if left == 1 else 'rows are'} left out because of that.")
    if not rows:
        raise ValueError(f"No row of {len(table):,} is complete. {' '.join(notes)}".strip())
    cells = [[column.cells[row] for column in columns] for row in rows]
    return Table.of(names, cells, comma=any(column.comma for column in columns)), notes


def _about_gaps(column: Column, as_classes: bool) -> Iterator[str]:
    """Say in how many rows a column is empty, or holds a word where a number is needed."""
    count = len(column.cells)
    if missing := sum(map(is_missing, column.cells)):
        yield f"“{column.name}” is missing in {missing:,} of {count:,} rows."
    if as_classes:
        return
    cells = enumerate(zip(column.cells, column.values, strict=True), start=1)
    wrong = [
        (row, cell) for row, (cell, number) in cells if number != number and not is_missing(cell)
    ]
    if wrong:
        row, cell = wrong[0]
        yield (
            f"“{column.name}” holds no number in {len(wrong):,} of {count:,} rows, such as "
            f"“{cell[:30]}” in row {row}."
        )
