"""Assets: what the browser loads from this server, and nowhere else: our script and plotly.js.

plotly.js comes out of the installed plotly package, so that the browser speaks the version that
Python speaks. The files are laid where Streamlit serves them, in a folder whose name changes with
their content; with a date long past, browsers keep them without asking again.
"""

import hashlib
import importlib.util
import os
import shutil
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent
SERVED = HERE.parents[2] / "static"  # beside app.py; Streamlit serves it as app/static
LONG_AGO = 1_000_000_000  # September 2001, as a time stamp


@cache
def address(*sources: Path) -> str:
    """Lay files where Streamlit serves them, and return the first one's address from the page.

    They lie in one folder, under their own names, so that they can import each other.

    Raises:
        OSError: if the folder cannot be written.
    """
    content = hashlib.blake2b(digest_size=6)
    for source in sources:
        content.update(source.read_bytes())
    folder = SERVED / content.hexdigest()
    folder.mkdir(parents=True, exist_ok=True)
    for source in sources:
        if not (folder / source.name).exists():
            unfinished = folder / f"{source.name}.{os.getpid()}"
            shutil.copyfile(source, unfinished)
            os.utime(unfinished, (LONG_AGO, LONG_AGO))
            unfinished.replace(folder / source.name)
    return f"app/static/{folder.name}/{sources[0].name}"


def plotly_script() -> Path:
    """Find the plotly.js that the installed plotly package ships, without importing plotly."""
    package = importlib.util.find_spec("plotly")
    if package is None or package.origin is None:
        raise FileNotFoundError("The package plotly is not installed.")
    return Path(package.origin).parent / "package_data" / "plotly.min.js"
