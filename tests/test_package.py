"""The package: `pip install` from a checkout gives all of it, with what it depends on."""

import os
import re
import shutil
import subprocess
import sys
import zipfile
from email.parser import Parser
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
USE = """
import nets
from nets.page.html import style
run = nets.advance(nets.start(nets.Config()), 3)
nets.draw(run)
print(nets.__file__, run.epoch)
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The wheel of a copy of the checkout, because building writes into the folder."""
    copy, built = tmp_path_factory.mktemp("checkout"), tmp_path_factory.mktemp("built")
    shutil.copytree(ROOT / "nets", copy / "nets", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "requirements.txt"):
        shutil.copy(ROOT / name, copy)
    offline = ["--no-deps", "--no-build-isolation", "--no-index", "--no-cache-dir"]
    command = [sys.executable, "-m", "pip", "wheel", *offline, "-w", str(built), str(copy)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    (path,) = built.glob("nets-*.whl")
    return zipfile.ZipFile(path)


def test_every_file_of_the_package_is_in_the_wheel(wheel):
    files = {path for path in (ROOT / "nets").rglob("*") if path.is_file()}
    expected = {
        path.relative_to(ROOT).as_posix() for path in files if "__pycache__" not in path.parts
    }
    found = {name for name in wheel.namelist() if ".dist-info/" not in name}
    assert found == expected
    assert {Path(name).suffix for name in found} >= {".css", ".js", ".svg"}


def test_the_wheel_depends_on_what_the_page_needs(wheel):
    (name,) = [name for name in wheel.namelist() if name.endswith(".dist-info/METADATA")]
    metadata = Parser().parsestr(wheel.read(name).decode())
    needed = {re.sub(r"\s", "", line) for line in metadata.get_all("Requires-Dist")}
    lines = (ROOT / "requirements.txt").read_text().splitlines()
    assert needed == {re.sub(r"\s", "", line) for line in lines}


def test_the_installed_package_works_in_an_empty_folder(wheel, tmp_path):
    installed, empty = tmp_path / "installed", tmp_path / "empty"
    wheel.extractall(installed)
    empty.mkdir()
    done = subprocess.run(
        [sys.executable, "-c", USE],
        cwd=empty,
        env=os.environ | {"PYTHONPATH": str(installed)},
        capture_output=True,
        text=True,
    )
    assert done.stdout.split() == [str(installed / "nets" / "__init__.py"), "3"], done.stderr
