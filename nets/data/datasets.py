"""Data sets: the examples that a network learns from, one row each."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import torch

from nets.data import real, synthetic
from nets.data.examples import Data, DataRequest
from nets.data.textbooks import TEXTBOOKS, Textbook


@dataclass(frozen=True)
class Dataset:
    """A named source of data.

    Attributes:
        name: what `Config.data` calls it.
        title: its name on the page.
        about: what it shows, the first sentence a short one.
        make: draws or loads it, from a request and the run's generator.
        sizes: its (n_input, n_output), or None where they can be chosen.
        n_examples: how many examples it has, or None where that can be chosen.
        has_noise: whether `DataRequest.noise` changes it.
        has_pattern: whether the targets depend on the inputs, so that a picture shows something.
        textbook: the worked example that it is, with first weights, or None.
        notebook: lines in the notebook's style that draw or load the same inputs `x` and targets
            `y`, where {examples}, {noise}, {n_input} and {n_output} are to be replaced.
    """

    name: str
    title: str
    about: str
    make: Callable[[DataRequest, torch.Generator], Data]
    sizes: tuple[int, int] | None = None
    n_examples: int | None = None
    has_noise: bool = False
    has_pattern: bool = True
    textbook: Textbook | None = None
    notebook: str = ""

    @property
    def is_plane(self) -> bool:
        """Whether its examples are points of a plane, so that inputs can be derived from them."""
        return self.sizes is not None and self.sizes[0] == 2 and self.textbook is None


def random_numbers(request: DataRequest, generator: torch.Generator) -> Data:
    """Random inputs and targets, standard normal: the notebook's cell 3."""
    return Data(
        torch.randn((request.examples, request.n_input), generator=generator),
        torch.randn((request.examples, request.n_output), generator=generator),
    )


def _of_textbook(book: Textbook) -> Dataset:
    """Make the row of a worked example."""
    ends, named = (len(book.x), len(book.y)), (book.name, book.title, book.about)
    return Dataset(*named, book.make, ends, 1, textbook=book, notebook=book.notebook)


def _refuse(request: DataRequest, generator: torch.Generator) -> Data:
    raise ValueError(
        "data must be given where they are your own, because a link does not carry them: choose "
        "the file or the table again."
    )


STANDARDISED = "Every input is standardised with the mean and spread of the training data."

