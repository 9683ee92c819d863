"""Synthetic data: points with one or two inputs, drawn at random, and the truth tables.

Six data sets are those of the TensorFlow Playground (github.com/tensorflow/playground,
src/dataset.ts), in its coordinates; its classes -1 and 1 are 0 and 1 here, which a sigmoid can
reach. Noise is a number from 0 to 0.5. It is drawn even if it is 0, so that another noise moves the
same points. Below each function is the same in the notebook's style, for a script.
"""

import math

import torch
from jaxtyping import Bool, Float
from torch import Tensor

from nets.data.examples import CLASSES, Data, DataRequest

# Exact distances: the faster way, by a product of matrices, is off by 1e-5 in float32.
DIRECT = "donot_use_mm_for_euclid_dist"
# Centre and sign of each hill.
HILLS = (
    *((-4.0, 2.5, 1), (0.0, 2.5, -1), (4.0, 2.5, 1)),
    *((-4.0, -2.5, -1), (0.0, -2.5, 1), (4.0, -2.5, -1)),
)


def circle(request: DataRequest, generator: torch.Generator) -> Data:
    """A disc of radius 2.5 in a ring from 3.5 to 5; noise blurs the border between the classes."""
    inside = _every_other(request.examples)
    radius = _uniform(request, generator, 0, 1)
    radius = torch.where(inside, 2.5 * radius, 3.5 + 1.5 * radius)
    angle = _uniform(request, generator, 0, 2 * math.pi)
    points = torch.cat([radius * angle.sin(), radius * angle.cos()], dim=1)
    judged = points + request.noise * _uniform(request, generator, -5, 5, columns=2)
    return _classes(points, judged.square().sum(dim=1, keepdim=True) < 2.5**2)


CIRCLE = """\
inside = torch.arange({examples})[:, None] % 2 == 0
radius = torch.rand(({examples}, 1))
radius = torch.where(inside, 2.5 * radius, 3.5 + 1.5 * radius)
angle = 2 * math.pi * torch.rand(({examples}, 1))
x = torch.cat([radius * angle.sin(), radius * angle.cos()], dim=1)
judged = x + {noise} * (10 * torch.rand(({examples}, 2)) - 5)
y = (judged.square().sum(dim=1, keepdim=True) < 2.5**2).float()
"""


def quadrant_xor(request: DataRequest, generator: torch.Generator) -> Data:
    """Four squares, 0.3 away from the axes; 1 where x1 and x2 have the same sign."""
    points = _uniform(request, generator, -5, 5, columns=2)
    points = points + torch.where(points > 0, 0.3, -0.3)
    judged = points + request.noise * _uniform(request, generator, -5, 5, columns=2)
    return _classes(points, judged.prod(dim=1, keepdim=True) >= 0)


QUADRANTS = """\
x = 10 * torch.rand(({examples}, 2)) - 5
x = x + torch.where(x > 0, 0.3, -0.3)
judged = x + {noise} * (10 * torch.rand(({examples}, 2)) - 5)
y = (judged.prod(dim=1, keepdim=True) >= 0).float()
"""


def gaussians(request: DataRequest, generator: torch.Generator) -> Data:
    """Normal points around (2, 2), class 1, and (-2, -2), class 0; noise: variance 0.5 to 4."""
    positive = _every_other(request.examples)
    drawn = torch.randn((request.examples, 2), generator=generator)
    return _classes(
        torch.where(positive, 2.0, -2.0) + math.sqrt(0.5 + 7 * request.noise) * drawn, positive
    )


GAUSSIANS = """\
positive = torch.arange({examples})[:, None] % 2 == 0
drawn = torch.randn(({examples}, 2))
x = torch.where(positive, 2.0, -2.0) + math.sqrt(0.5 + 7 * {noise}) * drawn
y = positive.float()
"""


def spiral(request: DataRequest, generator: torch.Generator) -> Data:
    """Two arms of 1¾ turns each, from the middle to radius 5; noise moves the points."""
    positive = _every_other(request.examples)
    along = (
        2 * torch.arange(request.examples)[:, None].div(2, rounding_mode="floor") / request.examples
    )
    angle = 3.5 * math.pi * along + torch.where(positive, 0.0, math.pi)
    points = 5 * along * torch.cat([angle.sin(), angle.cos()], dim=1)
    return _classes(
        points + request.noise * _uniform(request, generator, -1, 1, columns=2), positive
    )


SPIRAL = """\
positive = torch.arange({examples})[:, None] % 2 == 0
along = 2 * torch.arange({examples})[:, None].div(2, rounding_mode="floor") / {examples}
angle = 3.5 * math.pi * along + torch.where(positive, 0.0, math.pi)
x = 5 * along * torch.cat([angle.sin(), angle.cos()], dim=1)
x = x + {noise} * (2 * torch.rand(({examples}, 2)) - 1)
y = positive.float()
"""


