"""Rules of this project that no other tool checks."""

import ast
import tomllib
from pathlib import Path

NETS = Path(__file__).parents[1] / "nets"
FILES = {str(path.relative_to(NETS)): path for path in sorted(NETS.rglob("*.py"))}
ENGINE = [file for file in FILES if not file.startswith(("figures/", "page/"))]
# Where an optimiser of torch's own may take our gradients, where ours are compared with its, and
# where a network becomes a module of torch.
MAY_USE_TORCH_S_OWN = {"engine/update.py", "analysis/autograd.py", "sharing/torch_model.py"}
TORCH_S_OWN = ("torch.nn", "torch.optim", "torch.autograd")
GLOBAL_SEEDS = ("torch.manual_seed", "torch.seed", "numpy.random.seed", "random.seed")


def test_every_part_of_nets_has_a_layer():
    settings = tomllib.loads((NETS.parent / "pyproject.toml").read_text())
    house, *_ = settings["tool"]["importlinter"]["contracts"]
    placed = [part.strip() for layer in house["layers"] for part in layer.split("|")]
    parts = {Path(file).parts[0].removesuffix(".py") for file in FILES} - {"__init__"}
    assert sorted(placed) == sorted(f"nets.{part}" for part in parts)


def names_in(path):
    """Return every name that a file imports or uses, in full where it is dotted."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text())):
        match node:
            case ast.Import(names=imported):
                names |= {alias.name for alias in imported}
            case ast.ImportFrom(module=str(module), names=imported):
                names |= {f"{module}.{alias.name}" for alias in imported}
            case ast.Attribute() | ast.Name():
                names.add(ast.unparse(node))
    return names


def uses(path, *parts):
    """Return the names in a file that are, or lie within, one of these."""
    return {name for name in names_in(path) for part in parts if f"{name}.".startswith(f"{part}.")}


def test_the_engine_uses_neither_autograd_nor_torch_modules_and_optimisers():
    for file in set(ENGINE) - MAY_USE_TORCH_S_OWN:
        assert not uses(FILES[file], *TORCH_S_OWN), file
        called = {name for name in names_in(FILES[file]) if name.endswith(".requires_grad_")}
        assert not called, file


def test_no_file_sets_a_global_seed():
    assert not [file for file, path in FILES.items() if uses(path, *GLOBAL_SEEDS)]


def test_only_the_page_imports_streamlit_and_only_figures_import_plotly():
    for file, path in FILES.items():
        if not file.startswith("page/"):
            assert not uses(path, "streamlit"), file
            assert file.startswith("figures/") or not uses(path, "plotly"), file


def test_every_file_begins_with_a_sentence():
    for file, path in FILES.items():
        first = (ast.get_docstring(ast.parse(path.read_text())) or "").partition("\n")[0]
        assert first.endswith("."), file
        assert first[0].isupper(), file
