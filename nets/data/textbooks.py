"""Textbooks: worked examples of one update, each with the network from which its book begins."""

from collections.abc import Mapping
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
        names: the book's names of numbers, with the code's names: several, divided by a space,
            where the book has one number for them; with a minus where the sign differs.
    """

    name: str
    title: str
    about: str
    layers: tuple[tuple[Rows, tuple[float, ...]], ...]
    x: tuple[float, ...]
    y: tuple[float, ...]
    names: Mapping[str, str]

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
        "4, 5 and 6 are h₁, h₂ and ŷ₁ here, its θ are the biases, and its Err is −δ.",
        (
            (((0.2, -0.3), (0.4, 0.1), (-0.5, 0.2)), (-0.4, 0.2)),
            (((-0.3,), (-0.2,)), (0.1,)),
        ),
        x=(1.0, 0.0, 1.0),
        y=(1.0,),
        names={
            "w14": "w1[0,0]",
            "w15": "w1[0,1]",
            "w24": "w1[1,0]",
            "w25": "w1[1,1]",
            "w34": "w1[2,0]",
            "w35": "w1[2,1]",
            "w46": "w2[0,0]",
            "w56": "w2[1,0]",
            "θ4": "b1[0]",
            "θ5": "b1[1]",
            "θ6": "b2[0]",
            "O4": "a1[0]",
            "O5": "a1[1]",
            "O6": "a2[0]",
            "Err4": "-delta1[0]",
            "Err5": "-delta1[1]",
            "Err6": "-delta2[0]",
        },
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
        names={
            "w1": "w1[0,0]",
            "w2": "w1[1,0]",
            "w3": "w1[0,1]",
            "w4": "w1[1,1]",
            "w5": "w2[0,0]",
            "w6": "w2[1,0]",
            "w7": "w2[0,1]",
            "w8": "w2[1,1]",
            "b1": "b1[0] b1[1]",
            "b2": "b2[0] b2[1]",
        },
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
        names={
            "w13": "w1[0,0]",
            "w14": "w1[0,1]",
            "w23": "w1[1,0]",
            "w24": "w1[1,1]",
            "w35": "w2[0,0]",
            "w45": "w2[1,0]",
            "θ3": "-b1[0]",
            "θ4": "-b1[1]",
            "θ5": "-b2[0]",
            "y3": "a1[0]",
            "y4": "a1[1]",
            "y5": "a2[0]",
            "δ3": "-delta1[0]",
            "δ4": "-delta1[1]",
            "δ5": "-delta2[0]",
        },
    ),
)