def moons(request: DataRequest, generator: torch.Generator) -> Data:
    """Two half circles that interlock; noise is the standard deviation of the points.

    The points of `sklearn.datasets.make_moons`, here with alternating classes.
    """
    inner = _every_other(request.examples)
    half = torch.where(inner, -(-request.examples // 2), request.examples // 2)
    place = torch.arange(request.examples)[:, None].div(2, rounding_mode="floor")
    angle = math.pi * place / (half - 1).clamp(min=1)
    points = torch.cat([angle.cos(), angle.sin()], dim=1)
    points = torch.where(inner, torch.tensor([1.0, 0.5]) - points, points)
    return _classes(points + request.noise * torch.randn(points.shape, generator=generator), inner)


MOONS = """\
inner = torch.arange({examples})[:, None] % 2 == 0
half = torch.where(inner, -(-{examples} // 2), {examples} // 2)
place = torch.arange({examples})[:, None].div(2, rounding_mode="floor")
angle = math.pi * place / (half - 1).clamp(min=1)
x = torch.cat([angle.cos(), angle.sin()], dim=1)
x = torch.where(inner, torch.tensor([1.0, 0.5]) - x, x)
x = x + {noise} * torch.randn(({examples}, 2))
y = inner.float()
"""


def plane(request: DataRequest, generator: torch.Generator) -> Data:
    """(x1 + x2) / 10; noise moves the point whose height is taken."""
    points, judged = _square(request, generator)
    return Data(points, judged.sum(dim=1, keepdim=True) / 10)


PLANE = """\
x = 12 * torch.rand(({examples}, 2)) - 6
judged = x + {noise} * (12 * torch.rand(({examples}, 2)) - 6)
y = judged.sum(dim=1, keepdim=True) / 10
"""


def hills(request: DataRequest, generator: torch.Generator) -> Data:
    """Three hills and three hollows, each 1 high and 2 wide; noise as for the plane."""
    points, judged = _square(request, generator)
    centres = torch.tensor([hill[:2] for hill in HILLS])
    signs = torch.tensor([hill[2] for hill in HILLS])
    heights = (1 - torch.cdist(judged, centres, compute_mode=DIRECT) / 2).clamp(min=0)
    nearest = heights.argmax(dim=1, keepdim=True)
    return Data(points, signs[nearest] * heights.gather(1, nearest))


LANDSCAPE = """\
x = 12 * torch.rand(({examples}, 2)) - 6
judged = x + {noise} * (12 * torch.rand(({examples}, 2)) - 6)
centres = torch.tensor([[i, j] for j in (2.5, -2.5) for i in (-4.0, 0.0, 4.0)])
signs = torch.tensor([1, -1, 1, -1, 1, -1])
distances = torch.cdist(judged, centres, compute_mode="donot_use_mm_for_euclid_dist")
heights = (1 - distances / 2).clamp(min=0)
nearest = heights.argmax(dim=1, keepdim=True)
y = signs[nearest] * heights.gather(1, nearest)
"""


def sine(request: DataRequest, generator: torch.Generator) -> Data:
    """sin(x) from -2π to 2π; noise is the standard deviation of the heights."""
    inputs = _uniform(request, generator, -2 * math.pi, 2 * math.pi)
    noise = request.noise * torch.randn(inputs.shape, generator=generator)
    return Data(inputs, inputs.sin() + noise, ("x",), ("y",))


SINE = """\
x = 4 * math.pi * torch.rand(({examples}, 1)) - 2 * math.pi
y = x.sin() + {noise} * torch.randn(({examples}, 1))
"""


def _every_other(examples: int) -> Bool[Tensor, "N 1"]:
    """Alternate the classes, so that the first examples show both."""
    return torch.arange(examples)[:, None] % 2 == 0


def _uniform(
    request: DataRequest, generator: torch.Generator, low: float, high: float, columns: int = 1
) -> Float[Tensor, "N columns"]:
    return low + (high - low) * torch.rand((request.examples, columns), generator=generator)


def _square(request: DataRequest, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """Draw points from -6 to 6, and the same points moved by noise."""
    points = _uniform(request, generator, -6, 6, columns=2)
    return points, points + request.noise * _uniform(request, generator, -6, 6, columns=2)


def _classes(points: Float[Tensor, "N 2"], positive: Bool[Tensor, "N 1"]) -> Data:
    return Data(points, positive.float(), task=CLASSES)


def logic_and(request: DataRequest, generator: torch.Generator) -> Data:
    """The four rows of and: 1 where both inputs are 1."""
    return _truth_table("and", (0, 0, 0, 1))


def logic_or(request: DataRequest, generator: torch.Generator) -> Data:
    """The four rows of or: 1 where at least one input is 1."""
    return _truth_table("or", (0, 1, 1, 1))


def xor(request: DataRequest, generator: torch.Generator) -> Data:
    """The four rows of exclusive or: 1 where exactly one input is 1."""
    return _truth_table("xor", (0, 1, 1, 0))


TRUTH_TABLE = """\
x = torch.tensor([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
y = torch.tensor([{}])
"""


def _truth_table(name: str, values: tuple[int, int, int, int]) -> Data:
    inputs = torch.tensor([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    targets = torch.tensor(values)[:, None].float()
    return Data(inputs, targets, output_names=(name,), task=CLASSES)


AND = TRUTH_TABLE.format("[0.0], [0.0], [0.0], [1.0]")
OR = TRUTH_TABLE.format("[0.0], [1.0], [1.0], [1.0]")
XOR = TRUTH_TABLE.format("[0.0], [1.0], [1.0], [0.0]")
