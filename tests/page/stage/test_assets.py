"""Assets: the browser gets what is installed, from this server."""

import re
from pathlib import Path

import plotly
from streamlit.components.v1 import declare_component

from nets.page.stage import assets, stage


def test_what_is_served_is_the_file_itself(monkeypatch):
    folders = {}

    def declare(name, path):
        served = declare_component(name, path=path)
        folders[served.name] = Path(served.abspath)
        return served

    monkeypatch.setattr(assets, "declare_component", declare)
    assets.address.cache_clear()
    source = assets.plotly_script()
    route, name, file = assets.address(source).split("/")
    assert route == "component"
    assert folders[name] / file == source
    assets.address.cache_clear()


def test_another_content_has_another_address(tmp_path):
    addresses = set()
    for content in ("one", "other"):
        file = tmp_path / "same.js"
        file.write_text(content)
        addresses.add(assets.address(file))
        assets.address.cache_clear()
    assert len(addresses) == 2


def test_plotly_js_is_the_one_of_the_installed_package():
    assert assets.plotly_script().parent.parent == Path(plotly.__file__).parent


def test_every_script_in_the_folder_is_used_and_every_import_is_there():
    wanted = {"stage.js", "chart.js", "download.js"}  # each is loaded by a component
    for script in stage.SCRIPT.parent.glob("*.js"):
        wanted |= set(re.findall(r'from "\./(.+)"', script.read_text()))
    assert wanted == {script.name for script in stage.SCRIPT.parent.glob("*.js")}
