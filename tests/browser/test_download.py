"""Files that a visitor takes home are read by programs that know nothing of the page."""

import csv
import io
from dataclasses import replace
from functools import partial
from xml.etree import ElementTree

import nbformat
import pytest
import safetensors.torch
import torch
from PIL import Image
from torch import nn

from nets import Config, Observer, advance, start, to_session_file, to_torch
from nets.presets import PRESETS
from nets.sharing.weights import to_safetensors

SVG = "{http://www.w3.org/2000/svg}"
LARGEST = "64-64-64-64-64-64-64-16"
MOST_BYTES = 5_000_000  # of an animated picture


def download(visitor, selector):
    """Click, and return the name and the content of the file that comes."""
    with visitor.page.expect_download() as found:
        visitor.page.locator(selector).first.click()
    with open(found.value.path(), "rb") as file:
        return found.value.suggested_filename, file.read()


@pytest.fixture
def downloads(visit):
    visitor = visit("?data=moons&examples=60")
    visitor.step(3)
    visitor.show_panel("Download")
    return partial(download, visitor)


def test_pictures_are_what_is_on_the_screen_with_a_caption(downloads):
    for figure in ("diagram", "loss_chart", "map"):
        name, content = downloads(f"[data-save=svg][data-figure={figure}]")
        assert name == f"nets-moons-2-4-1-epoch-3-{figure.replace('_', '-')}.svg"
        picture = ElementTree.fromstring(content)
        texts = ["".join(text.itertext()) for text in picture.iter(f"{SVG}text")]
        assert any("epoch 3" in text for text in texts)
        assert len([*picture.iter(f"{SVG}path")]) > 2

        _, content = downloads(f"[data-save=png][data-figure={figure}]")
        image = Image.open(io.BytesIO(content))
        width, height = (float(picture.get(side)) for side in ("width", "height"))
        assert image.size == (round(2 * width), round(2 * height))
        assert len(image.convert("RGB").getcolors(2**24)) > 20


def test_pictures_of_the_largest_network_are_files_that_other_programs_read(visit):
    visitor = visit(f"?data=notebook&sizes={LARGEST}&steps=3&panel=download")
    visitor.wait_for_text("epoch", "3")
    for figure, least in (("diagram", 400), ("loss_chart", 2)):
        _, content = download(visitor, f"[data-save=svg][data-figure={figure}]")
        picture = ElementTree.fromstring(content)
        assert len([*picture.iter(f"{SVG}path")]) > least
        name, content = download(visitor, f"[data-save=png][data-figure={figure}]")
        assert name == f"nets-notebook-{LARGEST}-epoch-3-{figure.replace('_', '-')}.png"
        image = Image.open(io.BytesIO(content))
        width, height = (float(picture.get(side)) for side in ("width", "height"))
        assert image.size == (round(2 * width), round(2 * height))
        assert len(image.convert("RGB").getcolors(2**24)) > 20


def test_an_observed_run_is_opened_looked_at_and_not_trained(visit):
    model = nn.Sequential(nn.Linear(2, 3), nn.Tanh(), nn.Linear(3, 1))
    observer = Observer(model)
    for _ in range(4):
        nn.init.uniform_(model[0].weight)
        observer.note(torch.eye(2), torch.ones(2))
    content = to_session_file(observer.recipe).encode()
    visitor = visit("?data=xor&panel=download")
    visitor.page.get_by_text("Open a session file").click()
    field = visitor.page.locator(".st-key-session_file input[type=file]")
    field.set_input_files({"name": "run.json", "mimeType": "application/json", "buffer": content})
    visitor.page.locator(".st-key-open_session button:enabled").click()
    visitor.page.get_by_text("it cannot be trained or changed here").wait_for()
    visitor.wait_for_text("epoch", "4")
    for key in ("reset", "step_phase", "step_epoch", "play"):
        assert visitor.element(key, "button").is_disabled()
    visitor.page.locator(".st-key-time input").fill("1")
    visitor.wait_for_text("epoch", "1")
    assert [epoch for epoch, _ in visitor.loss_line()] == [0, 1, 2, 3, 4]
    visitor.page.reload()
    visitor.page.get_by_text("it cannot be trained or changed here").wait_for()
    visitor.page.wait_for_function(
        "document.querySelector('.st-key-epoch output')?.textContent === '1'"
    )


