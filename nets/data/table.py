"""A table: columns of cells as they were written, each read as numbers, as dates or as classes."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Self

import torch
from jaxtyping import Float
from torch import Tensor

from nets.data.cells import (
    MISSING_WORDS,
    NAN,
    NUMBERS,
    PLAIN,
    Reading,
    is_missing,
    parse_number,
    read_again,
    read_cells,
)

# Whole numbers look like class labels if there are few of them and each is frequent.
MAX_CLASSES, MIN_FREQUENCY = 16, 5


@dataclass(frozen=True)
class Column:
    """One column.

    Attributes:
        name: the column's name.
        cells: what was written in each row, without spaces around it.
        usual: how the file writes numbers, where these cells alone leave it open; see `Reading`.
        known: the cells as numbers or dates, where they have been read already.
    """

    name: str
    cells: tuple[str, ...]
    usual: str = ""
    known: Reading | None = None

    @cached_property
    def reading(self) -> Reading:
        """The cells as numbers or dates, and how they are written."""
        return self.known or read_cells(self.cells, self.usual)

    def values(self, form: str = "") -> list[float]:
        """Return every cell as a number, NaN where there is none.

        Args:
            form: decides where the cells can be read in several ways.
        """
        reading = self.reading
        is_open = reading.other_form or not reading.form or (reading.is_date and form in NUMBERS)
        return read_again(self.cells, form) if form and is_open else reading.values

    def numbers(self, form: str = "") -> Float[Tensor, " N"]:
        """Return the same as a tensor, in double precision."""
        return torch.tensor(self.values(form), dtype=torch.float64)

    @property
    def is_number(self) -> bool:
        """Whether the column holds numbers or dates."""
        return bool(self.reading.form)

    @cached_property
    def labels(self) -> tuple[str, ...]:
        """Every cell as the name of a class; "" where it is missing. 1 and 1.0 are one class."""
        return tuple(
            "" if self._is_empty(cell) else cell if number != number else f"{number:.15g}"
            for cell, number in zip(self.cells, self._label_numbers(), strict=True)
        )

    def _label_numbers(self) -> list[float]:
        if self.is_number:
            return [NAN] * len(self.cells) if self.reading.is_date else self.reading.values
        return [float(cell) if PLAIN.fullmatch(cell) else NAN for cell in self.cells]

    def _is_empty(self, cell: str) -> bool:
        return is_missing(cell) if self.is_number else cell.lower() in MISSING_WORDS

    @cached_property
    def classes(self) -> tuple[str, ...]:
        """The classes in order; numbers by their size."""
        return sorted_classes(self.labels)

    @cached_property
    def missing(self) -> int:
        """How many cells hold no value."""
        return sum(map(self._is_empty, self.cells))

    @cached_property
    def unreadable(self) -> list[int]:
        """The rows that hold a word in a column of numbers or dates."""
        if not self.is_number:
            return []
        pairs = enumerate(zip(self.cells, self.reading.values, strict=True))
        return [row for row, (cell, value) in pairs if value != value and not is_missing(cell)]

    @property
    def looks_categorical(self) -> bool:
        """Whether, as a target, the column looks like classes rather than numbers."""
        if not self.is_number:
            return True
        values = [value for value in self.reading.values if value == value]
        count = len(set(values))
        frequent = len(values) >= MIN_FREQUENCY * count
        whole = all(value == round(value) for value in values)
        few = count == 2 or (count <= MAX_CLASSES and frequent)
        return not self.reading.is_date and whole and few

    def readable(self, *, as_classes: bool) -> list[bool]:
        """Say for every row whether it holds a class, or a number."""
        if as_classes:
            return [bool(label) for label in self.labels]
        return [value == value for value in self.reading.values]

    def is_constant(self, *, as_classes: bool) -> bool:
        """Say whether every row holds the same class, or the same number."""
        if as_classes:
            return len(self.classes) < 2
        return len({value for value in self.reading.values if value == value}) < 2

    def take(self, rows: Sequence[int]) -> "Column":
        """Return the column with some rows, read as they are read here."""
        cells, values = self.cells, self.reading.values
        reading = self.reading._replace(values=[values[row] for row in rows])
        return Column(self.name, tuple(cells[row] for row in rows), self.usual, reading)


@dataclass(frozen=True)
class Table:
    """Columns of the same length, and sentences on how they were read.

    Attributes:
        columns: the columns.
        notes: sentences.
        sheets: the names of all sheets, where the table is one of an Excel file.
    """

    columns: tuple[Column, ...]
    notes: tuple[str, ...] = ()
    sheets: tuple[str, ...] = ()

    @classmethod
    def of(cls, names: Iterable[str], rows: Sequence[Sequence[str]]) -> Self:
        """Turn rows into columns; each column gets its own name."""
        names = unique_names(names)
        cells: dict[str, str] = {}  # equal cells share their memory
        stripped = ([cells.setdefault(cell, cell.strip()) for cell in row] for row in rows)
        columns = list(zip(*stripped, strict=True)) or [()] * len(names)
        pairs = zip(names, columns, strict=True)
        return cls(tuple(Column(name, column) for name, column in pairs))

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


def sorted_classes(labels: Iterable[str]) -> tuple[str, ...]:
    """Name each class once: numbers by their size, then words by the alphabet."""
    rank = {label: parse_number(label) for label in Counter(labels) if label}
    numbers = sorted((label for label in rank if rank[label] == rank[label]), key=rank.__getitem__)
    return (*numbers, *sorted(label for label in rank if rank[label] != rank[label]))


def unique_names(names: Iterable[str]) -> list[str]:
    """Give each column its own name: its place if it has none, and a number if it is repeated."""
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
