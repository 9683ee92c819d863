"""Replay: the calls of torch that a function makes, noted once and made again without it.

A small network's update is a dozen calls of torch that take two microseconds each. The Python
between them, which finds out anew each time which call comes next, takes a quarter of the whole.
CUDA graphs do the same for a graphics card.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from torch import Tensor
from torch.overrides import TorchFunctionMode


class RecordedCalls:
    """What a function does to tensors, the same each time.

    The function must work on the same tensors at every call, whatever numbers they hold by then,
    and never look at a number to choose its way.
    """

    def __init__(self) -> None:
        """Begin with a function that is still unknown."""
        self._calls: list[Callable[[], object]] | None = None

    def do(self, function: Callable[..., object], *args: Any) -> None:
        """Call a function the first time; from then on make the calls of torch that it made."""
        if self._calls is None:
            with _Notes() as notes:
                function(*args)
            self._calls = notes.calls
            return
        for call in self._calls:
            call()


class _Notes(TorchFunctionMode):
    """Notes every call that fills a tensor, so that it can be made again and fill the same one."""

    def __init__(self) -> None:
        super().__init__()
        self.calls: list[Callable[[], object]] = []

    def __torch_function__(
        self,
        func: Callable[..., Any],
        types: Sequence[type],
        args: Sequence[Any] = (),
        kwargs: Mapping[str, Any] | None = None,
    ) -> Any:
        call = partial(func, *args, **kwargs or {})
        result = call()
        if isinstance(result, Tensor):
            self._note(call, result)
        return result

    def _note(self, call: partial[Any], result: Tensor) -> None:
        given = [one for one in (*call.args, *call.keywords.values()) if isinstance(one, Tensor)]
        if any(result is one for one in given):
            self.calls.append(call)
        elif not any(_share_memory(result, one) for one in given):
            self.calls.append(lambda: result.copy_(call()))  # a new tensor, from now on the same
        # Otherwise it is a view of what was given, and stays one.


def _share_memory(one: Tensor, other: Tensor) -> bool:
    return one.untyped_storage().data_ptr() == other.untyped_storage().data_ptr()
