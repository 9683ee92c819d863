"""Weights as files and as a torch model: the same numbers there and back, and nothing else in."""

import csv
import io
import pickle
import zipfile

import pytest
import torch
from safetensors.torch import load, save
from torch import nn

from nets import (
    ACTIVATIONS,
    Config,
    Network,
    advance,
    forward,
    read_weights,
    start,
    to_safetensors,
    to_torch,
    weights_as_csv,
)
from nets.engine.softmax import FOR_OUTPUTS

SIZES = [(5, 3, 1), (2, 4, 3, 2), (3, 2), (64, 32, 10)]
MODULES = [nn.Sigmoid, nn.Tanh, nn.ReLU, nn.LeakyReLU, nn.ELU, nn.GELU, nn.SiLU, nn.Softplus]


def trained(rule="notebook", sizes=(5, 3, 1), **settings):
    config = Config(sizes=sizes, bias_rule=rule, learning_rate=0.01, examples=7, **settings)
    return advance(start(config), 2)


def parameters(network):
    return [part for layer in network.layers for part in (layer.weights, layer.biases)]


def assert_same(network, other):
    assert network.sizes == other.sizes
    for mine, its in zip(parameters(network), parameters(other), strict=True):
        assert torch.equal(mine, its)


@pytest.mark.parametrize("rule", ["notebook", "gradient"])
@pytest.mark.parametrize("name", ACTIVATIONS | FOR_OUTPUTS)
def test_the_torch_model_gives_the_output_of_forward_bit_for_bit(name, rule):
    hidden = "tanh" if name in FOR_OUTPUTS else name
    for sizes in SIZES[name in FOR_OUTPUTS :]:
        run = trained(rule, sizes, hidden_activation=hidden, output_activation=name)
        for count in (1, 2, 7, 40):
            x = torch.randn(count, sizes[0], generator=torch.Generator().manual_seed(count))
            model = to_torch(run.network)
            assert torch.equal(model(x), forward(run.network, x).output)
            back = Network.from_torch(model)
            assert_same(back, run.network)
            assert torch.equal(forward(back, x).output, model(x))


def test_the_torch_model_learns_with_autograd_and_leaves_the_network_as_it_is():
    run = trained(hidden_activation="gelu")
    before, model = run.network.parameters.clone(), to_torch(run.network)
    assert [*model.state_dict()] == ["0.weight", "0.bias", "2.weight", "2.bias"]
    model(run.data.inputs).sum().backward()
    torch.optim.SGD(model.parameters(), 0.1).step()
    assert torch.equal(run.network.parameters, before)
    assert not torch.equal(model[0].weight.t(), run.network.layers[0].weights)


@pytest.mark.parametrize("module", MODULES)
def test_a_model_of_torch_s_own_parts_becomes_a_network(module):
    model = nn.Sequential(nn.Linear(4, 6), module(), nn.Linear(6, 3, bias=False), nn.Softmax(1))
    network, x = Network.from_torch(model), torch.randn(9, 4)
    torch.testing.assert_close(forward(network, x).output, model(x))
    assert torch.equal(network.layers[0].weights, model[0].weight.t())
    assert torch.equal(network.layers[1].biases, torch.zeros(1, 3))


@pytest.mark.parametrize(
    ("model", "named"),
    [
        (nn.Linear(2, 1), "nn.Sequential; got Linear"),
        (nn.Sequential(), "must have a Linear layer"),
        (nn.Sequential(nn.Tanh(), nn.Linear(2, 1)), "part 0 is Tanh"),
        (nn.Sequential(nn.Linear(2, 1), nn.Dropout()), "Part 1 .* got Dropout"),
        (nn.Sequential(nn.Linear(2, 1), nn.LeakyReLU(0.3)), "got LeakyReLU"),
        (nn.Sequential(nn.Linear(2, 1), nn.Softmax(0)), "got Softmax"),
        (nn.Sequential(nn.Linear(2, 3), nn.Softmax(1), nn.Linear(3, 1)), "Softmax must be"),
        (nn.Sequential(nn.Linear(2, 3), nn.Linear(2, 1)), "layer 2 must have 3 rows"),
    ],
)
def test_a_model_of_other_parts_gets_a_sentence(model, named):
    with pytest.raises(ValueError, match=named):
        Network.from_torch(model)


