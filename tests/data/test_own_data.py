"""Own data: a file becomes the same examples as with pandas and scikit-learn."""

import io
from dataclasses import replace

import pandas
import pytest
import torch
from hypothesis import assume, given
from hypothesis import strategies as st
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from nets import Epochs, Recipe, advance, replay, start
from nets.analysis.predictions import predict
from nets.data.own_data import interpret, read_data
from nets.data.reading import read
from nets.data.split import SplitError
from nets.explain.comparison import Comparison
from nets.presets import preset_for

NUMBERS = st.floats(-1e6, 1e6).map(lambda value: round(value, 3))
WORDS = st.sampled_from(["red", "blue", "grün", "a b", "x,y", 'say "no"'])


@st.composite
def frames(draw, numbers=2):
    """Draw a table of number columns and a column of words, none of them constant."""
    count = draw(st.integers(3, 30))

    def column(cells, first, second):
        return [first, second, *draw(st.lists(cells, min_size=count - 2, max_size=count - 2))]

    columns = {f"n{place}": column(NUMBERS, 1.5, -2.5) for place in range(numbers)}
    return pandas.DataFrame(columns | {"word": column(WORDS, "red", "blue")})


def as_csv(frame, separator=",", encoding="utf-8", decimal="."):
    text = frame.to_csv(index=False, sep=separator, decimal=decimal)
    return text.encode(encoding)


