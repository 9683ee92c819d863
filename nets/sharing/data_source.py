"""Data source: lines of Python that give the examples of a run, without this package.

A data set is drawn or loaded again. Own data are written into the lines: as numbers where they are
few, and otherwise packed into text. So all choices on how a file is read are in the numbers.
"""

import base64
import zlib
from typing import Any, cast

from torch import Tensor

from nets.data.datasets import ALL_DATASETS, OWN_DATA
from nets.data.examples import CLASSES, Data, labels_of
from nets.data.features import FEATURES
from nets.data.own_data import about
from nets.training.run import Run

MAX_WRITTEN_NUMBERS = 2000  # more numbers of your own data are packed
WIDTH = 92  # of a line of packed numbers
UNPACK = """\
def unpack(text, rows, columns):
    numbers = bytearray(zlib.decompress(base64.b85decode(text)))
    return torch.frombuffer(numbers, dtype=torch.float32).view(columns, rows).t().contiguous()
"""


def data_source(run: Run) -> list[str]:
    """Write the lines that draw, load or list the inputs `x` and the targets `y` of a run.

    They give the training data, bit for bit. They need torch; for measured data they import
    scikit-learn. Other modules of Python's own that they use must be imported by name before them.
    Where test data are held out of a data set, or the data have their own seed, they call
    `stream(seed, purpose)`, as `nets.seeds` defines it.
    """
    config = run.config
    if config.data == OWN_DATA.name:
        return _own_data(run.data)
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
    return lines + _hold_out(run)


def _hold_out(run: Run) -> list[str]:
    """Write the lines that leave out the test data, if there are any; see `split`."""
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
    lines += [
        "training = torch.ones(len(x), dtype=torch.bool)",
        "training[held_out] = False",
        "x, y = x[training], y[training]",
    ]
    if data.standardised:
        constant = (data.inputs == data.inputs[0]).all(dim=0).any()
        zero = ".nan_to_num()" if constant else ""
        scaled = f"x = ((x - x.mean(dim=0)) / x.std(dim=0, correction=0)){zero}.float()"
        lines += ["x = x.double()", scaled]
    return lines


def is_long(run: Run) -> bool:
    """Say whether the lines hold so many own data that they are packed, and too long to show."""
    return run.config.data == OWN_DATA.name and _count(run.data) > MAX_WRITTEN_NUMBERS


def _count(data: Data) -> int:
    return data.inputs.numel() + data.targets.numel()


def _own_data(own: Data) -> list[str]:
    """Write the numbers of your own training data, and what each column is."""
    pairs = (("x", own.inputs), ("y", own.targets))
    if _count(own) > MAX_WRITTEN_NUMBERS:
        lines = UNPACK.splitlines()
        for name, values in pairs:
            lines += ["", f"{name} = unpack(", *_pack(values), f"    *{tuple(values.shape)},", ")"]
    else:
        lines = [f"{name} = torch.tensor({cast(Any, values).tolist()})" for name, values in pairs]
    return [*_about_columns(own), *lines]


def _pack(values: Tensor) -> list[str]:
    """Write the bytes of a matrix, column by column, compressed and as text."""
    numbers = values.t().contiguous().numpy().astype("<f4").tobytes()
    text = base64.b85encode(zlib.compress(numbers)).decode()  # it holds no quotation mark
    pieces = [text[at : at + WIDTH] for at in range(0, len(text), WIDTH)]
    lines = [f'    "{piece}"' for piece in pieces]
    return [*lines[:-1], f"{lines[-1]},"]


def _about_columns(own: Data) -> list[str]:
    """Say in comments how the numbers were made from the columns of the table."""
    if own.encoding is None:
        return []
    parts = [("x", part) for part in own.encoding.inputs]
    parts += [("y", part) for part in own.encoding.targets]
    told = [" ".join(f"{name}: “{part.name}”, {about(part)}".split()) for name, part in parts]
    return [f"# Your own data, {len(own):,} rows:", *(f"#   {each}" for each in told)]
