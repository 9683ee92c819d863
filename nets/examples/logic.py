"""Logic: the four rows of a truth table, as examples."""

import torch

from nets.examples.data import CLASSES, Data, Wish


def logic_and(wish: Wish, generator: torch.Generator) -> Data:
    """The four rows of and: 1 where both inputs are 1."""
    return _truth_table("and", (0, 0, 0, 1))


def logic_or(wish: Wish, generator: torch.Generator) -> Data:
    """The four rows of or: 1 where at least one input is 1."""
    return _truth_table("or", (0, 1, 1, 1))


def xor(wish: Wish, generator: torch.Generator) -> Data:
    """The four rows of exclusive or: 1 where exactly one input is 1."""
    return _truth_table("xor", (0, 1, 1, 0))


def _truth_table(name: str, answers: tuple[int, int, int, int]) -> Data:
    inputs = torch.tensor([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    answer = torch.tensor(answers)[:, None].float()
    return Data(inputs, answer, output_names=(name,), task=CLASSES)
