"""Own data in the browser: from a file on disk to predictions of rows that were never seen."""

import csv

import pytest
import torch
from torch import nn

SPECIES = ("setosa", "versicolor", "virginica")
COLUMNS = ("sepal length", "sepal width", "petal length", "petal width")
EPOCHS = 30


@pytest.fixture(scope="module")
def flowers():
    """Iris as rows of a file: every third row is held out, without its species."""
    from sklearn.datasets import load_iris

    measured = load_iris()
    rows = list(zip(measured.data.tolist(), measured.target.tolist(), strict=True))
    return [row for n, row in enumerate(rows) if n % 3], rows[::3]


@pytest.fixture
def files(flowers, tmp_path):
    """The two files: to learn from, and to predict."""
    seen, unseen = flowers
    learned, asked = tmp_path / "flowers.csv", tmp_path / "unseen.csv"
    with learned.open("w", newline="") as file:
        csv.writer(file).writerows([(*COLUMNS, "species"), *((*x, SPECIES[y]) for x, y in seen)])
    with asked.open("w", newline="") as file:
        csv.writer(file).writerows([COLUMNS, *(x for x, _ in unseen)])
    return learned, asked


def trained_in_torch(flowers, seed):
    """The same training with torch's own modules, autograd and SGD: the outputs for unseen rows."""
    (xs, ys), (unseen, _) = (zip(*rows, strict=True) for rows in flowers)
    x = torch.tensor(xs, dtype=torch.float64)
    mean, spread = x.mean(dim=0), x.std(dim=0, correction=0)
    inputs, targets = ((x - mean) / spread).float(), torch.eye(3)[list(ys)]
    generator = torch.Generator().manual_seed(seed)
    network = nn.Sequential(nn.Linear(4, 8), nn.Tanh(), nn.Linear(8, 3), nn.Sigmoid())
    layers = [network[0], network[2]]
    with torch.no_grad():
        for layer in layers:
            layer.weight.copy_(torch.randn(layer.weight.T.shape, generator=generator).T)
        for layer in layers:
            layer.bias.copy_(torch.randn((1, len(layer.bias)), generator=generator)[0])
    optimiser = torch.optim.SGD(network.parameters(), lr=0.3)
    for _ in range(EPOCHS):
        optimiser.zero_grad()
        nn.BCELoss()(network(inputs), targets).backward()
        optimiser.step()
    asked = (torch.tensor(unseen, dtype=torch.float64) - mean) / spread
    return network(asked.float()).detach()


def test_a_file_is_learned_from_and_predictions_are_those_of_torch(visit, files, flowers, tmp_path):
    learned, asked = files
    visitor = visit()
    visitor.step(2)
    visitor.choose("data", "Own data")
    visitor.page.locator(".st-key-own_file input[type=file]").set_input_files(learned)
    preview = visitor.element("own_preview")
    preview.get_by_text("100 examples, 4 inputs, 3 outputs").wait_for()
    assert visitor.epoch == 2
    visitor.click("use_own")
    visitor.wait_for_text("epoch", "0")
    visitor.type("batch_size", 100)  # all of them: no shuffling, which torch would do otherwise
    visitor.train(EPOCHS)
    visitor.wait_for_epoch(EPOCHS)
    visitor.settle()
    visitor.show_panel("Predict")
    visitor.page.get_by_text("Many rows: paste or upload").click()
    visitor.page.locator(".st-key-try_file input[type=file]").set_input_files(asked)
    visitor.element("try_download").wait_for()
    with visitor.page.expect_download() as download:
        visitor.click("try_download")
    download.value.save_as(tmp_path / "predictions.csv")
    with (tmp_path / "predictions.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    expected = trained_in_torch(flowers, seed=0)
    found = torch.tensor([[float(row[f"output {name}"]) for name in SPECIES] for row in rows])
    torch.testing.assert_close(found, expected)
    assert [row["predicted species"] for row in rows] == [
        SPECIES[place] for place in expected.argmax(dim=1)
    ]
    assert [[float(row[name]) for name in COLUMNS] for row in rows] == [x for x, _ in flowers[1]]


def test_a_file_of_50_megabytes_gets_a_sentence_and_the_run_stays(visit, tmp_path):
    large = tmp_path / "large.csv"
    large.write_bytes(b"a,b\n" + b"1,2\n" * 13_000_000)
    visitor = visit()
    visitor.step(2)
    visitor.choose("data", "Own data")
    visitor.page.locator(".st-key-own_file input[type=file]").set_input_files(large)
    visitor.page.get_by_text("10.0MB or smaller").wait_for()
    assert visitor.epoch == 2


def test_a_digit_is_drawn_and_its_neurons_respond(visit):
    visitor = visit("?data=digits&steps=5")
    visitor.wait_for_epoch(5)
    visitor.settle()
    visitor.show_panel("Predict")
    sheet = visitor.page.locator(".sheet canvas")
    before = visitor.element("try_answer").inner_text()
    sheet.scroll_into_view_if_needed()
    box = sheet.bounding_box()
    mouse = visitor.page.mouse
    mouse.move(box["x"] + box["width"] / 2, box["y"] + 10)
    mouse.down()
    mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] - 10, steps=8)
    mouse.up()
    visitor.settle()
    drawn = visitor.element("try_answer").inner_text()
    assert drawn != before
    visitor.page.locator(".sheet button").click()
    visitor.settle()
    assert visitor.element("try_answer").inner_text() == before
    sheet.focus()
    sheet.press("ArrowDown")
    sheet.press(" ")
    visitor.settle()
    assert visitor.element("try_answer").inner_text() not in (before, drawn)
