"""Symptoms: what can go wrong in training, each as the evidence that it has."""

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Neuron:
    """A neuron by its layer, 1 being the first after the inputs, and its place in it, from 0."""

    layer: int
    index: int


@dataclass(frozen=True)
class Saturated:
    """Neurons that stand on a flat end of their activation, for most examples.

    An output neuron counts only in examples whose target, as near as the activation comes to it,
    is not at that end: at the right end it is not stuck but done.

    Attributes:
        neurons: which.
        of: how many neurons there are, of whatever activation, the inputs apart.
        least: for how many of the `examples` each of them is flat, at the least.
        steepness: their mean slope, as a share of the activation's steepest.
    """

    neurons: tuple[Neuron, ...]
    of: int
    least: int
    examples: int
    steepness: float


@dataclass(frozen=True)
class DeadRelus:
    """ReLUs whose output is 0 for every example, so that their slope is 0 too.

    An output neuron counts only if some target is above 0.

    Attributes:
        neurons: which.
        of: how many ReLUs there are.
        examples: for how many examples they give 0: all that were looked at.
    """

    neurons: tuple[Neuron, ...]
    of: int
    examples: int


@dataclass(frozen=True)
class VanishingGradients:
    """Gradients that are far smaller in the first layer than in the last.

    Both the weights' gradients and the deltas must be: small inputs alone make the former small.

    Attributes:
        first, last: the mean |gradient| of the first and of the last layer's weights.
        ratio: `last` / `first`, infinite where `first` is 0.
    """

    first: float
    last: float

    @property
    def ratio(self) -> float:
        """How many times as large the last layer's are."""
        return self.last / self.first if self.first else math.inf


@dataclass(frozen=True)
class RisingLoss:
    """A learning rate that has made the loss rise, where a smaller one would have lowered it.

    Attributes:
        since, before: an epoch, and the loss then.
        now: the loss at the run's present epoch.
        rate: the learning rate in between.
        gentler_rate, gentler: a smaller one, and the loss that it leads to in as many epochs.
    """

    since: int
    before: float
    now: float
    rate: float
    gentler_rate: float
    gentler: float


@dataclass(frozen=True)
class Symmetric:
    """Hidden neurons with the same weights in, bias and weights out: they learn as one.

    Attributes:
        groups: which are alike.
        difference: the largest between two numbers that are alike; 0 where they are equal.
    """

    groups: tuple[tuple[Neuron, ...], ...]
    difference: float


@dataclass(frozen=True)
class Inseparable:
    """Examples that no network without a hidden layer gets right, as no straight line divides them.

    Attributes:
        ones, zeros: two examples with target 1 and two with target 0, by their numbers from 0; both
            pairs have the same sum of inputs.
    """

    ones: tuple[int, int]
    zeros: tuple[int, int]
