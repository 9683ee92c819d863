"""How far one click of Next epoch travels through the code: files, functions, and moves between.

The page is served by Streamlit, and a client clicks by websocket, as a browser does. The third
click is followed on the server, so that nothing is made for the first time. A move is a call of a
function in another file of the project than the call before it.
"""

import sys
import threading
from itertools import pairwise
from pathlib import Path

from served import ROOT, free_port, wait_for
from streamlit import config
from streamlit.runtime import get_instance
from streamlit.web import bootstrap

sys.path.insert(0, str(ROOT / "tests"))

from websocket_client import visiting

APP = str(ROOT / "app.py")
WANTED = sys.argv[1:]  # Streamlit sets others
OURS = (str(ROOT / "nets"), APP)


class Journey:
    """The calls of the project's own functions, in order."""

    def __init__(self):
        self.calls = []

    def note(self, frame, event, _):
        """Note a call; what `threading.setprofile` asks for."""
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


def click(port):
    """Click three times, and print the journey of the third one."""
    try:
        wait_for(port)
        with visiting(f"http://127.0.0.1:{port}/", "data=notebook") as visit:
            visit.click("step_epoch")
            visit.click("step_epoch")
            journey = Journey()
            threading.setprofile(journey.note)  # of the thread in which the script will run
            visit.click("step_epoch")
            threading.setprofile(None)
            assert visit.page.readings["epoch"] == "3"
        tell(journey)
    finally:
        get_instance().stop()


def tell(journey):
    print(f"files entered        {len(journey.files)}")
    print(f"functions entered    {len(set(journey.calls))}")
    print(f"moves between files  {journey.moves}")
    if "--files" in WANTED:
        for file in sorted(journey.files):
            calls = sum(each == file for each, _ in journey.calls)
            print(f"{calls:5}  {Path(file).relative_to(ROOT)}")
    if "--calls" in WANTED:
        for file, function in journey.calls:
            print(f"{Path(file).relative_to(ROOT)}  {function}")


def main():
    port = free_port()
    threading.Thread(target=click, args=(port,)).start()
    options = {"server_headless": True, "server_port": port, "server_address": "127.0.0.1"}
    bootstrap.load_config_options(options)
    config.set_option("logger.level", "error")
    bootstrap.run(APP, False, [], options)


if __name__ == "__main__":
    main()
