"""Whatever a visitor has done, F5, Back, Forward and another server bring the same run back."""

import pytest
from playground import opened

from nets import Config, advance, start
from tests.browser.test_address import search, wait_for_address
from tests.browser.test_input import EDGE

LINE_OF_A = "document.querySelector('.st-key-loss_chart').data.find(({name}) => name === 'A')"
NUMBERS = "[...document.querySelectorAll('table.numbers td')].map((cell) => cell.textContent)"


def shown(visitor):
    """Read the run: its epoch, its loss, all weights and biases, and the address."""
    visitor.settle()
    return visitor.epoch, visitor.loss, visitor.page.evaluate(NUMBERS), search(visitor)


def wait_for(visitor, expected):
    """Wait until the page shows a run."""
    visitor.page.wait_for_function(
        f"""([epoch, loss, numbers, search]) =>
            document.querySelector('.st-key-epoch output')?.textContent === String(epoch)
            && document.querySelector('.st-key-loss output').textContent === loss
            && location.search === search
            && JSON.stringify({NUMBERS}) === JSON.stringify(numbers)""",
        arg=expected,
    )
    visitor.page.locator(".st-key-badge output:not(:empty)").wait_for()  # the last to be written
    visitor.talks[:-1] = []  # of a page before, whose end nobody sees


def comes_back(visitor):
    """After F5 the page must show the run that it showed before."""
    expected = shown(visitor)
    visitor.page.reload()
    wait_for(visitor, expected)


@pytest.fixture
def visitor(visit):
    return visit("?data=xor&steps=40&panel=weights-and-biases")


def test_f5_brings_the_run_back_after_every_kind_of_change(visitor):
    visitor.type("learning_rate", "0.25")
    visitor.step(2)
    visitor.click("step_back")
    visitor.wait_for_text("epoch", "41")
    comes_back(visitor)
    visitor.type("seed", "7")
    visitor.click("step_back")
    visitor.wait_for_text("epoch", "41")
    visitor.settle()
    visitor.click("redo")
    visitor.wait_for_text("epoch", "0")
    comes_back(visitor)
    visitor.step(3)
    visitor.page.locator(".st-key-time input").fill("1")
    visitor.wait_for_text("epoch", "1")
    wait_for_address(visitor, "steps=3", "at=1")
    comes_back(visitor)
    visitor.element("time", "button").click()
    visitor.wait_for_text("epoch", "3")
    visitor.step_phase()
    visitor.show_panel("Weights and biases")
    wait_for_address(visitor, "steps=3", "phase=1")
    comes_back(visitor)
    visitor.show_panel("Inspect")
    visitor.page.evaluate(EDGE)
    visitor.page.mouse.click(*visitor.page.evaluate("window.spot"))
    visitor.element("set_parameter", "input").wait_for()
    visitor.settle()
    visitor.type("set_parameter", "0.125")
    visitor.show_panel("Weights and biases")
    comes_back(visitor)


def test_f5_brings_kept_runs_and_a_fan_back_and_a_network_of_it(visitor):
    visitor.show_panel("Compare")
    visitor.click("keep_run")
    visitor.element("return_A").wait_for()
    visitor.type("sweep_epochs", "20")
    visitor.click("sweep")
    visitor.element("use_trial").wait_for()
    networks = visitor.page.locator("table").last
    trained = networks.inner_text()
    assert "best" in trained
    wait_for_address(visitor, "kept=", "fan=")
    visitor.page.reload()
    visitor.element("use_trial").wait_for()
    assert networks.inner_text() == trained
    visitor.talks[:-1] = []  # of the page before, whose end nobody sees
    visitor.settle()
    visitor.click("use_trial")
    visitor.wait_for_text("epoch", "20")
    visitor.show_panel("Weights and biases")
    comes_back(visitor)
    visitor.page.wait_for_function(f"{LINE_OF_A}?.x.at(-1) === 40")


def test_back_forward_and_another_server_show_the_same_run(visitor, chromium, start_server):
    visitor.step(2)
    first = shown(visitor)
    visitor.page.goto(visitor.address + "?data=mazur&steps=3&panel=weights-and-biases")
    visitor.wait_for_text("epoch", "3")
    second = shown(visitor)
    for way, expected in ((visitor.page.go_back, first), (visitor.page.go_forward, second)):
        way()
        wait_for(visitor, expected)
    with start_server() as (address, _), opened(chromium, address) as open_page:
        wait_for(open_page(first[3]), first)


def test_f5_keeps_own_data_while_the_server_has_them(visit, tmp_path):
    visitor = visit("?panel=weights-and-biases")
    (tmp_path / "own.csv").write_text("size,price\n1,2\n2,3\n3,5\n4,8\n")
    visitor.choose("data", "Own data")
    visitor.page.locator(".st-key-own_file input[type=file]").set_input_files(tmp_path / "own.csv")
    visitor.element("own_preview").get_by_text("4 examples, 1 input").wait_for()
    visitor.click("use_own")
    visitor.wait_for_text("epoch", "0")
    visitor.step(2)
    comes_back(visitor)


def test_after_an_error_the_picture_is_drawn_again_and_the_error_is_reported(visit):
    visitor = visit()
    visitor.page.evaluate("""() => {
        const { react } = Plotly;
        Plotly.react = () => {
            Plotly.react = react;
            throw new Error("once");
        };
    }""")
    visitor.type("n_hidden", 7)
    visitor.wait_for_edges(5 * 7 + 7)
    visitor.step()
    assert visitor.loss == f"{advance(start(Config(sizes=(5, 7, 1))), 1).loss:#.6g}"
    assert visitor.faults == ["once"]
    visitor.faults.clear()
