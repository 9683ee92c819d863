"""Tensor source: a matrix of float32 numbers as Python, with every bit of it."""

import base64
import zlib
from typing import Any, cast

import torch
from torch import Tensor

MAX_WRITTEN_NUMBERS = 2000  # more numbers are packed
WIDTH = 92  # of a line of packed numbers
UNPACK = """\
def unpack(text, rows, columns):
    numbers = bytearray(zlib.decompress(base64.b85decode(text)))
    return torch.frombuffer(numbers, dtype=torch.float32).view(columns, rows).t().contiguous()

"""


def write_tensor(values: Tensor) -> list[str]:
    """Write a matrix as an expression; many numbers are packed and need `UNPACK` before them."""
    if values.numel() > MAX_WRITTEN_NUMBERS:
        return ["unpack(", *_pack(values), f"    *{tuple(values.shape)},", ")"]
    return write_matrix(values)


def write_matrix(values: Tensor) -> list[str]:
    """Write all numbers of a matrix as an expression."""
    rows = [", ".join(map(write_number, row)) for row in cast(Any, values).tolist()]
    if len(rows) == 1:
        return [f"torch.tensor([[{rows[0]}]])"]
    return ["torch.tensor([", *(f"    [{row}]," for row in rows), "])"]


def write_number(value: float) -> str:
    """Write a float32 number with the fewest digits that give the same number again."""
    texts = [f"{value:.{digits}g}" for digits in range(6, 10)]
    text = next((text for text in texts if torch.tensor(float(text)).item() == value), repr(value))
    return text if "." in text or "e" in text else f"{text}.0"


def _pack(values: Tensor) -> list[str]:
    """Write the bytes of a matrix, column by column, compressed and as text."""
    numbers = values.t().contiguous().numpy().astype("<f4").tobytes()
    text = base64.b85encode(zlib.compress(numbers)).decode()  # it holds no quotation mark
    pieces = [text[at : at + WIDTH] for at in range(0, len(text), WIDTH)]
    lines = [f'    "{piece}"' for piece in pieces]
    return [*lines[:-1], f"{lines[-1]},"]
