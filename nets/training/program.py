"""Programs: the calls of torch that a function makes, recorded once and then run without Python.

A small network's update is a dozen calls of torch, each of a third of a microsecond. The Python
between them takes longer, and keeps every other thread of Python waiting. So the calls are written
down once (see `recorder`), as the source of one function. TorchScript compiles it and makes the
same calls on the same tensors, without Python. CUDA graphs do the same for a graphics card.

To step through the four steps in a debugger, turn this off: set the environment variable
NETS_RECORDER=off before Python starts, or `nets.training.program.ENABLED = False`. Every update
then calls `forward`, `backward` and `update`, with the same numbers.
"""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import torch
from torch import Tensor
from torch.jit import optimized_execution  # pyright: ignore

from nets.training.recorder import Recorder, Series, recorder

ENABLED = os.environ.get("NETS_RECORDER", "on").lower() not in ("off", "0", "false", "no")


def each(function: Callable[..., object], *series: Series) -> None:
    """Call a function with the first tensor of each series, then with the second, and so on.

    Inside a recorded function this becomes a loop of the program.
    """
    writer = recorder.get()
    if writer is None:
        for tensors in zip(*series, strict=True):
            function(*tensors)
    else:
        writer.write_loop(function, series)


class Program:
    """`each(function, *series)`, then `end()`, whose calls of torch are made without Python.

    They are recorded first. Apart from the series, both functions must work on the same tensors at
    every call, whatever numbers they hold. If one does what cannot be recorded, both are called
    every time.
    """

    def __init__(
        self,
        function: Callable[..., object],
        end: Callable[[], object] = lambda: None,
        *,
        recordable: bool = True,
    ) -> None:
        """Begin without a record; functions that are not recordable are called every time."""
        self._function, self._end = function, end
        self._recordable, self._has_run = recordable, False
        self._record: Record | None = None

    def run(self, *series: Series, ending: bool = False) -> None:
        """Call the function at the first turn, record its calls at the second, then make these.

        Recording costs as much as many calls, which is lost where there is only one turn. `end` is
        called only when `ending`.
        """
        if ENABLED and self._recordable and self._record is None:
            if not self._has_run:
                each(self._function, *[one[:1] for one in series])
                self._has_run, series = True, tuple([one[1:] for one in series])
            if len(series[0]):
                written = Recorder().record(self._function, [one[:1] for one in series], self._end)
                self._record = written and Record(compiled(written.source), *written[1:])
                self._recordable = self._record is not None
                series = tuple([one[1:] for one in series])
        if ENABLED and self._record is not None:
            self._record.run(series, ending=ending)
        else:
            each(self._function, *series)
            if ending:
                self._end()


@dataclass(frozen=True)
class Record:
    """A program, the tensors that it always works on, and the series of its inner loops."""

    program: Callable[..., object]
    fixed: list[Tensor]
    inner: list[list[Tensor]]

    def run(self, series: Sequence[Series], *, ending: bool) -> None:
        """Make the calls for all turns of the series, and those at the end when `ending`."""
        lists = [[one] if isinstance(one, Tensor) else list(one) for one in series]
        with optimized_execution(False):  # optimising takes 30 ms and gains nothing here
            self.program(self.fixed, lists + self.inner, ending)


@lru_cache(maxsize=256)
def compiled(source: str) -> Callable[..., object]:
    """Compile a program by TorchScript, or as Python where TorchScript cannot.

    Runs of one shape have the same source, and so they share a program.
    """
    try:
        return torch.jit.CompilationUnit(source).program
    except RuntimeError:
        names: dict[str, Any] = {"torch": torch, "List": list, "Tensor": Tensor}
        exec(source, names)
        return names["program"]
