"""Assets: what the browser loads from this server, and nowhere else: our script and plotly.js.

plotly.js comes out of the installed plotly package, so that the browser speaks the version that
Python speaks. Both files are laid into the folder that Streamlit serves, under a name that changes
with their content; with a date long past, browsers keep them without asking again.
"""

import hashlib
import importlib.util
import os
import shutil
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent
SERVED = HERE.parent.parent / "static"  # beside app.py; Streamlit serves it as app/static
LONG_AGO = 1_000_000_000  # September 2001, as a time stamp


@cache
def address(source: Path) -> str:
    """Lay a file where Streamlit serves it, and return its address relative to the page.

    Raises:
        OSError: if the folder cannot be written.
    """
    name = f"{source.stem}-{hashlib.blake2b(source.read_bytes(), digest_size=6).hexdigest()}.js"
    served = SERVED / name
    if not served.exists():
        SERVED.mkdir(exist_ok=True)
        unfinished = served.with_suffix(f".{os.getpid()}")
        shutil.copyfile(source, unfinished)
        os.utime(unfinished, (LONG_AGO, LONG_AGO))
        unfinished.replace(served)
    return f"app/static/{name}"


def plotly_script() -> Path:
    """Find the plotly.js that the installed plotly package ships, without importing plotly."""
    package = importlib.util.find_spec("plotly")
    if package is None or package.origin is None:
        raise FileNotFoundError("The package plotly is not installed.")
    return Path(package.origin).parent / "package_data" / "plotly.min.js"
