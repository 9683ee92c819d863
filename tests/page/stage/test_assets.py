"""Assets: the browser gets what is installed, from this server."""

import re
from pathlib import Path

import plotly

from nets.page.stage import assets, stage


def test_what_is_served_is_the_file_itself():
    source = assets.plotly_script()
    served = assets.SERVED / assets.address(source).removeprefix("app/static/")
    assert served.read_bytes() == source.read_bytes()


def test_another_content_has_another_address(tmp_path, monkeypatch):
    monkeypatch.setattr(assets, "SERVED", tmp_path / "static")
    addresses = set()
    for content in ("one", "other"):
        file = tmp_path / "same.js"
        file.write_text(content)
        addresses.add(assets.address(file))
        assets.address.cache_clear()
    assert len(addresses) == 2


def test_plotly_js_is_the_one_of_the_installed_package():
    assert assets.plotly_script().parent.parent == Path(plotly.__file__).parent


def test_whatever_the_stage_s_script_imports_is_served_beside_it():
    folder = (assets.SERVED / stage.script_address().removeprefix("app/static/")).parent
    wanted = {"stage.js"}
    for script in folder.glob("*.js"):
        wanted |= set(re.findall(r'from "\./(.+)"', script.read_text()))
    assert wanted == {script.name for script in folder.glob("*.js")}
