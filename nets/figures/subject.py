"""The subject: which neuron, or which outputs, a picture of what was learned is about."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Subject:
    """What a picture is of.

    Attributes:
        title: what stands over it.
        output: the output that points are coloured by.
        several: whether it shows all classes of several outputs at once.
        classes: whether the targets are classes.
        own: whether it is about outputs, so that targets may stand beside it.
    """

    title: str
    output: int
    several: bool
    classes: bool
    own: bool = True
