"""Measured data: iris, wine, breast cancer and digits, from the files that scikit-learn ships.

The files are read without scikit-learn itself, which takes seconds and 160 MB to import. What is
standardised here, over all examples, a split standardises again by the training data alone.
"""

import csv
import gzip
import importlib.util
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import torch
from jaxtyping import Float, Int
from torch import Tensor

from nets.data.encoding import CategoricalColumn, Encoding, NumericColumn, unscaled
from nets.data.examples import CLASSES, Data, DataRequest

FLOWERS = ("sepal length", "sepal width", "petal length", "petal width")
WINES = (
    "alcohol", "malic_acid", "ash", "alcalinity_of_ash", "magnesium", "total_phenols", "flavanoids",
    "nonflavanoid_phenols", "proanthocyanins", "color_intensity", "hue",
    "od280/od315_of_diluted_wines", "proline",
)  # fmt: skip
CELLS = (
    "radius", "texture", "perimeter", "area", "smoothness", "compactness", "concavity",
    "concave points", "symmetry", "fractal dimension",
)  # fmt: skip
TUMOURS = (
    *(f"mean {name}" for name in CELLS),
    *(f"{name} error" for name in CELLS),
    *(f"worst {name}" for name in CELLS),
)
PIXELS = tuple(f"pixel_{row}_{column}" for row in range(8) for column in range(8))


@dataclass(frozen=True)
class Measured:
    """What a file says.

    Attributes:
        rows: the measurements, (N, columns), in float64.
        classes: the class of each row, by its place in `names`.
        names: of the classes.
    """

    rows: Float[Tensor, "N columns"]
    classes: Int[Tensor, " N"]
    names: tuple[str, ...]

    @property
    def one_hot(self) -> Float[Tensor, "N classes"]:
        """A column for each class, which is 1 in its rows and 0 elsewhere."""
        return torch.eye(len(self.names))[self.classes]


@cache
def _read(file: str) -> Measured:
    """Read a file of numbers whose last column is the class; its first row may name the classes."""
    package = importlib.util.find_spec("sklearn")
    if package is None or package.origin is None:
        raise FileNotFoundError("The package scikit-learn is not installed.")
    path = Path(package.origin).parent / "datasets" / "data" / file
    with gzip.open(path, "rt") if path.suffix == ".gz" else path.open() as lines:
        rows = list(csv.reader(lines))
    names = tuple("0123456789")
    if rows[0][-1].isidentifier():  # the number of rows, of columns, and the names of the classes
        names = tuple(rows.pop(0)[2:])
    numbers = torch.tensor([[*map(float, row)] for row in rows], dtype=torch.float64)
    return Measured(numbers[:, :-1], numbers[:, -1].long(), names)


def iris(request: DataRequest, generator: torch.Generator) -> Data:
    """150 flowers (Fisher, 1936): four lengths, standardised, and one of three species."""
    flowers = _read("iris.csv")
    return _standardised(flowers, flowers.one_hot, FLOWERS, flowers.names, "species")


def wine(request: DataRequest, generator: torch.Generator) -> Data:
    """178 wines (Forina, 1991): 13 analyses, standardised, and which of three growers."""
    wines = _read("wine_data.csv")
    return _standardised(wines, wines.one_hot, WINES, wines.names, "grower")


def breast_cancer(request: DataRequest, generator: torch.Generator) -> Data:
    """569 tumours (Wolberg, 1995): 30 numbers about their cells, standardised; 1 is benign."""
    tumours = _read("breast_cancer.csv")
    targets = tumours.classes.float()[:, None]
    return _standardised(tumours, targets, TUMOURS, tumours.names[1:], "tumour")


def digits(request: DataRequest, generator: torch.Generator) -> Data:
    """1797 handwritten digits (Alpaydin, 1998): 8×8 pixels from 0 (paper) to 1; not standardised.

    So the corners, which no pen touched, stay 0.
    """
    written = _read("digits.csv.gz")
    pixels, classes = written.rows.float() / 16, written.names
    column = CategoricalColumn("digit", classes, alone=True)
    encoding = Encoding(unscaled(PIXELS, pixels), (column,))
    return Data(
        pixels, written.one_hot, PIXELS, classes, CLASSES, encoding=encoding, picture=(8, 8)
    )


def _standardised(
    measured: Measured,
    targets: Tensor,
    inputs: tuple[str, ...],
    outputs: tuple[str, ...],
    target: str,
) -> Data:
    """Make data of standardised measurements; `target` is the name of the column of classes."""
    rows = standardise(measured.rows)
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


def _encoding(measured: Measured, names: tuple[str, ...], target: str, *, single: bool) -> Encoding:
    """Describe the columns, so that other rows can be encoded in the same way."""
    numbers = map(NumericColumn.fit, names, measured.rows.unbind(1))
    classes = CategoricalColumn(target, measured.names, single=single, alone=True)
    return Encoding(tuple(numbers), (classes,))


# The notebook's style, for a script, which may load them with scikit-learn.
_LOAD = """\
from sklearn.datasets import {load}  # this needs scikit-learn: pip install scikit-learn
measured = {load}()
"""
_STANDARDISE = """\
x = torch.tensor(measured.data, dtype=torch.float64)
x = ((x - x.mean(dim=0)) / x.std(dim=0, correction=0)).float()
"""
_ONE_HOT = "y = torch.eye(len(measured.target_names))[measured.target]\n"
IRIS = _LOAD.format(load="load_iris") + _STANDARDISE + _ONE_HOT
WINE = _LOAD.format(load="load_wine") + _STANDARDISE + _ONE_HOT
_SINGLE = "y = torch.tensor(measured.target)[:, None].float()\n"
BREAST_CANCER = _LOAD.format(load="load_breast_cancer") + _STANDARDISE + _SINGLE
_PIXELS = "x = torch.tensor(measured.data, dtype=torch.float32) / 16\n"
DIGITS = _LOAD.format(load="load_digits") + _PIXELS + _ONE_HOT