@pytest.mark.parametrize(
    ("separator", "decimal"), [(",", "."), (";", ","), (";", "."), ("\t", ","), ("|", ".")]
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
@given(frame=frames())
def test_a_file_is_read_as_pandas_reads_it(separator, decimal, encoding, frame):
    content = as_csv(frame, separator, encoding, decimal)
    table = read(content)
    expected = pandas.read_csv(
        io.BytesIO(content), sep=separator, decimal=decimal, encoding=encoding
    )
    assert table.names == tuple(expected.columns)
    for name in ("n0", "n1"):
        assert table.column(name).values() == expected[name].tolist()
    assert list(table.column("word").labels) == expected["word"].tolist()


@given(frame=frames())
def test_inputs_are_those_of_scikit_learn(frame):
    data = read_data(as_csv(frame), ["n0", "word"], ["n1"])
    scaled = StandardScaler().fit_transform(frame[["n0", "n1"]])
    hot = OneHotEncoder(sparse_output=False).fit_transform(frame[["word"]])
    torch.testing.assert_close(data.inputs[:, 0], torch.tensor(scaled[:, 0]).float())
    torch.testing.assert_close(data.targets[:, 0], torch.tensor(scaled[:, 1]).float())
    assert torch.equal(data.inputs[:, 1:], torch.tensor(hot).float())


@given(frame=frames())
def test_decoding_undoes_the_encoding_of_targets(frame):
    data = read_data(as_csv(frame), ["n0"], ["n1", "word"])
    numbers, words = data.encoding.decode(data.targets)
    spread = float(frame["n1"].std(ddof=0))
    assert numbers == pytest.approx(frame["n1"].tolist(), abs=1e-5 * spread)
    assert words == frame["word"].tolist()


@given(frame=frames())
def test_rows_without_targets_are_encoded_as_the_examples_were(frame):
    data = interpret(read(as_csv(frame)), ["n0", "word"], ["n1"])
    unseen = read(as_csv(frame[["word", "n0"]]), names=True)
    assert torch.equal(data.encoding.encode_inputs(unseen), data.inputs)


@given(frame=frames(), missing=st.sets(st.integers(2, 29), max_size=5))
def test_rows_with_something_missing_are_left_out_and_counted(frame, missing):
    rows = [row for row in missing if row < len(frame)]
    frame.loc[rows, "n0"] = None
    data = interpret(read(as_csv(frame)), ["n0"], ["word"])
    assert len(data) == len(frame) - len(rows)
    assert any(f"missing in {len(rows)} of {len(frame)} rows" in note for note in data.notes) == (
        bool(rows)
    )


@given(st.binary(max_size=300))
def test_any_bytes_give_a_table_or_a_sentence(content):
    sentence, rows = "", 0
    try:
        rows = len(read(content))
    except ValueError as error:
        sentence = str(error)
    assert rows > 0 or sentence.endswith(".")


def test_the_rows_taken_from_a_long_file_are_a_sample_of_the_whole_file():
    content = "\n".join(["a,b", *(f"{n},{n % 2}" for n in range(5000))]).encode()
    values = read(content, max_rows=500).column("a").values()
    assert len(set(values)) == 500
    assert values == sorted(values)
    assert set(read(content, max_rows=500).column("b").values()) == {0, 1}
    assert min(values) < 500 < 4500 < max(values)


def test_without_names_the_last_column_is_the_target_and_the_others_are_inputs():
    data = read_data(COUNTED)
    assert data.encoding.input_names == ("a", "b")
    assert data.output_names == ("odd",)
    assert data.task == "classes"
    assert read_data(COUNTED, targets=["b"]).input_names == ("a", "kind=even", "kind=odd")
    assert read_data(COUNTED, inputs=["a"]).output_names == ("odd",)


def test_of_many_columns_the_first_are_proposed_as_inputs_and_the_notes_say_so():
    rows = [[f"c{n}" for n in range(300)]]
    rows += [[str((row * n) % 11 + 0.5) for n in range(1, 301)] for row in range(20)]
    data = read_data("\n".join(map(",".join, rows)).encode())
    assert data.input_names == tuple(f"c{n}" for n in range(8))
    assert "There are 300 columns; the first 8 are chosen as inputs." in data.notes


def test_numbers_that_are_not_standardised_are_used_as_they_are():
    content = b"x1,x2,y\n0,0,0\n0,1,1\n1,0,1\n1,1,0\n"
    data = read_data(content, standardise=False)
    assert data.inputs.tolist() == [[0, 0], [0, 1], [1, 0], [1, 1]]
    assert data.targets.flatten().tolist() == [0, 1, 1, 0]
    assert not data.standardised
    assert read_data(content).inputs[0].tolist() == [-1, -1]


COUNTED = "\n".join(
    ["a,b,kind"] + [f"{n % 7},{n * n % 5},{'even' if n % 2 else 'odd'}" for n in range(40)]
).encode()


@pytest.mark.parametrize("targets", [["kind"], ["b"], ["b", "kind"]])
def test_the_preset_for_own_data_learns_and_a_recipe_replays_it(targets):
    data = read_data(COUNTED, ["a"] if "b" in targets else ["a", "b"], targets)
    recipe = Recipe(preset_for(data), (Epochs(40),), data)
    run = replay(recipe)
    assert run.loss < run.history.loss[0]
    again = advance(start(recipe.config, data=data), 40)
    assert torch.equal(run.network.parameters, again.network.parameters)
    assert Comparison.of(recipe).run.data is data


def test_own_data_must_be_given_to_start():
    data = read_data(COUNTED, ["a"], ["kind"])
    with pytest.raises(ValueError, match="data must be given where they are your own"):
        start(preset_for(data))


def test_predictions_of_rows_that_cannot_be_read_are_empty():
    data = read_data(COUNTED, ["a", "b"], ["kind"])
    run = advance(start(preset_for(data), data=data), 3)
    answers = predict(run, read(b"a,b\n1,2\n,3\n5,1\n"))
    assert answers.left_out == 1
    header, *rows = answers.as_csv().splitlines()
    assert header == "a,b,predicted kind,output odd"
    assert rows[1] == ",3,,"
    assert {row.split(",")[2] for row in (rows[0], rows[2])} <= {"even", "odd"}


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"a,c\n1,2\n", "The columns must be a, b, by these names; missing: b; found: a, c."),
        (b"a,b\nx,2\n", "No row can be read"),
    ],
)
def test_rows_that_cannot_be_predicted_get_a_sentence(content, sentence):
    data = read_data(COUNTED, ["a", "b"], ["kind"])
    run = start(preset_for(data), data=data)
    with pytest.raises(ValueError, match=sentence):
        predict(run, read(content, names=True))


@given(frame=frames(), seed=st.integers(0, 5))
def test_after_a_split_new_rows_are_encoded_as_the_training_data_are(frame, seed):
    table = read(as_csv(frame))
    data = interpret(table, ["n0", "n1"], ["word"])
    config = replace(
        preset_for(data), loss="MSELoss", test_fraction=0.3, seed=seed, batch_size=None
    )
    try:
        run = start(config, data=data)
    except SplitError:
        assume(False)
    encoded = run.data.encoding.encode_inputs(table)
    rows = torch.cat((run.data.inputs, run.test.inputs))
    exactly = "donot_use_mm_for_euclid_dist"
    distances = torch.cdist(rows, encoded, compute_mode=exactly).min(dim=1).values
    assert distances.max() < 1e-4 * (1 + rows.abs().max())