DATASETS = {
    dataset.name: dataset
    for dataset in (
        Dataset(
            "notebook",
            "Notebook: random numbers",
            "Inputs and targets are random numbers, as in the notebook. They have no pattern; the "
            "network can only learn them by heart. The notebook is the lesson that this page grew "
            "out of.",
            random_numbers,
            has_pattern=False,
            notebook="x = torch.randn(({examples}, {n_input}))\n"
            "y = torch.randn(({examples}, {n_output}))\n",
        ),
        Dataset(
            "and",
            "AND: both",
            "A straight line separates these four examples, so no hidden layer is needed.",
            synthetic.logic_and,
            sizes=(2, 1),
            n_examples=4,
            notebook=synthetic.AND,
        ),
        Dataset(
            "or",
            "OR: at least one",
            "A straight line separates these four examples, like those of AND.",
            synthetic.logic_or,
            sizes=(2, 1),
            n_examples=4,
            notebook=synthetic.OR,
        ),
        Dataset(
            "xor",
            "XOR: one or the other",
            "No straight line separates these four examples. Without a hidden layer no network "
            "gets all of them right, unless x1·x2 is one of its inputs.",
            synthetic.xor,
            sizes=(2, 1),
            n_examples=4,
            notebook=synthetic.XOR,
        ),
        Dataset(
            "circle",
            "Circle: a disc in a ring",
            "One class surrounds the other. A few hidden neurons, each a straight line, enclose "
            "the inner class.",
            synthetic.circle,
            sizes=(2, 1),
            has_noise=True,
            notebook=synthetic.CIRCLE,
        ),
        Dataset(
            "quadrant_xor",
            "Quadrants: same sign or not",
            "The target is 1 where both inputs have the same sign: XOR turned round, with many "
            "points.",
            synthetic.quadrant_xor,
            sizes=(2, 1),
            has_noise=True,
            notebook=synthetic.QUADRANTS,
        ),
        Dataset(
            "gaussians",
            "Gaussians: two clouds",
            "A straight line separates the two clouds. With noise they overlap, and no network "
            "gets every point right.",
            synthetic.gaussians,
            sizes=(2, 1),
            has_noise=True,
            notebook=synthetic.GAUSSIANS,
        ),
        Dataset(
            "spiral",
            "Spiral: two arms",
            "Two classes wind around each other, the hardest of the data in a plane. They need "
            "more neurons, or more layers, than the others.",
            synthetic.spiral,
            sizes=(2, 1),
            has_noise=True,
            notebook=synthetic.SPIRAL,
        ),
        Dataset(
            "moons",
            "Moons: two half circles",
            "A curved line separates the two half circles; a straight line cannot.",
            synthetic.moons,
            sizes=(2, 1),
            has_noise=True,
            notebook=synthetic.MOONS,
        ),
        Dataset(
            "plane",
            "Plane: a slope to fit",
            "The target is a number, not a class. It rises evenly, so a linear network fits it.",
            synthetic.plane,
            sizes=(2, 1),
            has_noise=True,
            notebook=synthetic.PLANE,
        ),
        Dataset(
            "hills",
            "Hills: a landscape to fit",
            "Three hills and three hollows with flat ground between them. Each of them needs "
            "several hidden neurons.",
            synthetic.hills,
            sizes=(2, 1),
            has_noise=True,
            notebook=synthetic.LANDSCAPE,
        ),
        Dataset(
            "sine",
            "Sine: a wave to fit",
            "One input, one output: the hidden neurons put the curve together piece by piece.",
            synthetic.sine,
            sizes=(1, 1),
            has_noise=True,
            notebook=synthetic.SINE,
        ),
        Dataset(
            "iris",
            "Iris: 150 flowers",
            f"Four measurements of a flower, and which of three species it is. {STANDARDISED}",
            real.iris,
            sizes=(4, 3),
            n_examples=150,
            notebook=real.IRIS,
        ),
        Dataset(
            "wine",
            "Wine: 178 wines",
            f"Thirteen measurements of a wine, and which of three growers made it. {STANDARDISED}",
            real.wine,
            sizes=(13, 3),
            n_examples=178,
            notebook=real.WINE,
        ),
        Dataset(
            "breast_cancer",
            "Breast cancer: 569 tumours",
            f"Thirty numbers about the cells of a tumour, and whether it is benign. {STANDARDISED} "
            "The data do not say which mistake is worse.",
            real.breast_cancer,
            sizes=(30, 1),
            n_examples=569,
            notebook=real.BREAST_CANCER,
        ),
        Dataset(
            "digits",
            "Digits: 1797 handwritten digits",
            "Pictures of 8×8 pixels, and which digit each of them shows. A pixel goes from 0 "
            "(paper) to 1 (ink).",
            real.digits,
            sizes=(64, 10),
            n_examples=1797,
            notebook=real.DIGITS,
        ),
        *map(_of_textbook, TEXTBOOKS),
    )
}

OWN_DATA = Dataset(
    "own",
    "Own data: a file or a table",
    "Examples from your own file or table. They stay in this visit; no link carries them.",
    _refuse,
)
ALL_DATASETS = DATASETS | {OWN_DATA.name: OWN_DATA}


def find_dataset(name: str, own: Data | None = None) -> Dataset:
    """Return the row of this name; that of own data with the sizes of the data that are given."""
    if name != OWN_DATA.name or own is None:
        return ALL_DATASETS[name]
    sizes = own.inputs.shape[1], own.targets.shape[1]
    return replace(OWN_DATA, sizes=sizes, n_examples=len(own))
