"""Cell: runs and networks in a notebook: as figures, and as short tables of HTML."""

from html import escape
from typing import Any

from nets.engine.network import Network
from nets.training.run import Run
from nets.validate import require_choice

PICTURES = ("diagram", "loss", "map")
TABLE_METHOD = "_repr_html_"  # a notebook looks for it


def draw(run: Run, picture: str = "diagram", *, dark: bool = False) -> Any:
    """Draw a run as a `plotly.graph_objects.Figure`.

    Args:
        run: at any epoch.
        picture: "diagram", the network with its numbers; "loss", of every epoch; or "map", what
            the network predicts: over one or two inputs, or else against the targets.
        dark: for a dark background.

    Raises:
        ValueError: for another picture; names the pictures.
    """
    require_choice("picture", picture, PICTURES)
    from nets.sharing import drawing  # it imports Plotly and Pillow

    return getattr(drawing, f"draw_{picture}")(run, dark=dark)


def add_tables() -> None:
    """Let runs and networks show themselves as tables in a notebook."""
    for kind, table in ((Run, run_as_html), (Network, network_as_html)):
        setattr(kind, TABLE_METHOD, table)


def run_as_html(run: Run) -> str:
    """Write a run as a short table: network, data, epoch and losses."""
    config = run.config
    rows = {
        "network": f"{_sizes(run.network)}, {config.hidden_activation} and "
        f"{config.output_activation}",
        "data": f"{config.data}, number of examples: {len(run.data)}",
        "epoch": f"{run.epoch:,}, learning rate {run.learning_rate:g}",
        "loss": f"{run.loss:.6g} ({config.loss})",
    }
    if run.test_loss is not None:
        rows["loss on test data"] = f"{run.test_loss:.6g}"
    if run.divergence is not None:
        rows["diverged"] = f"{run.divergence.tensor} in epoch {run.divergence.epoch}"
    lines = (f"<tr><th>{name}</th><td>{escape(text)}</td></tr>" for name, text in rows.items())
    return f"<table><caption>Run</caption>{''.join(lines)}</table>"


def network_as_html(network: Network) -> str:
    """Write a network as a short table: a row for each layer."""
    names = ("layer", "weights", "biases", "activation", "smallest", "largest")
    lines = ["".join(f"<th>{name}</th>" for name in names)]
    for number, layer in enumerate(network.layers, start=1):
        low, high = layer.matrix.amin().item(), layer.matrix.amax().item()
        shapes = (" × ".join(map(str, part.shape)) for part in (layer.weights, layer.biases))
        cells = [str(number), *shapes, layer.activation.name, f"{low:.4g}", f"{high:.4g}"]
        lines.append("".join(f"<td>{escape(cell)}</td>" for cell in cells))
    rows = "".join(f"<tr>{line}</tr>" for line in lines)
    return f"<table><caption>Network {_sizes(network)}</caption>{rows}</table>"


def _sizes(network: Network) -> str:
    return "-".join(map(str, network.sizes))
