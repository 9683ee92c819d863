"""Shapes: a call that breaks its annotation is caught, also after calls that keep it."""

from dataclasses import dataclass

import pytest
import torch
from jaxtyping import Float, TypeCheckError
from shapes import beartyped, enforced
from torch import Tensor


@pytest.fixture(params=[False, True], ids=["at first", "after a right call"])
def called_before(request):
    return request.param


def zeros(*shape):
    return torch.zeros(*shape)


def product(x: Float[Tensor, "rows inner"], y: Float[Tensor, "inner columns"]) -> Tensor:
    return x[:, :1] * y[:1]


def turned(x: Float[Tensor, "rows columns"], really: float) -> Float[Tensor, "columns rows"]:
    return x.mT if really else x


def drawn(rows: int, wanted: int) -> Float[Tensor, "{rows} 2"]:
    return zeros(wanted, 2)


def listed(named: dict[str, list[Float[Tensor, "1 columns"]]]) -> int:
    return len(named)


@dataclass(frozen=True)
class Pair:
    x: Float[Tensor, "rows columns"]
    y: Float[Tensor, "rows columns"]


@pytest.mark.parametrize(
    ("made", "right", "wrong"),
    [
        (product, (zeros(2, 3), zeros(3, 4)), (zeros(2, 3), zeros(4, 3))),
        (product, (zeros(2, 3), zeros(3, 4)), (zeros(2, 3), zeros(3, 4).int())),
        (turned, (zeros(2, 3), 1.0), (zeros(2, 3), 0.0)),
        (drawn, (3, 3), (3, 4)),
        (listed, ({"one": [zeros(1, 2)]},), ({"one": [zeros(2, 2)]},)),
        (Pair, (zeros(2, 3), zeros(2, 3)), (zeros(2, 3), zeros(3, 3))),
    ],
    ids=["argument", "type", "result", "number", "within", "dataclass"],
)
def test_a_wrong_shape_is_caught(made, right, wrong, called_before):
    made = enforced(made, beartyped)
    for _ in range(2 * called_before):
        made(*right)
    for _ in range(2):
        with pytest.raises(TypeCheckError):
            made(*wrong)
    made(*right)


def test_the_package_is_enforced():
    from nets import Config, forward, start

    run = start(Config(examples=4))
    forward(run.network, run.data.inputs)
    with pytest.raises(TypeCheckError):
        forward(run.network, run.data.inputs.int())


def test_a_function_without_shapes_is_left_as_it_is():
    assert enforced(zeros, beartyped) is zeros


@pytest.mark.usefixtures("unenforced_shapes")
def test_enforcing_can_be_turned_off():
    assert enforced(drawn, beartyped)(3, 4).shape == (4, 2)
