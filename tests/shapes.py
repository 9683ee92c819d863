"""Shapes: every array's annotation is enforced wherever the tests call the code.

Only annotations with a shape are: other types are the type checker's business, and a value of
another type is what many a ValueError is for.
"""

from typing import get_args

from beartype import beartype
from jaxtyping import AbstractArray


def enforced(function):
    """Let beartype check the annotations of a function that speak of an array's shape."""
    hints = function.__annotations__
    function.__annotations__ = {name: hint for name, hint in hints.items() if has_shape(hint)}
    return beartype(function)


def has_shape(hint):
    """Say whether an annotation is one of jaxtyping's, or is made of some."""
    if isinstance(hint, type) and issubclass(hint, AbstractArray):
        return True
    return any(has_shape(part) for part in get_args(hint))
