"""Data: examples to learn from, checked and copied."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import torch
from jaxtyping import Float, Int
from torch import Tensor

from nets.data.encoding import Encoding, Unit

MAX_SIZE = 4096  # of a layer
MAX_EXAMPLES = 100_000
CLASSES, NUMBERS = TASKS = ("classes", "numbers")


@dataclass(frozen=True, eq=False)
class Data:
    """Examples: inputs and targets. The tensors are copied. Compared by identity.

    Attributes:
        inputs: (N, n_input), float32.
        targets: (N, n_output), float32.
        input_names, output_names: a name for each column; x1, x2, … and y1, y2, … if not given.
        task: "classes": one column of 0 and 1, or a column for each class, 1 in the rows of that
            class and 0 elsewhere; or "numbers".
        standardised: whether every input has mean 0 and standard deviation 1; a split standardises
            the inputs again, with the mean and standard deviation of the training data.
        encoding: how columns in their own units became these, where that is known.
        picture: (rows, columns) where the inputs are the pixels of a picture, row by row.
        notes: sentences on how a file became these examples.

    Raises:
        ValueError: if inputs and targets are not matrices of finite numbers with a row for each
            example, if a column has no name, or if the targets do not suit the task.
    """

    inputs: Float[Tensor, "N n_input"]
    targets: Float[Tensor, "N n_output"]
    input_names: tuple[str, ...] = ()
    output_names: tuple[str, ...] = ()
    task: str = NUMBERS
    standardised: bool = False
    encoding: Encoding | None = None
    picture: tuple[int, int] | None = None
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for field in ("inputs", "targets"):
            object.__setattr__(self, field, _matrix(field, getattr(self, field)))
        if len(self.inputs) != len(self.targets):
            raise ValueError(
                f"inputs and targets must have the same number of rows; "
                f"got {len(self.inputs)} and {len(self.targets)}."
            )
        for field, letter, count in (
            ("input_names", "x", self.inputs.shape[1]),
            ("output_names", "y", self.targets.shape[1]),
        ):
            names = getattr(self, field) or tuple(f"{letter}{i + 1}" for i in range(count))
            if len(names) != count:
                raise ValueError(
                    f"{field} must be {count} names, one for each column; got {len(names)}."
                )
            object.__setattr__(self, field, tuple(names))
        _require_task(self.task, self.targets)

    @property
    def input_units(self) -> list[Unit]:
        """How each input becomes a number in its column's own units."""
        return self.encoding.input_units if self.encoding else [Unit()] * self.inputs.shape[1]

    @property
    def output_units(self) -> list[Unit]:
        """The same for each target."""
        return self.encoding.output_units if self.encoding else [Unit()] * self.targets.shape[1]

    @cached_property
    def is_scaled(self) -> bool:
        """Whether some of these numbers are not in their column's own units."""
        return any(unit != Unit() for unit in (*self.input_units, *self.output_units))

    def __len__(self) -> int:
        """Count the examples."""
        return len(self.inputs)


def labels_of(targets: Float[Tensor, "N n_output"]) -> Int[Tensor, " N"]:
    """Return the class of each example as a number: 0 or 1 for one column, else the column's."""
    return targets[:, 0].long() if targets.shape[1] == 1 else targets.argmax(dim=1)


def _require_task(task: str, targets: Float[Tensor, "N n_output"]) -> None:
    """Raise a ValueError unless the targets suit the task."""
    if task not in TASKS:
        raise ValueError(f"task must be one of {', '.join(TASKS)}; got {task!r}.")
    zero_or_one = ((targets == 0) | (targets == 1)).all()
    one_each = targets.shape[1] == 1 or (targets.sum(dim=1) == 1).all()
    if task == CLASSES and not (zero_or_one and one_each):
        raise ValueError(
            "targets must be 0 or 1 to be classes; with several columns, exactly one "
            "must be 1 in each row."
        )


def _matrix(field: str, rows: Any) -> Float[Tensor, "N columns"]:
    """Copy rows of numbers, in any form that torch reads, into a matrix."""
    try:
        values = torch.as_tensor(rows, dtype=torch.float32).detach()
    except (TypeError, ValueError, RuntimeError) as error:
        raise ValueError(
            f"{field} must be rows of numbers, all of the same length; {error}."
        ) from None
    if values.ndim != 2 or 0 in values.shape:
        raise ValueError(
            f"{field} must be a matrix with one row for each example; "
            f"got shape {tuple(values.shape)}."
        )
    if not values.isfinite().all():
        raise ValueError(f"{field} must be finite numbers; some are infinite or missing.")
    return values.clone(memory_format=torch.contiguous_format)


class DataRequest(NamedTuple):
    """What the caller asks of a data set. A data set ignores what its row fixes."""

    examples: int
    n_input: int
    n_output: int
    noise: float = 0.0
