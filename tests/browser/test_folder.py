"""The page's folder: nothing is written into it."""

from browser.conftest import ROOT, serve
from playground import Playground


def test_the_page_works_from_a_folder_that_it_cannot_fill(chromium, tmp_path):
    for name in ("app.py", "nets", ".streamlit"):
        (tmp_path / name).symlink_to(ROOT / name)
    (tmp_path / "static").write_text("A file in the place of a folder that could be filled.")
    tmp_path.chmod(0o555)
    before = sorted(tmp_path.iterdir())
    with serve(tmp_path) as (address, written):
        visitor = Playground(chromium.new_page(), address)
        visitor.open()
        visitor.click("step_epoch")
        assert visitor.epoch == 1
        visitor.page.close()
        assert visitor.faults == []
        written.seek(0)
        assert "WARNING" not in written.read().decode()
    assert sorted(tmp_path.iterdir()) == before
