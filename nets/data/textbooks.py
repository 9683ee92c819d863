"""Textbooks: worked examples of one update, each with the network from which its book begins."""

from dataclasses import dataclass

import torch

from nets.data.examples import Data, DataRequest

Rows = tuple[tuple[float, ...], ...]
BOOK = "book"  # what `Config.first_weights` calls the first weights of a textbook


@dataclass(frozen=True)
class Textbook:
    """A worked example.

    Attributes:
        name, title, about: as in its `Dataset`; `about` says what differs from the book.
        layers: the first weights, (fan_in, fan_out), and biases of each layer.
        x, y: the example.
    """

    name: str
    title: str
    about: str
    layers: tuple[tuple[Rows, tuple[float, ...]], ...]
    x: tuple[float, ...]
    y: tuple[float, ...]

    @property
    def sizes(self) -> tuple[int, ...]:
        """The number of inputs, then of neurons in each layer."""
        return (len(self.x), *(len(biases) for _, biases in self.layers))

    def make(self, request: DataRequest, generator: torch.Generator) -> Data:
        """List the example; nothing is drawn."""
        return Data(torch.tensor([self.x]), torch.tensor([self.y]))

    @property
    def notebook(self) -> str:
        """Lines that list the example."""
        return f"x = torch.tensor([{[*self.x]}])\ny = torch.tensor([{[*self.y]}])\n"


TEXTBOOKS = (
    Textbook(
        "han",
        "Textbook, Han: 3-2-1, one update",
        "The worked example of Han, Kamber and Pei, Data Mining, 3rd edition, chapter 9. Its units "
        "4, 5 and 6 are h₁, h₂ and ŷ₁ here, its θ are the biases, and its Err is δ.",
        (
            (((0.2, -0.3), (0.4, 0.1), (-0.5, 0.2)), (-0.4, 0.2)),
            (((-0.3,), (-0.2,)), (0.1,)),
        ),
        x=(1.0, 0.0, 1.0),
        y=(1.0,),
    ),
    Textbook(
        "mazur",
        "Textbook, Mazur: 2-2-2, one update",
        "A step by step backpropagation example, by Matt Mazur, 2015. He leaves the biases as they "
        "are; here they learn too, which does not change the weights of the first update.",
        (  # the weights w1 and w2 of the book lead to its first hidden neuron: a column here
            (((0.15, 0.25), (0.20, 0.30)), (0.35, 0.35)),
            (((0.40, 0.50), (0.45, 0.55)), (0.60, 0.60)),
        ),
        x=(0.05, 0.10),
        y=(0.01, 0.99),
    ),
    Textbook(
        "negnevitsky",
        "Textbook, Negnevitsky: XOR, one update",
        "The first example of XOR in Negnevitsky, Artificial Intelligence, chapter 6. The book "
        "subtracts thresholds θ: a bias here is −θ. Its other three examples are left out.",
        (
            (((0.5, 0.9), (0.4, 1.0)), (-0.8, 0.1)),
            (((-1.2,), (1.1,)), (-0.3,)),
        ),
        x=(1.0, 1.0),
        y=(0.0,),
    ),
)