def test_a_safetensors_file_holds_the_network_and_loads_into_a_sequential():
    network = trained("gradient", (4, 6, 3), hidden_activation="relu").network
    content = to_safetensors(network)
    back = read_weights(content)
    assert_same(back, network)
    assert [row.name for row in back.activations] == ["relu", "sigmoid"]
    model = nn.Sequential(nn.Linear(4, 6), nn.ReLU(), nn.Linear(6, 3), nn.Sigmoid())
    model.load_state_dict(load(content))
    x = torch.randn(5, 4)
    torch.testing.assert_close(model(x), forward(network, x).output)


def saved(content):
    file = io.BytesIO()
    torch.save(content, file)
    return file.getvalue()


def test_a_saved_state_dict_becomes_a_network_whatever_its_layers_are_called():
    model = nn.Sequential()
    for number in range(12):  # the layers are in the order of their numbers, not of their letters
        model.append(nn.Sequential(nn.Linear(2, 2), nn.Tanh()))
        nn.init.constant_(model[-1][0].bias, number)
    network = read_weights(saved(model.state_dict()), "tanh", "linear")
    assert [layer.biases[0, 0].item() for layer in network.layers] == list(range(12))
    assert {row.name for row in network.activations} == {"tanh", "linear"}


def packed_bomb():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("archive/data/0", bytes(200_000_000))
    return file.getvalue()


def huge_view():
    return saved({"0.weight": torch.zeros(1).expand(10**6, 10**6)})


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "safetensors file"),
        (b"hello" * 10, "safetensors file"),
        (pickle.dumps({"0.weight": [[1.0]]}), "safetensors file"),
        (saved(nn.Linear(2, 1)), "safetensors file"),  # a whole model is a pickle of its class
        (packed_bomb(), "safetensors file"),
        (saved([torch.ones(2)]), "must hold a state_dict"),
        (saved({"0.weight": 3}), "tensors by their names"),
        (saved({}), "1 to 100 linear layers"),
        (huge_view(), "from 1 to 4096 rows"),
        (save({"0.weight": torch.ones(2, 3, 3)}), "a vector or a matrix"),
        (save({"0.weight": torch.ones(2, 3).int()}), "decimal point"),
        (save({"0.weight": torch.ones(3)}), "must be a matrix"),
        (save({"0.weight": torch.ones(1, 2), "scale": torch.ones(1)}), "belong to a linear layer"),
        (save({"0.weight": torch.ones(1, 2), "0.bias": torch.ones(3)}), "biases of layer 1"),
        (save({"0.weight": torch.full((1, 2), torch.nan)}), "must be finite"),
        (save({"0.weight": torch.ones(3, 2), "2.weight": torch.ones(1, 2)}), "3 rows"),
    ],
)
def test_another_file_gets_a_sentence(content, said):
    with pytest.raises(ValueError, match=said):
        read_weights(content)


def test_no_code_in_a_file_is_run():
    class Evil:
        def __reduce__(self):
            return (pytest.fail, ("ran",))

    for content in (saved({"0.weight": Evil()}), pickle.dumps(Evil())):
        with pytest.raises(ValueError, match="must be a safetensors file"):
            read_weights(content)


def test_the_table_of_weights_has_each_parameter_once_with_all_its_digits():
    network = trained(sizes=(4, 3, 2)).network
    rows = list(csv.DictReader(io.StringIO("".join(weights_as_csv(network)))))
    assert len(rows) == 4 * 3 + 3 + 3 * 2 + 2
    for row in rows:
        layer, to = network.layers[int(row["layer"]) - 1], int(row["to"])
        is_bias = row["from"] == "bias"
        value = layer.biases[0, to] if is_bias else layer.weights[int(row["from"]), to]
        assert torch.tensor(float(row["value"])) == value
        assert row["name"] == (f"b{row['layer']}[{to}]" if is_bias else row["name"])
