"""Data sets: the examples that a network learns from, by name."""

from dataclasses import replace

import torch

from nets.data import real, synthetic
from nets.data.examples import Data, DataRequest, Dataset

__all__ = ["DATASETS", "OWN_DATA", "SOURCES", "Data", "DataRequest", "Dataset", "source_of"]


def notebook(wish: DataRequest, generator: torch.Generator) -> Data:
    """Random inputs and targets, standard normal: the notebook's cell 3."""
    return Data(
        torch.randn((wish.examples, wish.n_input), generator=generator),
        torch.randn((wish.examples, wish.n_output), generator=generator),
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
            "and",
            "AND: both",
            "Four examples that one straight line divides, so that no hidden layer is needed.",
            synthetic.logic_and,
            fixed=(2, 1),
            examples=4,
        ),
        Dataset(
            "or",
            "OR: at least one",
            "Four examples that one straight line divides, like those of AND.",
            synthetic.logic_or,
            fixed=(2, 1),
            examples=4,
        ),
        Dataset(
            "xor",
            "XOR: one or the other",
            "Four examples that no straight line divides. No network without a hidden layer gets "
            "them right, unless it is given x1·x2.",
            synthetic.xor,
            fixed=(2, 1),
            examples=4,
        ),
        Dataset(
            "circle",
            "Circle: a disc in a ring",
            "One class lies around the other. A few hidden neurons, each a straight line, fence "
            "it in.",
            synthetic.circle,
            fixed=(2, 1),
            noisy=True,
        ),
        Dataset(
            "quadrant_xor",
            "Quadrants: exclusive or",
            "XOR with many points: 1 where both inputs have the same sign.",
            synthetic.quadrant_xor,
            fixed=(2, 1),
            noisy=True,
        ),
        Dataset(
            "gaussians",
            "Gaussians: two clouds",
            "Two clouds that one straight line divides. With noise they overlap, and no network "
            "gets every point right.",
            synthetic.gaussians,
            fixed=(2, 1),
            noisy=True,
        ),
        Dataset(
            "spiral",
            "Spiral: two arms",
            "Two classes wound into each other, the hardest of the flat ones. It takes more "
            "neurons, or more layers, than the others.",
            synthetic.spiral,
            fixed=(2, 1),
            noisy=True,
        ),
        Dataset(
            "moons",
            "Moons: two half circles",
            "Two half circles that a curved border divides and a straight one does not.",
            synthetic.moons,
            fixed=(2, 1),
            noisy=True,
        ),
        Dataset(
            "plane",
            "Plane: a slope to fit",
            "A number to find instead of a class. It rises evenly, so a straight answer fits.",
            synthetic.plane,
            fixed=(2, 1),
            noisy=True,
        ),
        Dataset(
            "hills",
            "Hills: a landscape to fit",
            "Three hills and three hollows, flat between them. Every bump takes several hidden "
            "neurons.",
            synthetic.hills,
            fixed=(2, 1),
            noisy=True,
        ),
        Dataset(
            "sine",
            "Sine: a wave to fit",
            "One input, one output: a curve that hidden neurons put together piece by piece.",
            synthetic.sine,
            fixed=(1, 1),
            noisy=True,
        ),
        Dataset(
            "iris",
            "Iris: 150 measured flowers",
            "Four measurements of a flower, and which of three species it is. "
            "They are standardised by mean and spread of those trained on.",
            real.iris,
            fixed=(4, 3),
            examples=150,
        ),
        Dataset(
            "wine",
            "Wine: 178 analysed wines",
            "Thirteen analyses of a wine, and which of three growers made it. "
            "They are standardised by mean and spread of those trained on.",
            real.wine,
            fixed=(13, 3),
            examples=178,
        ),
        Dataset(
            "breast_cancer",
            "Breast cancer: 569 tumours",
            "Thirty numbers about the cells of a tumour, and whether it is benign. "
            "They are standardised by mean and spread of those trained on. "
            "Which mistake is worse is not in the numbers.",
            real.breast_cancer,
            fixed=(30, 1),
            examples=569,
        ),
        Dataset(
            "digits",
            "Digits: 1797 written ones",
            "Pictures of 8×8 pixels, each from 0, paper, to 1, ink, and which digit was meant.",
            real.digits,
            fixed=(64, 10),
            examples=1797,
        ),
    )
}


def _not_here(wish: DataRequest, generator: torch.Generator) -> Data:
    raise ValueError(
        "data must be given where they are one's own; a link does not carry them: choose the file "
        "or the table again."
    )


OWN_DATA = Dataset(
    "own",
    "Own data: a file or a table",
    "Examples that somebody brought along. They are in this visit only, and in no link.",
    _not_here,
)
SOURCES = DATASETS | {OWN_DATA.name: OWN_DATA}


def source_of(name: str, own: Data | None = None) -> Dataset:
    """Describe where data come from; own data by what they have."""
    if name != OWN_DATA.name or own is None:
        return SOURCES[name]
    columns = own.inputs.shape[1], own.targets.shape[1]
    return replace(OWN_DATA, fixed=columns, examples=len(own))
