"""Own data on the page."""

import pytest
from visiting import visitor


def bring(page, content, name="mine.csv"):
    page.selectbox(key="data").set_value("own").run()
    page.file_uploader(key="own_file").upload(name, content).run()
    assert not page.exception
    return page


def test_x(page):
    bring(page, __import__("pathlib").Path("/tmp/h5/files/iris.csv").read_bytes())
    print(
        [e.value for e in page.error],
        [e.value for e in page.markdown],
        [e.value for e in page.info],
    )
    page.button(key="use_own").click().run()
    assert not page.exception
    print(visitor(page).recipe.config)
    page.button(key="step_epoch").click().run()
    print(visitor(page).run.loss)
    page.button(key="reset").click().run()
    assert visitor(page).run.data is visitor(page).recipe.data
