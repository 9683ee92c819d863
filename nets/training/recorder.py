"""The recorder: it records the calls of torch that a function makes, and makes them again.

A small network's update is a dozen calls of torch, each of about a microsecond. The Python between
them, which decides which call comes next, takes a quarter of the time. CUDA graphs do the same for
a graphics card.

To step through the four steps in a debugger, turn the recorder off: set the environment variable
NETS_RECORDER=off before Python starts, or `nets.training.recorder.ENABLED = False`. Every update
then calls `forward`, `backward` and `update`, with the same numbers.
"""

import os
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, cast

import torch
from torch import Tensor
from torch.overrides import TorchFunctionMode

ENABLED = os.environ.get("NETS_RECORDER", "on").lower() not in ("off", "0", "false", "no")

Call = Callable[[], object]


class RecordedCalls:
    """The calls of one function, made again instead of calling it.

    The function must work on the same tensors at every call, whatever numbers they hold. If it
    does something that cannot be recorded, it is called every time: see `_Recorder`.
    """

    def __init__(self) -> None:
        """Begin without a record."""
        self._calls: list[Call] | None = None
        self._called, self._recordable = False, True

    def do(self, function: Callable[..., object], *args: Any) -> None:
        """Call a function; record its second call, and from then on make the recorded calls.

        Recording takes longer than a call, so it is not worth it for a function called once.
        """
        if self._calls is not None and ENABLED:
            for call in self._calls:
                call()
        elif self._called and self._recordable and ENABLED:
            self._record(function, *args)
        else:
            function(*args)
            self._called = True

    def _record(self, function: Callable[..., object], *args: Any) -> None:
        with _Recorder() as recorder:
            function(*args)
        self._recordable = recorder.complete
        if self._recordable:
            self._calls = recorder.calls


class _Recorder(TorchFunctionMode):
    """Records every call that fills a tensor, so that the same call fills the same tensor again.

    `complete` turns False at a call that cannot be repeated: one that looks at numbers, on which a
    branch or the shape of a tensor may depend, or one whose results are not all tensors.
    """

    def __init__(self) -> None:
        super().__init__()
        self.calls: list[Call] = []
        self.complete = True

    def __torch_function__(
        self,
        func: Callable[..., Any],
        types: Sequence[type],
        args: Sequence[Any] = (),
        kwargs: Mapping[str, Any] | None = None,
    ) -> Any:
        call = partial(func, *args, **kwargs or {})
        result: Any = call()
        self.complete &= not _looks_at_numbers(func, args, result)
        if isinstance(result, Tensor):
            self._record(call, [result], lambda: [cast(Tensor, call())])
        elif isinstance(result, tuple | list):
            tensors = [one for one in cast(Sequence[Any], result) if isinstance(one, Tensor)]
            if tensors:
                self._record(call, tensors, lambda: cast(Sequence[Tensor], call()))
                self.complete &= len(tensors) == len(cast(Sequence[Any], result))
        elif func is Tensor.__setitem__:
            self.calls.append(call)
        elif result is None:
            self.complete = False
        return cast(object, result)

    def _record(
        self, call: Call, results: Sequence[Tensor], again: Callable[[], Sequence[Tensor]]
    ) -> None:
        given = _tensors_in(cast(Any, call).args) + _tensors_in(cast(Any, call).keywords.values())
        in_place = [any(result is one for one in given) for result in results]
        views = [any(_share_memory(result, one) for one in given) for result in results]
        if all(in_place):
            self.calls.append(call)
        elif not any(views):  # new tensors: from now on the same ones
            self.calls.append(partial(_fill, results, again))
        elif not all(views) or any(in_place):
            self.complete = False
        # Otherwise all are views of what was given, and stay views of it.


# Of a tensor's methods that return no tensor, those that do not look at its numbers.
OF_SHAPE = {"__get__", "__len__", "dim", "element_size", "is_contiguous", "numel", "size", "stride"}
OF_NUMBERS = {"nonzero", "argwhere", "masked_select", "unique", "unique_consecutive", "bincount"}


def _looks_at_numbers(func: Callable[..., Any], args: Sequence[Any], result: Any) -> bool:
    name = getattr(func, "__name__", "")
    if isinstance(result, bool | int | float | complex | str):
        return name not in OF_SHAPE
    if name == "tolist" or name in OF_NUMBERS:
        return True
    return name == "__getitem__" and any(one.dtype == torch.bool for one in _tensors_in(args[1:]))


def _fill(results: Sequence[Tensor], again: Callable[[], Sequence[Tensor]]) -> None:
    for result, value in zip(results, again(), strict=True):
        result.copy_(value)


def _tensors_in(values: Any) -> list[Tensor]:
    """Find the tensors among arguments, those in lists too."""
    found: list[Tensor] = []
    for value in values:
        if isinstance(value, Tensor):
            found.append(value)
        elif isinstance(value, tuple | list):
            found += _tensors_in(value)
    return found


def _share_memory(one: Tensor, other: Tensor) -> bool:
    return one.untyped_storage().data_ptr() == other.untyped_storage().data_ptr()