def test_a_page_that_opens_with_this_panel_offers_the_map_too(visit):
    visitor = visit("?data=xor&panel=download")
    visitor.page.locator("[data-figure=map][data-save=svg]:enabled").wait_for()


def test_the_link_that_is_copied_is_the_address_of_the_run(visit):
    visitor = visit("?data=xor")
    visitor.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    visitor.step(2)
    visitor.show_panel("Download")
    visitor.page.locator("[data-copy]").click()
    visitor.page.get_by_text("Copied.").wait_for()
    copied = visitor.page.evaluate("navigator.clipboard.readText()")
    assert copied == visitor.page.url
    assert "steps=2" in copied


def test_the_diagram_for_a_paper_has_no_background_and_no_caption(downloads):
    name, content = downloads("[data-figure=paper]")
    assert name.endswith("-paper.svg")
    picture = ElementTree.fromstring(content)
    assert picture[0].tag != f"{SVG}rect"
    assert b"epoch" not in content
    points = [part for part in picture.iter(f"{SVG}path") if "point" in part.get("class", "")]
    assert len(points) >= 2 + 4 + 1


def test_the_training_is_an_animated_picture_with_a_frame_for_each_epoch(downloads):
    name, content = downloads("[data-figure=film]")
    assert name == "nets-moons-2-4-1-epoch-3-training.png"
    assert len(content) <= MOST_BYTES
    with Image.open(io.BytesIO(content)) as film:
        assert film.n_frames == 4
        frames = []
        for number in range(film.n_frames):
            film.seek(number)
            frames.append(film.convert("RGB").tobytes())
    assert len({*frames}) == 4


def test_notebook_and_script_are_files_of_the_run(downloads):
    name, content = downloads(".st-key-download_notebook_ipynb button")
    assert name == "nets-moons-2-4-1-epoch-3-notebook.ipynb"
    nbformat.validate(nbformat.reads(content.decode(), as_version=4))
    name, content = downloads(".st-key-download_script_py button")
    compile(content, name, "exec")


def test_weights_and_history_are_files_that_other_programs_read(downloads):
    name, content = downloads(".st-key-download_weights_safetensors button")
    assert name == "nets-moons-2-4-1-epoch-3-weights.safetensors"
    run = advance(start(replace(PRESETS["moons"], examples=60)), 3)
    model = to_torch(run.network)
    assert all(
        values.equal(model.state_dict()[key])
        for key, values in safetensors.torch.load(content).items()
    )
    _, content = downloads(".st-key-download_weights_csv button")
    rows = [*csv.DictReader(io.StringIO(content.decode()))]
    assert len(rows) == 2 * 4 + 4 + 4 + 1
    _, content = downloads(".st-key-download_history_csv button")
    rows = [*csv.DictReader(io.StringIO(content.decode()))]
    assert [float(row["training loss"]) for row in rows] == pytest.approx(run.history.loss.tolist())
    written = torch.tensor(float(rows[3]["w1[1, 2]"]))
    assert written == run.network.layers[0].weights[1, 2]


def test_a_file_of_weights_begins_a_run_and_another_file_gets_a_sentence(visit):
    network = advance(start(Config(sizes=(4, 6, 2), hidden_activation="tanh")), 2).network
    visitor = visit("?data=xor")
    visitor.show_panel("Download")
    field = visitor.page.locator(".st-key-open_weights input[type=file]")
    field.set_input_files({"name": "w", "mimeType": "", "buffer": b"no weights"})
    visitor.page.get_by_text("this is neither. Nothing was changed.").wait_for()
    field.set_input_files({"name": "w", "mimeType": "", "buffer": to_safetensors(network)})
    visitor.page.wait_for_function("document.querySelector('.st-key-n_hidden input').value === '6'")
    assert visitor.element("n_output", "input").input_value() == "2"
