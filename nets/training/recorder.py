"""The recorder: it writes the calls of torch that a function makes as the source of a program.

What it cannot write, or what looks at numbers, it refuses. `program` runs what it has written.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from contextvars import ContextVar
from typing import Any, NamedTuple, cast

import torch
from torch import Tensor
from torch._ops import OpOverload
from torch.overrides import TorchFunctionMode

Series = Sequence[Tensor] | Tensor  # a tensor for each turn: several, or one that stacks them


class Written(NamedTuple):
    """The source of a program, the tensors that it always works on, and its inner series."""

    source: str
    fixed: list[Tensor]
    inner: list[list[Tensor]]


class _Unwritable(Exception):
    """A tensor, an argument or a call that has no words in a program."""


class Recorder(TorchFunctionMode):
    """Writes every call that fills or makes a tensor as a line of a program.

    In the program `t0`, `t1`, … are tensors on which the function always works, `s0`, `s1`, … are
    series, and `v0`, `v1`, … are tensors of a series or made on the way. `_complete` turns False
    at a call that cannot be repeated: one that looks at numbers, which may choose the function's
    way or a tensor's shape, or one that cannot be written.
    """

    def __init__(self) -> None:
        super().__init__()
        self._complete, self._paused, self._depth = True, False, 0
        self._heads, self._lines = list[str](), list[str]()
        self._series, self._fixed = list[Series](), list[Tensor]()
        self._names = dict[int, str]()  # by the id of a tensor; "" for one that has no words
        self._alive = list[Tensor]()  # so that no other tensor gets the id of one of these

    def record(
        self,
        function: Callable[..., object],
        series: Sequence[Series],
        end: Callable[[], object],
    ) -> Written | None:
        """Call a function for one turn, then `end`; return their record if it is complete."""
        token = recorder.set(self)
        try:
            with self:
                self.write_loop(function, series)
                self._write_end(end)
        finally:
            recorder.reset(token)
        if not self._complete:
            return None
        head = "def program(fixed: List[Tensor], lists: List[List[Tensor]], ending: bool):"
        source = "\n    ".join([head, *self._heads, *self._lines]) + "\n"
        return Written(source, self._fixed, [list(s) for s in self._series[len(series) :]])

    def write_loop(self, function: Callable[..., object], series: Sequence[Series]) -> None:
        """Write a loop: record its first turn, and take the other turns without recording."""
        if not self._paused and (self._depth == 0 or len(series[0]) > 1):
            places = [self._add_series(one) for one in series]
            turn, first = f"i{self._depth}", [one[0] for one in series]
            self._write(f"for {turn} in range(len({places[0]})):")
            self._depth += 1
            for tensor, place in zip(first, places, strict=True):
                self._write(f"{self._new_name(tensor)} = {place}[{turn}]")
            function(*first)
            self._depth -= 1
            for tensor in first:
                del self._names[id(tensor)]
            series = [one[1:] for one in series]
            self._paused = True
            self._call_each(function, series)
            self._paused = False
        else:
            self._call_each(function, series)

    def _write_end(self, end: Callable[[], object]) -> None:
        """Write what is done once after all loops, if the program is told so."""
        self._write("if ending:")
        self._depth += 1
        self._write("pass")
        end()
        self._depth -= 1

    def _call_each(self, function: Callable[..., object], series: Sequence[Series]) -> None:
        for tensors in zip(*series, strict=True):
            function(*tensors)

    def _add_series(self, series: Series) -> str:
        name, given = f"s{len(self._series)}", f"lists[{len(self._series)}]"
        self._series.append(series)
        self._heads.append(f"{name} = {given}" + "[0].unbind(0)" * isinstance(series, Tensor))
        return name

    def _write(self, line: str) -> None:
        self._lines.append("    " * self._depth + line)

    def __torch_function__(
        self,
        func: Callable[..., Any],
        types: Sequence[type],
        args: Sequence[Any] = (),
        kwargs: Mapping[str, Any] | None = None,
    ) -> Any:
        named = dict(kwargs or {})
        result: Any = func(*args, **named)
        if not self._paused:
            try:
                self._record(func, args, named, result)
            except _Unwritable:
                self._complete = False
        return result

    def _record(
        self, func: Callable[..., Any], args: Sequence[Any], named: dict[str, Any], result: Any
    ) -> None:
        results, name = _tensors_in([result]), getattr(func, "__name__", "")
        if name in OF_NUMBERS or (not results and name not in OF_SHAPE):
            raise _Unwritable
        given = _tensors_in([*args, *named.values()])
        if not results:
            return
        if all(any(one is other for other in given) for one in results):
            filled = _tensors_in([*named.values()])
            if name.endswith("_") or any(one is results[0] for one in filled):  # else unchanged
                self._write(self._call(func, args, named))
        elif self._is_made(results, given):
            try:
                call = self._call(func, args, named)
                self._write(", ".join(map(self._new_name, results)) + f" = {call}")
            except _Unwritable:  # which does not matter if nothing uses them
                self._names |= dict.fromkeys(map(id, results), "")
                self._alive += results

    def _is_made(self, results: Sequence[Tensor], given: Sequence[Tensor]) -> bool:
        """Whether the program must make them at every call: not if they view what never changes."""
        views = [any(_share_memory(result, one) for one in given) for result in results]
        if any(views) and not all(views):
            raise _Unwritable
        return not all(views) or any(self._names.get(id(one), "t")[:1] != "t" for one in given)

    def _call(self, func: Callable[..., Any], args: Sequence[Any], named: dict[str, Any]) -> str:
        """Write a call as an expression that both TorchScript and Python understand."""
        name = getattr(func, "__name__", "")
        words = [self._word(one) for one in args]
        words += [f"{key}={self._word(value)}" for key, value in named.items()]
        if name == "__get__":
            return f"{words[0]}.{cast(Any, func).__self__.__name__}"
        if name == "matmul" and {one.ndim for one in _tensors_in(args)} in ({2}, {3}):
            # What matmul calls in the end.
            return f"torch.{'mm' if args[0].ndim == 2 else 'bmm'}({', '.join(words)})"
        if name == "__rsub__":
            return f"torch.rsub({', '.join(words)})"
        if isinstance(func, OpOverload):
            return f"torch.ops.{str(cast(Any, func)).rpartition('.')[0]}({', '.join(words)})"
        if getattr(torch, name, None) is func:
            return f"torch.{name}({', '.join(words)})"
        if getattr(Tensor, name, None) is func and not name.startswith("__"):
            return f"{words[0]}.{name}({', '.join(words[1:])})"
        raise _Unwritable

    def _word(self, value: Any) -> str:
        """Write an argument."""
        if isinstance(value, Tensor):
            return self._name(value)
        if isinstance(value, tuple | list):
            return f"[{', '.join(map(self._word, cast(Sequence[Any], value)))}]"
        if isinstance(value, float) and not math.isfinite(value):
            return f"float('{value}')"
        if value is None or isinstance(value, bool | int | float | str | torch.dtype):
            return str(value) if isinstance(value, torch.dtype) else repr(value)
        raise _Unwritable

    def _name(self, tensor: Tensor) -> str:
        """Return the name of a tensor; one without a name is there at every call, and gets one."""
        if id(tensor) not in self._names:
            name = self._names[id(tensor)] = f"t{len(self._fixed)}"
            self._heads.append(f"{name} = fixed[{len(self._fixed)}]")
            self._fixed.append(tensor)
        if not self._names[id(tensor)]:
            raise _Unwritable
        return self._names[id(tensor)]

    def _new_name(self, tensor: Tensor) -> str:
        """Name a tensor of a series, or one that the program makes."""
        name = self._names[id(tensor)] = f"v{len(self._alive)}"
        self._alive.append(tensor)
        return name


recorder: ContextVar[Recorder | None] = ContextVar("recorder", default=None)

# Of a tensor's methods that return no tensor, those that do not look at its numbers.
OF_SHAPE = {"__get__", "__len__", "dim", "element_size", "is_contiguous", "numel", "size", "stride"}
OF_NUMBERS = {"nonzero", "argwhere", "masked_select", "unique", "unique_consecutive", "bincount"}


def _tensors_in(values: Sequence[Any]) -> list[Tensor]:
    """Find the tensors among arguments, those in lists too."""
    found: list[Tensor] = []
    for value in values:
        if isinstance(value, Tensor):
            found.append(value)
        elif isinstance(value, tuple | list):
            found += _tensors_in(cast(Sequence[Any], value))
    return found


def _share_memory(one: Tensor, other: Tensor) -> bool:
    return one.untyped_storage().data_ptr() == other.untyped_storage().data_ptr()
