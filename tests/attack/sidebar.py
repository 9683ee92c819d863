"""What the sidebar of a page says, read off its widgets."""

from functools import cache

from nets import DATASETS, FIRST_WEIGHTS, OPTIMIZERS, Config, advance, start
from nets.data.features import FEATURES
from nets.engine.backprop import BIAS_RULES
from nets.engine.names import column_symbol
from nets.presets import PRESETS

LISTS = {
    "data": [*DATASETS, "own"],
    "bias_rule": list(BIAS_RULES),
    "optimizer": list(OPTIMIZERS),
    "first_weights": list(FIRST_WEIGHTS),
}
AS_THEY_ARE = ("hidden_activation", "output_activation")
NUMBERS = ("noise", "test_fraction", "l1", "l2", "learning_rate")
WHOLE_NUMBERS = ("examples", "batch_size", "data_seed", "seed")


def config_of(page):
    """Read the sidebar as settings. What it does not show is as the data set's preset has it."""
    values, shown = page.values, page.on_page()
    chosen = {field: names[_place(page, field)] for field, names in LISTS.items()}
    chosen |= {field: values[field] for field in AS_THEY_ARE}
    chosen |= {field: float(values[field]) for field in NUMBERS if field in shown}
    for field in WHOLE_NUMBERS:
        if field in shown:
            chosen[field] = int(values[field]) if values[field] else None
    layers = [key for key in values if key.startswith("n_hidden") and key in shown]
    chosen["sizes"] = tuple(int(values[key]) for key in ("n_input", *sorted(layers), "n_output"))
    chosen["loss"] = values["loss_function"]
    if "derived" in shown:
        titles = {column_symbol(feature.title): name for name, feature in FEATURES.items()}
        chosen["derived"] = tuple(titles[title] for title in values["derived"])
    preset = PRESETS[chosen["data"]]
    return Config(**{"examples": preset.examples, "reduction": preset.reduction} | chosen)


def _place(page, key):
    return list(page.widgets[key].proto.options).index(page.values[key])


@cache
def losses_of(config):
    """Return the losses at epochs 0, 1 and 2, as the page writes them."""
    return tuple(f"{loss:#.6g}" for loss in advance(start(config), 2).history.loss.tolist())
