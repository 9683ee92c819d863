"""Training: `advance` trains a run for some epochs, `rewind` returns to an earlier one."""

import itertools
import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

import torch
from jaxtyping import Float
from torch import Tensor

from nets.engine.activity import apply_thread_count
from nets.training.divergence import cause_of_divergence
from nets.training.history import History
from nets.training.idle_loops import idle_loops
from nets.training.loop import TrainingLoop
from nets.training.run import Divergence, Run, with_learning_rate, with_values
from nets.validate import require_whole

EPOCHS_AT_ONCE = 2**12
NUMBERS_AT_ONCE = 2**20  # outputs and parameters that wait until they go into the history


def advance(run: Run, epochs: int = 1, *, progress: bool = False) -> Run:
    """Train for some epochs and return the run as it is then; the given run does not change.

    Training stops at the last epoch at which every parameter and the loss are finite; `divergence`
    then says what stopped it. To continue from there, choose another learning rate. With `progress`
    a bar shows how far it is.
    """
    require_whole("epochs", epochs, 0, 2**31)
    if progress:
        return _advance_with_bar(run, epochs)
    goal = run.epoch + epochs
    while run.epoch < goal and run.divergence is None:
        count = min(goal - run.epoch, epochs_at_once([run]))
        (trained,) = train([run], count)
        run = trained if is_finite(trained, count) else _until_divergence(run, trained)
    return run


def _advance_with_bar(run: Run, epochs: int) -> Run:
    """Train in a hundred parts; the numbers are the same as in one."""
    from tqdm import tqdm

    goal, part = run.epoch + epochs, max(1, epochs // 100)
    with tqdm(total=epochs, unit="epoch") as bar:
        while run.epoch < goal and run.divergence is None:
            before = run.epoch
            run = advance(run, min(part, goal - before))
            bar.update(run.epoch - before)
            bar.set_postfix_str(f"loss {run.loss:.4g}", refresh=False)
    return run


def rewind(run: Run, epoch: int) -> Run:
    """Return the run as it was at an earlier epoch, exactly."""
    require_whole("epoch", epoch, 0, run.epoch)
    if epoch == run.epoch:
        return run
    kept, parameters, state = run.history.nearest(epoch)
    past = replace(
        run,
        network=run.network.with_parameters(parameters.clone()),
        optimizer_state=state.clone(),
        history=run.history.until(kept),
        divergence=None,
    )
    for begin, changes in _changes(run.history, kept, epoch):
        past = advance(past, begin - past.epoch)
        for change in changes:
            past = change(past)
    return advance(past, epoch - past.epoch)


def _changes(
    history: History, after: int, last: int
) -> list[tuple[int, list[Callable[[Run], Run]]]]:
    """List what was chosen after one epoch and up to another: new rates, parameters set by hand."""
    changes: dict[int, list[Callable[[Run], Run]]] = {}
    for begin, rate in history.rates:
        changes[begin] = [partial(with_learning_rate, rate=rate)]
    for begin, settings in itertools.groupby(history.settings, lambda setting: setting.epoch):
        values = {setting.place: setting.value for setting in settings}
        changes.setdefault(begin, []).append(partial(with_values, values=values))
    return [(begin, changes[begin]) for begin in sorted(changes) if after < begin <= last]


class Training:
    """Some epochs of one run, which can be interrupted after any update and continued later."""

    def __init__(self, run: Run, epochs: int) -> None:
        """Prepare to train a run for these epochs, or for as many as are kept at once."""
        self.run, last = run, run.epoch + min(epochs, epochs_at_once([run]))
        self._stride, self._loop = run.history.stride_for(last), idle_loops.take([run])
        self._updates = self._loop.updates(range(run.epoch + 1, last + 1), self._stride)

    def work(self, give_way: Callable[[], bool] = lambda: False) -> Run | None:
        """Train until the epochs are done, or until `give_way` says so after an update.

        Returns the run after these epochs, or at its last finite one; None if there is more to do.
        """
        apply_thread_count()
        with torch.inference_mode():
            for _ in self._updates:
                if give_way():
                    return None
        (trained,) = _with_results([self.run], self._loop, self._stride)
        finite = is_finite(trained, trained.epoch - self.run.epoch)
        return trained if finite else _until_divergence(self.run, trained)


def train(runs: Sequence[Run], epochs: int) -> list[Run]:
    """Train runs side by side for the same number of epochs, whether they stay finite or not."""
    first, last = runs[0].epoch + 1, runs[0].epoch + epochs
    stride = max(run.history.stride_for(last) for run in runs)
    loop = idle_loops.take(runs)
    loop.train(range(first, last + 1), stride)
    return _with_results(runs, loop, stride)


def _with_results(runs: Sequence[Run], loop: TrainingLoop, stride: int) -> list[Run]:
    """Return runs after the training of their loop, and keep the loop for the next training."""
    test_losses = None if loop.tests is None else loop.test_losses
    if len(runs) == 1:
        results = [(loop.state, loop.losses, loop.rows, test_losses)]
    else:
        states, losses, rows = loop.state.unbind(), loop.losses.unbind(1), loop.rows.unbind(1)
        tests = [None] * len(runs) if test_losses is None else test_losses.unbind(1)
        results = zip(states, losses, rows, tests, strict=True)
    trained = [_trained(run, *result, stride) for run, result in zip(runs, results, strict=True)]
    idle_loops.keep(runs, loop)
    return trained


def _trained(
    run: Run,
    state: Float[Tensor, " parameters_and_state"],
    losses: Float[Tensor, " epochs"],
    rows: Float[Tensor, "rows parameters_and_state"],
    test_losses: Float[Tensor, " epochs"] | None,
    stride: int,
) -> Run:
    n_parameters = run.history.n_parameters
    network = run.network.with_parameters(state[:n_parameters].clone())
    history = run.history.thinned(stride).with_epochs(losses, rows, test_losses)
    return replace(
        run, network=network, optimizer_state=state[n_parameters:].clone(), history=history
    )


def epochs_at_once(runs: Sequence[Run]) -> int:
    """Compute for how many epochs the outputs and parameters of these runs are kept at once."""
    numbers = sum(
        run.data.targets.numel() + run.network.parameters.numel() + run.optimizer_state.numel()
        for run in runs
    )
    return max(1, min(EPOCHS_AT_ONCE, NUMBERS_AT_ONCE // numbers))


def is_finite(run: Run, epochs: int) -> bool:
    """Check whether all parameters now and all losses of the last epochs are finite."""
    parameters, losses = run.network.parameters, run.history.loss[-epochs:]
    if math.isfinite(parameters.sum().item() + losses.sum().item()):
        return True
    return bool(parameters.isfinite().all() and losses.isfinite().all())  # sums may overflow


def _until_divergence(run: Run, trained: Run) -> Run:
    """Train a run to its last finite epoch, knowing that it diverges on the way to `trained`.

    A parameter may stop being finite before the loss does. It never becomes finite again, so
    bisection finds the epoch.
    """
    finite = trained.history.loss[run.epoch + 1 :].isfinite()
    last, beyond = 0, len(finite) if finite.all() else int(finite.long().argmin()) + 1
    while beyond - last > 1:
        middle = (last + beyond) // 2
        is_before = is_finite(train([run], middle)[0], middle)
        last, beyond = (middle, beyond) if is_before else (last, middle)
    run = train([run], last)[0] if last else run
    return replace(run, divergence=Divergence(cause_of_divergence(run), run.epoch + 1))
