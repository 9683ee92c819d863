"""Own data on the page: each bad file gets a sentence, and the run does not change."""

import io
import zipfile

import pytest
import torch
from visiting import type_into, visitor

from nets import replay
from nets.page.stage.frames import about_example
from nets.page.visitor.snapshot import DisplayOptions

GOOD = "size,colour,price\n" + "\n".join(
    f"{n},{'red' if n % 3 else 'blue'},{n * n % 7}.5" for n in range(1, 31)
)
COLUMNS = 70


def packed():
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as file:
        file.writestr("xl/workbook.xml", "<workbook/>")
    return content.getvalue()


REFUSED = {
    "empty": (b"", "empty"),
    "names only": (b"a,b\n", "no rows below"),
    "one class only": (b"a,b\n1,yes\n2,yes\n3,yes\n", "“b” is yes in every row"),
    "constant inputs": (b"a,b\n1,2\n1,3\n1,4\n", "Every input is the same"),
    "missing everywhere": (b"a,b\n1,\n,2\n", "No row of 2 is complete"),
    "wrong delimiter": (b"a:b\n1:2\n3:4\n", "Only one column was found"),
    "Excel": (packed(), "This is a packed file"),
    "a picture": (b"\x89PNG\r\n", "a picture"),
    "a web page": (b"<!DOCTYPE html><html></html>", "a web page"),
    "no text": (b"a,b\n1,\x02\n", "not text: it holds control characters"),
    "a quotation mark alone": (b'a,b\n1,"' + b"x" * 200_000, "quotation mark"),
    "many classes": (
        "\n".join(["a,b", *(f"{n},name{n}" for n in range(40))]).encode(),
        "“b” alone has 40 classes",
    ),
}
USED = {
    "missing values": (b"a,b\n1,2\n,3\n3,5\n", "“a” is missing in 1 of 3 rows"),
    "text among numbers": (b"a,b\n1,2\nabc,3\n3,5\n4,1\n", "such as “abc” in row 2"),
    "a constant column": (b"a,b,c\n1,7,2\n2,7,3\n", "“b” is not proposed: it holds only one value"),
    "2 rows": (b"a,b\n1,2\n2,3\n", "2 examples are few"),
    "300 columns": (
        "\n".join(
            [
                ",".join(f"c{n}" for n in range(300)),
                *(",".join(str((row * n) % 11 + 0.5) for n in range(1, 301)) for row in range(20)),
            ]
        ).encode(),
        "There are 300 columns; the first 8 are chosen as inputs",
    ),
    "100,000 rows": (
        "\n".join(["a,b", *(f"{n},{n % 2}" for n in range(100_000))]).encode(),
        "10,000 of 100,000 rows are taken",
    ),
    "Windows-1252": ("größe,b\n1,2\n2,3\n".encode("cp1252"), "Windows-1252"),
    "UTF-16": ("a,b\n1,2\n2,3\n".encode("utf-16"), "UTF-16"),
    "decimal commas": (b"a;b\n1,5;2\n2,5;3\n", "A comma is read as a decimal point"),
    "no names": (b"1,2\n2,3\n3,5\n", "The first row holds no names"),
    "uneven rows": (b"a,b\n1,2\n2,3,4\n3,5\n", "1 row has another number of cells"),
}


def bring(page, content, name="mine.csv"):
    page.selectbox(key="data").set_value("own").run()
    page.file_uploader(key="own_file").upload(name, content).run()
    assert not page.exception
    return page


def words(elements):
    return " ".join(element.value for element in elements)


def where(page):
    run = visitor(page).run
    return run.config, run.epoch, run.loss


@pytest.fixture
def trained(page):
    """Train for three epochs on the page."""
    for _ in range(3):
        page.button(key="step_epoch").click().run()
    return page


@pytest.mark.parametrize("what", REFUSED)
def test_what_cannot_be_learned_from_gets_a_sentence_and_the_run_stays(trained, what):
    content, sentence = REFUSED[what]
    before = where(trained)
    bring(trained, content)
    assert sentence in words(trained.error)
    assert "Nothing was changed." in words(trained.error)
    assert trained.button(key="use_own").disabled
    assert where(trained) == before
    assert trained.selectbox(key="data").value == "notebook"


@pytest.mark.parametrize("what", USED)
def test_a_doubtful_file_gets_a_note_before_it_is_used(trained, what):
    content, sentence = USED[what]
    before = where(trained)
    bring(trained, content)
    assert not trained.error
    assert sentence in words(trained.info)
    assert where(trained) == before
    trained.button(key="use_own").click().run()
    assert where(trained)[1] == 0
    assert trained.selectbox(key="data").value == "own"
    trained.button(key="step_epoch").click().run()
    assert visitor(trained).run.epoch == 1


def used(page):
    bring(page, GOOD.encode())
    page.button(key="use_own").click().run()
    return page


def compared(page):
    """Compare with the same training under the other bias rule."""
    page.session_state["view"] = True
    page.run()
    return page.toggle(key="compare").set_value(True)


@pytest.mark.parametrize(
    "change",
    [
        lambda page: page.button(key="reset").click(),
        lambda page: page.button(key="new_weights").click(),
        lambda page: page.button(key="add_layer").click(),
        lambda page: page.text_input(key="n_hidden").set_value("5"),
        lambda page: page.text_input(key="batch_size").set_value("7"),
        lambda page: page.selectbox(key="hidden_activation").set_value("relu"),
        lambda page: page.selectbox(key="bias_rule").set_value("notebook"),
        compared,
        lambda page: page.button(key="step_back").click(),
    ],
)
def test_own_data_stay_when_settings_change(page, change):
    used(page)
    data = visitor(page).recipe.data
    page.button(key="step_epoch").click().run()
    change(page).run()
    session = visitor(page)
    assert session.run.data is session.recipe.data is data
    page.button(key="step_epoch").click().run()
    assert torch.equal(replay(session.recipe).network.parameters, session.run.network.parameters)


