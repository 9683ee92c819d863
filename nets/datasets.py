"""Data sets: the examples that a network learns from, by name."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

import torch
from jaxtyping import Float
from torch import Tensor


@dataclass(frozen=True)
class Data:
    """Examples: what goes in, and what should come out; copied in.

    Attributes:
        inputs: (N, n_input), float32.
        targets: (N, n_output), float32.
        input_names, output_names: a name for each column; x1, x2, … and y1, y2, … if not given.

    Raises:
        ValueError: if the two are not matrices of finite numbers with one row an example, or if
            there is not one name a column.
    """

    inputs: Float[Tensor, "N n_input"]
    targets: Float[Tensor, "N n_output"]
    input_names: tuple[str, ...] = ()
    output_names: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for field in ("inputs", "targets"):
            object.__setattr__(self, field, _matrix(field, getattr(self, field)))
        if len(self.inputs) != len(self.targets):
            raise ValueError(
                f"inputs and targets must have as many rows as each other; "
                f"got {len(self.inputs)} and {len(self.targets)}."
            )
        for field, letter, count in (
            ("input_names", "x", self.inputs.shape[1]),
            ("output_names", "y", self.targets.shape[1]),
        ):
            names = getattr(self, field) or tuple(f"{letter}{i + 1}" for i in range(count))
            if len(names) != count:
                raise ValueError(f"{field} must be {count} names, one a column; got {len(names)}.")
            object.__setattr__(self, field, tuple(names))

    def __len__(self) -> int:
        """Count the examples."""
        return len(self.inputs)


def _matrix(field: str, rows: Any) -> Float[Tensor, "N columns"]:
    """Copy rows of numbers, in whatever form, into a matrix of its own."""
    try:
        values = torch.as_tensor(rows, dtype=torch.float32).detach()
    except (TypeError, ValueError, RuntimeError) as error:
        raise ValueError(f"{field} must be rows of numbers, all as long; {error}.") from None
    if values.ndim != 2 or 0 in values.shape:
        raise ValueError(
            f"{field} must be a matrix with one row an example; got shape {tuple(values.shape)}."
        )
    if not values.isfinite().all():
        raise ValueError(f"{field} must be finite numbers; some are infinite or missing.")
    return values.clone(memory_format=torch.contiguous_format)


Shape = tuple[int, int, int]  # examples, n_input, n_output


@dataclass(frozen=True)
class Dataset:
    """A named source of data.

    Attributes:
        name: what `Config.data` calls it.
        title: what a person calls it.
        about: one sentence on what it shows.
        make: draws or loads it. Takes the wished (examples, n_input, n_output) and the run's
            generator; a data set of fixed size ignores both.
        fixed: its (n_input, n_output), or None where they are free.
        examples: how many it has, or None where that is free.
    """

    name: str
    title: str
    about: str
    make: Callable[[Shape, torch.Generator], Data]
    fixed: tuple[int, int] | None = None
    examples: int | None = None


def notebook(shape: Shape, generator: torch.Generator) -> Data:
    """Random inputs and targets, standard normal: the notebook's cell 3."""
    examples, n_input, n_output = shape
    return Data(
        torch.randn((examples, n_input), generator=generator),
        torch.randn((examples, n_output), generator=generator),
    )


def xor(shape: Shape, generator: torch.Generator) -> Data:
    """The four rows of exclusive or: 1 where exactly one input is 1."""
    inputs = torch.tensor([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    return Data(inputs, (inputs.sum(dim=1, keepdim=True) == 1).float(), output_names=("xor",))


def iris(shape: Shape, generator: torch.Generator) -> Data:
    """150 flowers (Fisher, 1936), from scikit-learn: measurements standardised, species 0 or 1."""
    # Takes seconds to import, so only when it is wanted.
    from sklearn.datasets import load_iris  # pyright: ignore[reportMissingTypeStubs]

    flowers = cast(Any, load_iris())
    inputs = torch.tensor(flowers.data, dtype=torch.float64)
    inputs = (inputs - inputs.mean(dim=0)) / inputs.std(dim=0, correction=0)
    return Data(
        inputs,
        torch.eye(len(flowers.target_names))[flowers.target],
        tuple(name.removesuffix(" (cm)") for name in flowers.feature_names),
        tuple(map(str, flowers.target_names)),
    )


DATASETS = {
    dataset.name: dataset
    for dataset in (
        Dataset(
            "notebook",
            "Notebook: random numbers",
            "Inputs and targets drawn at random, as in the notebook: there is nothing to "
            "understand in them, only to fit.",
            notebook,
        ),
        Dataset(
            "xor",
            "XOR: one or the other",
            "Four examples that no network without a hidden layer can get right.",
            xor,
            fixed=(2, 1),
            examples=4,
        ),
        Dataset(
            "iris",
            "Iris: 150 measured flowers",
            "Four measurements of a flower, standardised, and which of three species it is.",
            iris,
            fixed=(4, 3),
            examples=150,
        ),
    )
}
