"""Pasted weights: what the page prints and what a person types become parameters, or a sentence."""

from contextlib import suppress
from dataclasses import replace

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from nets import Config, Parameter, start
from nets.data.datasets import ALL_DATASETS
from nets.presets import PRESETS
from nets.sharing.pasted_weights import read_pasted_weights, write_weights
from nets.training.recipe import apply_all

SIZES = (3, 2, 1)
PYTHON = """
# weights of layer 1
w1 = torch.tensor([[0.2, -0.3], [0.4, 0.1],
                   [-0.5, 0.2]])
b1 = torch.tensor([[-0.4, 0.2]])
w2 = [[-0.3], [-0.2]]
b2[0] = 0.1
"""
TABLE = "w1\n0,2\t-0,3\n0,4\t0,1\n-0,5\t0,2\nb1:\n-0.4 0.2\nw2\n-0.3\n−0.2\nb2[0] 0.1"
HAN = {
    "w1[0, 0]": 0.2, "w1[0, 1]": -0.3, "w1[1, 0]": 0.4, "w1[1, 1]": 0.1, "w1[2, 0]": -0.5,
    "w1[2, 1]": 0.2, "b1[0]": -0.4, "b1[1]": 0.2, "w2[0, 0]": -0.3, "w2[1, 0]": -0.2, "b2[0]": 0.1,
}  # fmt: skip


@pytest.mark.parametrize("text", [PYTHON, TABLE], ids=["Python", "table"])
def test_lines_and_tables_give_every_weight_and_bias(text):
    read = read_pasted_weights(text, SIZES)
    assert {one.name: one.value for one in read} == HAN


def test_what_is_left_out_is_not_set():
    assert read_pasted_weights("w1[0, 1] = 0.5\nb1[0, 1] = -2", SIZES) == [
        Parameter("w1[0, 1]", 0.5),
        Parameter("b1[1]", -2),
    ]


@pytest.mark.parametrize(
    ("typed", "value"),
    [("0,05", 0.05), ("1e-3", 0.001), (".5", 0.5), ("1/4", 0.25), ("−0.5", -0.5), ("- 2", -2)],
)
def test_numbers_are_read_as_people_type_them(typed, value):
    forms = [f"b1[0] = {typed}", f"b1[0] {typed}", f"w2\n{typed}\n1", f"b1\n{typed}; 1"]
    if "," not in typed:  # in Python a comma divides
        forms += [f"w2 = [[{typed}], [1]]", f"b1[0] = {typed}\nb2 = [1]"]
    for form in forms:
        assert read_pasted_weights(form, SIZES)[0].value == pytest.approx(value, rel=1e-7)


@pytest.mark.parametrize("sizes", [(5, 3, 1), (2, 1), (4, 5, 6, 3), (50, 60, 1)])
def test_what_the_page_writes_gives_the_same_network(sizes):
    run, other = start(Config(sizes=sizes)), start(Config(sizes=sizes, seed=7))
    pasted = apply_all(run, read_pasted_weights(write_weights(other.network), sizes))
    assert torch.equal(pasted.network.parameters, other.network.parameters)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "The text must be lines of Python"),
        ("hello", "Got 'hello'."),
        ("w1 = [[1, 2]]", "w1 must be 3 rows of 2 numbers in a network 3-2-1; got [[1, 2]]."),
        ("b1 = [1, 2, 3]", "b1 must be 1 row of 2 numbers"),
        ("w1 = [[1, 2], [3, 4], 5]", "w1 must be 3 rows of 2 numbers"),
        ("w1 = [[1, 2], [3, 4], ['a', 5]]", "w1[2, 0] must be a number; got 'a'."),
        ("w1\n1 2\n3 4\n5 much", "w1[2, 1] must be a number; got 'much'."),
        ("w1\n1 2\n3 4", "w1 must be 3 rows of 2 numbers"),
        ("w3 = [[1]]", "name must be a weight or a bias of the network 3-2-1"),
        ("w1[3, 0] = 1", "name must be a weight or a bias of the network 3-2-1"),
        ("w1 = [[1, 2], [3, 4], [5, 1e99]]", "w1[2, 1] must be a number from"),
        ("w1 = open('/etc/passwd')[0]", "The text must be lines of Python"),
        ("w1 = torch.tensor(exit([1]))", "The text must be lines of Python"),
        ("import os; w1 = [1]", "The text must be lines of Python"),
        ("w1 = " + "[" * 90 + "]" * 90, "brackets in each other"),
        ("w1[0, 0] = " + "-" * 50_000 + "1", "The text must be lines of Python"),
        ("9" * 600_001, "The text must have at most 600000 letters; got 600001."),
        ("w1" + " " * 500_000 + "x", "Got 'w1"),
    ],
)
def test_anything_else_is_refused_with_a_sentence(text, words):
    with pytest.raises(ValueError, match=" must ") as refused:
        read_pasted_weights(text, SIZES)
    assert words in str(refused.value)
    assert len(str(refused.value)) < 400


@given(st.text(max_size=60) | st.from_regex(r"[wb][0-3](\[[0-9, ]{0,4}\])?[ =\n\[\]0-9.,-]{0,30}"))
def test_any_text_gives_parameters_or_a_sentence(text):
    with suppress(ValueError):
        assert all(isinstance(one, Parameter) for one in read_pasted_weights(text, SIZES))


# As the three books name them.
OF_BOOKS = {
    "han": "w14 0.2\nw15 -0.3\nw24 0.4\nw25 0.1\nw34 = -0.5\nw35 0.2\nw46 -0.3\nw56: -0.2\n"
    "θ4 -0.4\nθ5 0.2\nθ6 0.1",
    "mazur": "w1 .15\nw2 .20\nw3 .25\nw4 .30\nb1 .35\nw5 .40\nw6 .45\nw7 .50\nw8 .55\nb2 .60",
    "negnevitsky": "w13 0.5\nw14 0.9\nw23 0.4\nw24 1.0\nw35 −1.2\nw45 1.1\nθ3 0.8\nθ4 −0.1\nθ5 0.3",
}


@pytest.mark.parametrize("name", OF_BOOKS)
def test_the_weights_of_a_textbook_are_read_by_the_names_of_the_book(name):
    book, config = ALL_DATASETS[name].textbook, PRESETS[name]
    read = read_pasted_weights(OF_BOOKS[name], config.sizes, book)
    drawn = start(replace(config, first_weights="normal"))
    pasted = apply_all(drawn, read).network.parameters
    assert torch.equal(pasted, start(config).network.parameters)
    tensors = write_weights(start(config).network)
    again = apply_all(drawn, read_pasted_weights(tensors, config.sizes, book))
    assert torch.equal(again.network.parameters, pasted)


def test_the_names_of_a_textbook_count_for_its_network_only():
    with pytest.raises(ValueError, match="must be"):
        read_pasted_weights("w14 0.2", (3, 4, 1), ALL_DATASETS["han"].textbook)