def test_the_preview_counts_examples_inputs_and_outputs(page):
    bring(page, b"a,b,c\n1,2,0\n2,5,1\n3,3,1\n")
    assert "**3 examples, 2 inputs, 1 output**" in words(page.markdown)


def test_the_data_decide_the_sizes(page):
    used(page)
    assert page.text_input(key="n_input").disabled
    assert visitor(page).run.config.sizes[0] == 3
    assert visitor(page).run.data.input_names == ("size", "colour=blue", "colour=red")


def test_another_data_set_replaces_own_data(page):
    used(page)
    page.selectbox(key="data").set_value("xor").run()
    assert visitor(page).recipe.data is None
    assert visitor(page).run.config.data == "xor"


def test_columns_can_be_chosen_and_a_column_that_is_both_is_refused(page):
    bring(page, GOOD.encode())
    page.multiselect[0].set_value(["size", "price"]).run()
    assert "“price” is both an input and a target" in words(page.error)
    page.multiselect[1].set_value(["colour"]).run()
    assert not page.error
    page.button(key="use_own").click().run()
    assert visitor(page).run.data.output_names == ("red",)


def test_a_link_says_that_it_does_not_carry_own_data(page):
    page.query_params["data"] = "own"
    del page.session_state["visitor"]
    page.run()
    assert "does not carry your own data" in words(page.warning)


def test_a_table_can_be_typed(page):
    page.selectbox(key="data").set_value("own").run()
    page.segmented_control(key="own_way").set_value("Type a table").run()
    cells = [("0", "0", "0"), ("0", "1", "1"), ("1", "0", "1"), ("1", "1", "0")]
    page.session_state["own_cells_x1|x2|y"] = {
        "edited_rows": {
            row: dict(zip(("x1", "x2", "y"), values, strict=True))
            for row, values in enumerate(cells)
        },
        "added_rows": [],
        "deleted_rows": [],
    }
    page.run()
    assert not page.exception
    assert not page.error
    page.button(key="use_own").click().run()
    assert visitor(page).run.data.targets.flatten().tolist() == [0, 1, 1, 0]


def test_with_own_data_the_hidden_layer_can_be_removed_and_added_again(page):
    used(page)
    page.button(key="remove_layer").click().run()
    assert visitor(page).run.config.sizes == (3, int(page.session_state["n_output"]))
    page.button(key="add_layer").click().run()
    assert visitor(page).run.config.sizes[1] == 8


def test_a_part_of_own_data_is_held_out_and_inputs_are_tried_in_their_own_units(page):
    used(page)
    type_into(page, "test_fraction", 0.3)
    session = visitor(page)
    assert len(session.run.test) + len(session.run.data) == len(session.recipe.data)
    page.segmented_control(key="panel").set_value("Predict").run()
    type_into(page, "try_example", 1)
    assert not page.exception
    size = next(slider for slider in page.slider if slider.label == "size")
    assert 1 <= size.value <= 30


def test_numbers_can_be_used_as_they_are(page):
    bring(page, b"x1,x2,y\n0,0,0\n0,1,1\n1,0,1\n1,1,0\n")
    (raw,) = (widget for widget in page.multiselect if widget.label == "Numbers to use as they are")
    raw.set_value(["x1", "x2"]).run()
    page.button(key="use_own").click().run()
    assert visitor(page).run.data.inputs.tolist() == [[0, 0], [0, 1], [1, 0], [1, 1]]


def test_a_table_of_one_example_is_used(page):
    bring(page, b"x1,x2,x3,y\n1,0,1,1\n")
    page.button(key="use_own").click().run()
    run = visitor(page).run
    assert (run.data.inputs.tolist(), run.data.targets.tolist()) == ([[1, 0, 1]], [[1]])
    page.button(key="step_epoch").click().run()
    assert visitor(page).run.epoch == 1


def test_code_that_holds_many_own_numbers_is_a_file_and_not_sent_with_every_click(page):
    bring(page, b"a,b\n" + b"".join(b"%d,%d.5\n" % (n % 50, n % 7) for n in range(1500)))
    page.button(key="use_own").click().run()
    page.segmented_control(key="panel").set_value("Four steps").run()
    page.segmented_control(key="steps_views").set_value(["Code"]).run()
    assert any("make it long" in caption.value for caption in page.caption)
    assert not any("unpack" in code.value for code in page.code)


def test_standardised_numbers_are_called_so_wherever_they_have_the_name_of_a_column(page):
    bring(page, b"area;price\n" + b"".join(b"%d;%d\n" % (n, 140000 + n * n) for n in range(1, 31)))
    assert any(
        "numbers from 140001 to 140900" in frame.value.to_string(max_colwidth=None)
        for frame in page.dataframe
    )
    page.button(key="use_own").click().run()
    page.segmented_control(key="panel").set_value("Data and output").run()
    assert any("Standardised examples at epoch 0" in html.value for html in page.html)
    assert any(
        "The network takes standardised numbers" in caption.value for caption in page.caption
    )
    page.segmented_control(key="panel").set_value("Predict").run()
    (predicted,) = page.container(key="try_answer").html
    assert "e+0" not in predicted.value
    session = visitor(page)
    assert about_example(session.now, DisplayOptions()).startswith(
        "example 1 of 30, standardised: x = ("
    )
