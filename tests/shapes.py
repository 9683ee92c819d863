"""Shapes: every array's annotation is enforced wherever the tests call the code.

Only annotations with a shape are enforced. The type checker checks the other types, and many a
ValueError is about a value of another type. Whether a call is right depends only on the shapes and
types of its values, and on the whole numbers among them. So every combination is checked once, the
first time, and training, which repeats the same calls, is hardly slower.
"""

import functools
import inspect
import threading
from dataclasses import is_dataclass
from typing import get_args

import jaxtyping
from beartype import beartype
from jaxtyping import AbstractArray, jaxtyped
from torch import Tensor


def enforce(package):
    """Enforce the shapes of a package that has not been imported yet."""
    jaxtyping.install_import_hook(package, "shapes.beartyped")
    # The hook puts this before every function and class.
    jaxtyping.jaxtyped = lambda typechecker: functools.partial(enforced, typechecker=typechecker)


def beartyped(function):
    """Let beartype check those annotations of a function that contain the shape of an array."""
    hints = function.__annotations__
    function.__annotations__ = {name: hint for name, hint in hints.items() if has_shape(hint)}
    return beartype(function)


def enforced(decorated, typechecker):
    """Check a function, or the `__init__` of a dataclass, if its annotations contain shapes."""
    if isinstance(decorated, type):
        if is_dataclass(decorated):
            decorated.__init__ = enforced(decorated.__init__, typechecker)
        return decorated
    if any(map(has_shape, decorated.__annotations__.values())):
        return checked(decorated, typechecker)
    return decorated


def checked(function, typechecker):
    """Check a function's arguments and its result, once for each kind of call."""
    known, met = threading.local(), set()
    names, hints = list(inspect.signature(function).parameters), function.__annotations__
    telling = {name for name, hint in hints.items() if has_shape(hint) or hint is int}

    @functools.wraps(function)
    def result(*args, **kwargs):
        return known.result

    check = jaxtyped(result, typechecker=typechecker)

    @functools.wraps(function)
    def call(*args, **kwargs):
        out = function(*args, **kwargs)
        given = *zip(names, args, strict=False), *kwargs.items(), ("return", out)
        kind = tuple((name, kind_of(value)) for name, value in given if name in telling)
        if kind not in met and not jaxtyping.config.jaxtyping_disable:
            known.result = out
            check(*args, **kwargs)
            met.add(kind)
        return out

    return call


def kind_of(value):
    """Return everything about a value that a shape may depend on."""
    if isinstance(value, Tensor):
        return value.shape, value.dtype
    if isinstance(value, int):
        return value
    if isinstance(value, dict):
        return tuple(value), *map(kind_of, value.values())
    if isinstance(value, tuple | list):
        return tuple(map(kind_of, value))
    return type(value)


def has_shape(hint):
    """Say whether an annotation is one of jaxtyping's, or is made of some."""
    if isinstance(hint, type) and issubclass(hint, AbstractArray):
        return True
    return any(has_shape(part) for part in get_args(hint))
