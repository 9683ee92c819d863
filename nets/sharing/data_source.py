"""Data source: lines of Python that give the examples of a run, without this package.

A data set is drawn or loaded again. Own data are written into the lines: as numbers where they are
few, and otherwise packed into text. So all choices on how a file is read are in the numbers.
"""

from typing import Any, cast

from nets.data.datasets import ALL_DATASETS, OWN_DATA
from nets.data.examples import CLASSES, Data, labels_of
from nets.data.features import FEATURES
from nets.data.own_data import about
from nets.sharing.tensor_source import MAX_WRITTEN_NUMBERS, write_tensor
from nets.training.run import Run


def data_source(run: Run, *, test: bool = False) -> list[str]:
    """Write the lines that draw, load or list the inputs `x` and the targets `y` of a run.

    They give the training data, bit for bit; with `test` also the test data, if there are any, as
    `x_test` and `y_test`. They need torch; for measured data they import scikit-learn. Other
    modules of Python's own that they use must be imported by name before them. They may call
    `unpack` of `tensor_source`, and `stream(seed, purpose)`, as `nets.seeds` defines it.
    """
    config = run.config
    if config.data == OWN_DATA.name:
        return _own_data(run, test=test)
    source = ALL_DATASETS[config.data]
    lines = source.notebook.format(
        examples=config.examples,
        noise=config.noise,
        n_input=config.sizes[0],
        n_output=config.sizes[-1],
    ).splitlines()
    if config.data_seed is not None and source.n_examples is None:
        again = f'torch.set_rng_state(stream({config.data_seed}, "data").get_state())'
        lines += ["with torch.random.fork_rng():", *(f"    {line}" for line in [again, *lines])]
    if config.derived:
        derived = ", ".join(FEATURES[name].notebook for name in config.derived)
        lines.append(f"x = torch.column_stack([x, {derived}])")
    return lines + _hold_out(run, keep=test)


def _hold_out(run: Run, *, keep: bool) -> list[str]:
    """Write the lines that hold out the test data, if there are any; see `split`."""
    config, data, test = run.config, run.data, run.test
    if test is None:
        return []
    seed = config.seed if config.data_seed is None else config.data_seed
    lines = [f'order = torch.randperm(len(x), generator=stream({seed}, "test split"))']
    if data.task == CLASSES:
        counts = cast(list[int], cast(Any, labels_of(test.targets).bincount()).tolist())
        labels = "y[:, 0].long()" if data.targets.shape[1] == 1 else "y.argmax(1)"
        lines += [
            f"labels = {labels}[order]",
            f"parts = [order[labels == label][:n] for label, n in enumerate({counts})]",
            "held_out = torch.cat(parts)",
        ]
    else:
        lines.append(f"held_out = order[:{len(test)}]")
    lines += ["training = torch.ones(len(x), dtype=torch.bool)", "training[held_out] = False"]
    if data.standardised:
        lines += [
            "x = x.double()",
            "mean, spread = x[training].mean(dim=0), x[training].std(dim=0, correction=0)",
            "constant = (x[training] == x[training][0]).all(dim=0)",
            "x = ((x - mean) / spread.masked_fill(constant, torch.inf)).float()",
        ]
    kept = ["x_test, y_test = x[~training], y[~training]"] if keep else []
    return [*lines, *kept, "x, y = x[training], y[training]"]


def is_long(run: Run) -> bool:
    """Say whether the lines hold more own data than are shown as numbers; these are packed."""
    return run.config.data == OWN_DATA.name and _count(run.data) > MAX_WRITTEN_NUMBERS


def _count(data: Data) -> int:
    return data.inputs.numel() + data.targets.numel()


def _own_data(run: Run, *, test: bool) -> list[str]:
    """Write the numbers of your own data, split as they are in the run, and what each column is."""
    parts = {"x": run.data.inputs, "y": run.data.targets}
    if test and run.test is not None:
        parts |= {"x_test": run.test.inputs, "y_test": run.test.targets}
    lines = _about_columns(run.data)
    for name, values in parts.items():
        first, *more = write_tensor(values)
        lines += [f"{name} = {first}", *more]
    return lines


def _about_columns(own: Data) -> list[str]:
    """Say in comments how the numbers were made from the columns of the table."""
    if own.encoding is None:
        return []
    parts = [("x", part) for part in own.encoding.inputs]
    parts += [("y", part) for part in own.encoding.targets]
    told = [" ".join(f"{name}: “{part.name}”, {about(part)}".split()) for name, part in parts]
    return [f"# Your own data, {len(own):,} rows:", *(f"#   {each}" for each in told)]
