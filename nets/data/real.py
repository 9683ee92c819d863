"""Measured data from scikit-learn, which takes seconds to import, so only when it is needed.

What is standardised here, over all examples, a split standardises again by the training data alone.
"""

from typing import Any, cast

import torch
from jaxtyping import Float
from torch import Tensor

from nets.data.encoding import CategoricalColumn, Encoding, NumericColumn, unscaled
from nets.data.examples import CLASSES, Data, DataRequest


def iris(request: DataRequest, generator: torch.Generator) -> Data:
    """150 flowers (Fisher, 1936): four lengths, standardised, and one of three species."""
    from sklearn.datasets import load_iris  # pyright: ignore[reportMissingTypeStubs]

    flowers = cast(Any, load_iris())
    names = tuple(name.removesuffix(" (cm)") for name in flowers.feature_names)
    return _standardised(flowers, one_hot(flowers), names, class_names(flowers), "species")


def wine(request: DataRequest, generator: torch.Generator) -> Data:
    """178 wines (Forina, 1991): 13 analyses, standardised, and which of three growers."""
    from sklearn.datasets import load_wine  # pyright: ignore[reportMissingTypeStubs]

    wines = cast(Any, load_wine())
    names = tuple(wines.feature_names)
    return _standardised(wines, one_hot(wines), names, class_names(wines), "grower")


def breast_cancer(request: DataRequest, generator: torch.Generator) -> Data:
    """569 tumours (Wolberg, 1995): 30 numbers about their cells, standardised; 1 is benign."""
    from sklearn.datasets import load_breast_cancer  # pyright: ignore[reportMissingTypeStubs]

    tumours = cast(Any, load_breast_cancer())
    targets = torch.tensor(tumours.target, dtype=torch.float32)[:, None]
    names = tuple(map(str, tumours.feature_names))
    return _standardised(tumours, targets, names, class_names(tumours)[1:], "tumour")


def digits(request: DataRequest, generator: torch.Generator) -> Data:
    """1797 handwritten digits (Alpaydin, 1998): 8×8 pixels from 0 (paper) to 1; not standardised.

    So the corners, which no pen touched, stay 0.
    """
    from sklearn.datasets import load_digits  # pyright: ignore[reportMissingTypeStubs]

    written = cast(Any, load_digits())
    pixels = torch.tensor(written.data, dtype=torch.float32) / 16
    names, classes = tuple(written.feature_names), class_names(written)
    encoding = Encoding(unscaled(names, pixels), (CategoricalColumn("digit", classes, alone=True),))
    targets = one_hot(written)
    return Data(pixels, targets, names, classes, CLASSES, encoding=encoding, picture=(8, 8))


def _standardised(
    measured: Any, targets: Tensor, inputs: tuple[str, ...], outputs: tuple[str, ...], target: str
) -> Data:
    """Make data of standardised measurements; `target` is the name of the column of classes."""
    rows = standardise(measured.data)
    encoding = _encoding(measured, inputs, target, single=targets.shape[1] == 1)
    return Data(rows, targets, inputs, outputs, CLASSES, standardised=True, encoding=encoding)


def standardise(rows: Any, by: Any = None) -> Float[Tensor, "N columns"]:
    """Shift and scale every column to mean 0 and standard deviation 1; a constant one becomes 0.

    Mean and standard deviation are those of the rows themselves, or of other rows, `by`.
    """
    values = torch.as_tensor(rows, dtype=torch.float64)
    known = values if by is None else torch.as_tensor(by, dtype=torch.float64)
    constant = (known == known[0]).all(dim=0)
    spread = known.std(dim=0, correction=0).masked_fill(constant, 1)
    return ((values - known.mean(dim=0)) / spread).masked_fill(constant, 0)


def _encoding(measured: Any, names: tuple[str, ...], target: str, *, single: bool) -> Encoding:
    """Describe the columns, so that other rows can be encoded in the same way."""
    columns = torch.as_tensor(measured.data, dtype=torch.float64).unbind(1)
    numbers = map(NumericColumn.fit, names, columns)
    classes = CategoricalColumn(target, class_names(measured), single=single, alone=True)
    return Encoding(tuple(numbers), (classes,))


def one_hot(measured: Any) -> Float[Tensor, "N classes"]:
    """Give each class a column that is 1 in its rows and 0 elsewhere."""
    return torch.eye(len(measured.target_names))[measured.target]


def class_names(measured: Any) -> tuple[str, ...]:
    """Name the classes in the order of their columns."""
    return tuple(map(str, measured.target_names))
