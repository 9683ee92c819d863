"""Open weights: begin a run with the network of a file."""

from dataclasses import replace

import streamlit as st

from nets.config import Config
from nets.engine.network import Network
from nets.page.controls import actions
from nets.page.html.text import as_markdown
from nets.page.visitor.session import Session
from nets.presets import require_shown
from nets.sharing.history_csv import parameter_names
from nets.sharing.weights import read_weights
from nets.training.recipe import Parameter

KEY, DONE = "open_weights", "opened_weights"  # the field; the last file that was opened
MEGABYTES = 10
HELP = (
    "A safetensors file, or a state_dict that torch.save has written, of linear layers. Where the "
    "file does not name the activations, they stay as they are. Undo takes it back."
)


def show(session: Session) -> None:
    """Draw the field for the file; begin a run with a file that is new."""
    file = st.file_uploader(
        "Open weights", key=KEY, type=None, max_upload_size=MEGABYTES, help=HELP
    )
    if file is None:
        session.errors.pop(KEY, None)
        return
    if st.session_state.get(DONE) != file.file_id:
        st.session_state[DONE] = file.file_id
        _open(session, file.getvalue())
    if KEY in session.errors:
        st.error(as_markdown(f"{session.errors[KEY]} Nothing was changed."))


def _open(session: Session, content: bytes) -> None:
    """Begin a run with the network of a file, on the present data if they fit."""
    now = session.settings
    with session.in_order(), session.reporting_errors(KEY):
        network = read_weights(content, now.hidden_activation, now.output_activation)
        session.begin(config_for(network, now), values=list_parameters(network))
    if KEY not in session.errors:
        st.session_state[actions.FILLING] = True
        st.rerun()


def config_for(network: Network, now: Config) -> Config:
    """Return the config of a run with this network: the present one where it fits.

    Raises:
        ValueError: if the page cannot show the network.
    """
    *hidden, output = (activation.name for activation in network.activations)
    if len({*hidden}) > 1:
        raise ValueError(
            f"All hidden layers must have the same activation; the file has {', '.join(hidden)}."
        )
    sizes = network.sizes
    fits = (sizes[0], sizes[-1]) == (now.sizes[0], now.sizes[-1])
    config = replace(
        now if fits else Config(sizes=sizes, bias_rule="gradient", seed=now.seed),
        sizes=sizes,
        hidden_activation=hidden[0] if hidden else now.hidden_activation,
        output_activation=output,
    )
    require_shown(config)
    return config


def list_parameters(network: Network) -> list[Parameter]:
    """List all weights and biases with their names, as values that are set by hand."""
    values = [
        value
        for layer in network.layers
        for part in (layer.weights, layer.biases)
        for value in part.flatten().tolist()
    ]
    return [Parameter(*pair) for pair in zip(parameter_names(network), values, strict=True)]
