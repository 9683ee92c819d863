"""Many runs: networks of the same shape train side by side, in one set of tensors."""

from collections.abc import Callable, Iterable

from nets.training.advance import advance, epochs_at_once, is_finite, train
from nets.training.run import Run
from nets.validate import require_whole

# What runs must share to train side by side, by name.
SHARED: dict[str, Callable[[Run], object]] = {
    "sizes": lambda run: run.network.sizes,
    "activations": lambda run: [activation.name for activation in run.network.activations],
    "precision": lambda run: run.network.parameters.dtype,
    "loss": lambda run: run.config.loss,
    "reduction": lambda run: run.config.reduction,
    "optimizer": lambda run: run.config.optimizer,
    "constants of the optimizer": lambda run: run.config.constants,
    "l1": lambda run: run.config.l1,
    "l2": lambda run: run.config.l2,
    "bias_rule": lambda run: run.config.bias_rule,
    "batch_size": lambda run: run.config.batch_size,
    "number of examples": lambda run: len(run.data),
    "number of test examples": lambda run: 0 if run.test is None else len(run.test),
    "epoch": lambda run: run.epoch,
}


def advance_many(runs: Iterable[Run], epochs: int = 1) -> list[Run]:
    """Train several runs together for some epochs; the given runs do not change.

    They may differ in learning rate, in seed and in the numbers of their data. Each result is that
    of training alone, within the rounding of float32. A run that diverges stops at its last finite
    epoch, as it does alone, and the others continue.

    Raises:
        ValueError: if the runs differ in what they must share; names the first difference.
    """
    runs = list(runs)
    require_whole("epochs", epochs, 0, 2**31)
    _require_together(runs)
    goal = max((run.epoch for run in runs if not run.divergence), default=0) + epochs
    while going := [i for i, run in enumerate(runs) if run.epoch < goal and not run.divergence]:
        together = [runs[i] for i in going]
        more = min(goal - together[0].epoch, epochs_at_once(together))
        for i, trained in zip(going, train(together, more), strict=True):
            runs[i] = trained if is_finite(trained, more) else advance(runs[i], more)
    return runs


def _require_together(runs: list[Run]) -> None:
    """Raise a ValueError if two runs that have not diverged differ in what they must share."""
    going = [(number, run) for number, run in enumerate(runs, start=1) if not run.divergence]
    for number, run in going:
        first, model = going[0]
        for name, of in SHARED.items():
            if of(run) != of(model):
                raise ValueError(
                    f"{name} must be the same in all runs that train together; "
                    f"run {first} has {of(model)}, run {number} has {of(run)}."
                )
