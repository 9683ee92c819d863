"""How far one click of Next epoch travels through the code: files, functions, and moves between.

The page runs in Streamlit's AppTest; the third click is followed, so that nothing is made for the
first time. A move is a call of a function in another file of the project than the call before it.
"""

import sys
import threading
from itertools import pairwise
from pathlib import Path

from streamlit.testing.v1 import AppTest

ROOT = Path(__file__).resolve().parents[2]
OURS = (str(ROOT / "nets"), str(ROOT / "app.py"))


class Journey:
    """The calls of the project's own functions, in order."""

    def __init__(self):
        self.calls = []

    def note(self, frame, event, _):
        """Note a call; what `sys.setprofile` asks for."""
        code = frame.f_code
        if event == "call" and code.co_filename.startswith(OURS):
            self.calls.append((code.co_filename, code.co_qualname))

    @property
    def files(self):
        return {file for file, _ in self.calls}

    @property
    def moves(self):
        files = [file for file, _ in self.calls]
        return sum(one != other for one, other in pairwise(files))


def main():
    page = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    page.query_params["data"] = "notebook"
    page.run()
    for _ in range(2):
        page.button(key="step_epoch").click().run()
    journey = Journey()
    threading.setprofile(journey.note)
    page.button(key="step_epoch").click().run()
    threading.setprofile(None)
    assert page.session_state["visitor"].run.epoch == 3
    print(f"files entered        {len(journey.files)}")
    print(f"functions entered    {len(set(journey.calls))}")
    print(f"moves between files  {journey.moves}")
    if "--files" in sys.argv:
        for file in sorted(journey.files):
            calls = sum(each == file for each, _ in journey.calls)
            print(f"{calls:5}  {Path(file).relative_to(ROOT)}")


if __name__ == "__main__":
    main()
