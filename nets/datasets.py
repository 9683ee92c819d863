"""Data sets: the examples that a network learns from, by name."""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor


@dataclass(frozen=True)
class Data:
    """Examples: what goes in, and what should come out.

    Attributes:
        inputs: (N, n_input), float32.
        targets: (N, n_output), float32.
        input_names, output_names: a name for each column; x1, x2, … and y1, y2, … if not given.

    Raises:
        ValueError: if the two are not matrices with one row an example, or not finite.
    """

    inputs: Float[Tensor, "N n_input"]
    targets: Float[Tensor, "N n_output"]
    input_names: tuple[str, ...] = ()
    output_names: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for field in ("inputs", "targets"):
            values = torch.as_tensor(getattr(self, field), dtype=torch.float32).contiguous()
            if values.ndim != 2 or 0 in values.shape:
                raise ValueError(
                    f"{field} must be a matrix with one row an example; "
                    f"got shape {tuple(values.shape)}."
                )
            if not values.isfinite().all():
                raise ValueError(f"{field} must be finite numbers; some are infinite or missing.")
            object.__setattr__(self, field, values)
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
    """

    name: str
    title: str
    about: str
    make: Callable[[Shape, torch.Generator], Data]
    fixed: tuple[int, int] | None = None


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
    """150 measured flowers (Fisher, 1936), from scikit-learn; inputs standardised, species 0 / 1."""
    from sklearn.datasets import load_iris  # takes seconds to import, so only when it is wanted

    bunch = load_iris()
    inputs = torch.from_numpy(bunch.data)
    inputs = (inputs - inputs.mean(dim=0)) / inputs.std(dim=0, correction=0)
    species = torch.nn.functional.one_hot(torch.from_numpy(bunch.target).long())
    return Data(
        inputs.float(),
        species.float(),
        tuple(name.removesuffix(" (cm)") for name in bunch.feature_names),
        tuple(str(name) for name in bunch.target_names),
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
        ),
        Dataset(
            "iris",
            "Iris: 150 measured flowers",
            "Four measurements of a flower, standardised, and which of three species it is.",
            iris,
            fixed=(4, 3),
        ),
    )
}
