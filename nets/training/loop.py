"""The training loop: the four steps for every batch of every epoch."""

import time
from collections.abc import Iterator, Sequence
from functools import partial
from weakref import proxy, ref

import torch
from jaxtyping import Float
from torch import Tensor

from nets.data.examples import Data
from nets.engine.activity import apply_thread_count
from nets.engine.four_steps import four_steps
from nets.engine.optimizers import OPTIMIZERS
from nets.engine.update import GradientDescent, TorchOptimizer
from nets.training.batches import Batch, Batches, flat, stacked, unflat
from nets.training.program import Program, each
from nets.training.run import Run, learning_rule

TIME_AT_ONCE = 0.02  # seconds of training without a pause, if an update is not longer than that
EPOCHS_AT_ONCE = 2**10
OUTPUTS_AT_ONCE = 2**17  # numbers that wait for their loss; more do not fit into a cache
NOTES_AT_ONCE = 2**18  # numbers that wait for the history
FEW = 8  # epochs for which a loop that is kept has space


class TrainingLoop:
    """A copy of a run's network in training, with all tensors that the four steps need.

    Several runs that share all but seed, learning rate and the numbers in their data can train
    side by side: every tensor then has one more axis in front, with one entry for each run.

    Attributes:
        state: the parameters, then the optimiser's state, flat; both change in place.
        losses, test_losses, rows: what the last training recorded; see `updates`.
    """

    def __init__(self, runs: Sequence[Run], batch: int = 0) -> None:
        """Begin with the networks of these runs, before this update of their next epoch."""
        first, config = runs[0], runs[0].config
        n_parameters = len(first.network.parameters)
        self._nothing = torch.empty(0)
        self.losses = self.test_losses = self._nothing
        self.rows: Float[Tensor, " rows *many _"] = self._nothing
        self.seeds = [run.config.seed for run in runs]
        self.rule = learning_rule(config)
        self.state = _states_of(runs)
        self.network = first.network.with_parameters(self.state[..., :n_parameters])
        self.batches = self._batches([run.data for run in runs], config.batch_size)
        tests = [run.test for run in runs if run.test is not None]
        self.tests = self._batches(tests, None) if tests else None
        if OPTIMIZERS[config.optimizer].torch_class:
            self.optimizer = TorchOptimizer(
                config.optimizer, self.network, self.optimizer_state, config.constants
            )
        else:
            self.optimizer = GradientDescent(self.network, fused=config.bias_rule != "notebook")
        self._made_of = _what_makes_a_loop(runs)
        self._set_place(runs, batch)
        self._programs = list[Program]()

    def _batches(self, data: Sequence[Data], size: int | None) -> Batches:
        dtype, augmented = self.state.dtype, self.rule.bias_rule == "gradient"
        inputs, targets = (
            stacked([getattr(one, name).to(dtype) for one in data])
            for name in ("inputs", "targets")
        )
        return Batches(self.network, inputs, targets, size, augmented=augmented)

    def _make_programs(self) -> None:
        # They refer back to this loop, but do not keep it: its megabytes are free as soon as nobody
        # uses it, not when Python looks for cycles.
        this = proxy(self)
        # An optimiser of torch.optim counts its updates in Python, which no record repeats.
        recordable = isinstance(self.optimizer, GradientDescent)
        self._updates = [
            partial(TrainingLoop._update, this, group.first) for group in self.batches.groups
        ]
        self._programs = [Program(one, recordable=recordable) for one in self._updates]
        epoch = partial(TrainingLoop._train_epoch, this)
        self._epoch = Program(epoch, partial(TrainingLoop._end, this), recordable=recordable)
        self._last_loss = self.state.new_empty(1, *self.state.shape[:-1])
        self._noted = [self.state, flat(self.batches.output)]
        if self.tests is not None:
            self._noted.append(flat(self.tests.output))
        self._lengths = [one.shape[-1] for one in self._noted]
        self._notes, self._places = self.state.new_empty(0), tuple[Tensor, ...]()
        # What an update takes: a high guess, then measured.
        examples = self.batches.batches[0].targets.shape[:-1].numel()
        self._seconds = 1e-4 + 1e-9 * examples * self.network.parameters.shape[-1]

    def _set_place(self, runs: Sequence[Run], batch: int = 0) -> None:
        """Set the learning rates, and the number of updates so far."""
        self.optimizer.set_rates([run.learning_rate for run in runs])
        if isinstance(self.optimizer, TorchOptimizer):
            self.optimizer.set_updates(runs[0].epoch * len(self.batches.batches) + batch)

    def fits(self, runs: Sequence[Run]) -> bool:
        """Whether this loop, made for other runs, can train these too."""
        return self._made_of == _what_makes_a_loop(runs)

    def begin_with(self, runs: Sequence[Run]) -> None:
        """Begin again with runs that fit."""
        apply_thread_count()
        with torch.inference_mode():
            self.state.copy_(_states_of(runs))
            self._set_place(runs)

    @property
    def optimizer_state(self) -> Float[Tensor, "*many n_state"]:
        """What the optimiser keeps between updates: a view."""
        return self.state[..., self.network.parameters.shape[-1] :]

    def step(self, batch: Batch) -> None:
        """Update the network once, from this batch."""
        x, y, activity, gradients = batch.inputs, batch.targets, batch.activity, batch.gradients
        four_steps(self.network, x, y, self.rule, self.optimizer, activity, gradients)

    def _update(self, like: Batch, inputs: Tensor, transposed: Tensor, targets: Tensor) -> None:
        self.step(like.of(inputs, transposed, targets))

    def _train_epoch(self, note: Tensor, *orders: Tensor) -> None:
        """Train for one epoch; the rest is for several networks one order each."""
        self.batches.shuffle(*orders)
        for update, group in zip(self._updates, self.batches.groups, strict=True):
            each(update, *group.series)
        self._end_epoch(note)

    def _end_epoch(self, note: Tensor) -> None:
        """Note the state and the outputs."""
        if self.batches.shuffles:
            self.batches.predict()
        if self.tests is not None:
            self.tests.predict()
        torch.cat([one.contiguous() for one in self._noted], dim=-1, out=note)

    def _end(self) -> None:
        """Compute the loss after the last epoch, where the outputs noted are older."""
        if not self.batches.shuffles:
            self.batches.predict()
            self._last_loss.copy_(self.rule.loss.value(self.batches.output, self.batches.targets))

    def _train_epoch_in_parts(self, note: Tensor, *orders: Tensor) -> Iterator[None]:
        """Do as `_train_epoch` does, with a pause whenever time is over."""
        self.batches.shuffle(*orders)
        for program, group in zip(self._programs, self.batches.groups, strict=True):
            left = len(group.series[0])
            while left:
                count = max(1, min(left, int(TIME_AT_ONCE / self._seconds)))
                begin, end, begun = -left, (count - left) or None, time.perf_counter()
                program.run(*[one[begin:end] for one in group.series])
                self._seconds = (time.perf_counter() - begun) / count
                left -= count
                yield
        self._end_epoch(note)

    def train(self, epochs: range, stride: int) -> None:
        """Train for these epochs; see `updates`."""
        with torch.inference_mode():
            for _ in self.updates(epochs, stride):
                pass

    def updates(self, epochs: range, stride: int) -> Iterator[None]:
        """Train for these epochs, in inference mode, with a pause whenever time is over.

        At the end `losses` has the loss after each epoch, (epochs, *many), and `rows` the `state`
        after every epoch that `stride` divides; `test_losses` has the losses of the test data.
        """
        if not self._programs:
            self._make_programs()
        rows, losses, tests = list[Tensor](), list[Tensor](), list[Tensor]()
        # Without shuffling the outputs noted are those before each epoch; the first are known.
        skipped = 0 if self.batches.shuffles else 1
        while epochs:
            part = epochs[: self._affordable_epochs(len(epochs))]
            count, epochs = len(part), epochs[len(part) :]
            self._make_space(count)
            orders = self.batches.draw_orders(part, self.seeds)
            yield from self._train_part(count, orders, last=not epochs)
            states, outputs, *test_outputs = torch.split_with_sizes(self._notes, self._lengths, -1)
            kept = states[-part[0] % stride : count : stride]
            rows.append(kept.clone() if epochs else kept)
            if count > skipped:
                losses.append(self._loss(self.batches, outputs[skipped:count]))
            skipped = 0
            if self.tests is not None:
                tests.append(self._loss(self.tests, test_outputs[0][:count]))
        self.rows = _joined(rows)
        if self.tests is not None:
            self.test_losses = _joined(tests)
        self.losses = _joined(losses if self.batches.shuffles else [*losses, self._last_loss])

    def _make_space(self, count: int) -> None:
        """Make space for what is noted after this number of epochs, unless there is enough."""
        if count > len(self._places):
            self._notes = self.state.new_empty(count, *self.state.shape[:-1], sum(self._lengths))
            self._places = self._notes.unbind()

    def let_go(self) -> None:
        """Forget what the last training recorded, and the space for many epochs."""
        self.losses = self.test_losses = self.rows = self._nothing
        if len(self._places) > FEW:
            self._notes, self._places = self._nothing, ()

    def _train_part(self, count: int, orders: Sequence[Tensor], *, last: bool) -> Iterator[None]:
        updates, places = count * len(self.batches.batches), self._places[:count]
        if updates * self._seconds <= TIME_AT_ONCE:
            begun = time.perf_counter()
            self._epoch.run(places, *orders, ending=last)
            self._seconds = (time.perf_counter() - begun) / updates
            yield
        else:
            for turn in zip(places, *orders, strict=True):
                yield from self._train_epoch_in_parts(*turn)
            if last:
                self._end()

    def _affordable_epochs(self, most: int) -> int:
        """Compute how many epochs may be trained without a pause; at least one."""
        by_time = int(TIME_AT_ONCE / (self._seconds * len(self.batches.batches)))
        by_outputs = OUTPUTS_AT_ONCE // self.batches.targets.numel()
        by_notes = NOTES_AT_ONCE // sum(one.numel() for one in self._noted)
        return max(1, min(most, by_time, by_outputs, by_notes, EPOCHS_AT_ONCE))

    def _loss(self, batches: Batches, numbers: Tensor) -> Float[Tensor, " count *many"]:
        return self.rule.loss.value(unflat(numbers, batches.output), batches.targets)


def _states_of(runs: Sequence[Run]) -> Float[Tensor, "*many parameters_and_state"]:
    """Copy the parameters and the optimiser's state of each run into a row."""
    pairs = [(run.network.parameters, run.optimizer_state) for run in runs]
    return stacked([torch.cat(pair) for pair in pairs])


def _what_makes_a_loop(runs: Sequence[Run]) -> list[object]:
    """List all that a loop is made of, except what `begin_with` changes."""
    return [
        (
            run.config,
            ref(run.data),
            run.test,
            run.network.sizes,
            run.network.activations,
            run.network.parameters.dtype,
        )
        for run in runs
    ]


def _joined(parts: list[Tensor]) -> Tensor:
    return parts[0] if len(parts) == 1 else torch.cat(parts or [torch.empty(0)])


def quick_loop(runs: Sequence[Run]) -> TrainingLoop:
    """Make a loop for training alone: calls on tensors made in inference mode are quicker."""
    with torch.inference_mode():
        return TrainingLoop(runs)
