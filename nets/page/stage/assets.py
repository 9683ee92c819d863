"""Assets: what the browser loads from this server, and nowhere else: our script and plotly.js.

plotly.js comes out of the installed plotly package, so that the browser speaks the version that
Python speaks. Streamlit serves both from where they are installed; nothing is copied, so the page
runs from a folder that cannot be written. An address changes with the content.
"""

import hashlib
import importlib.util
from functools import cache
from pathlib import Path

from streamlit.components.v1 import declare_component


@cache
def address(source: Path, *imported: Path) -> str:
    """Have a file served with those of its folder that it imports; return its address.

    The address is relative to that of the page.
    """
    content = hashlib.blake2b(digest_size=6)
    for file in (source, *imported):
        content.update(file.read_bytes())
    served = declare_component(content.hexdigest(), path=source.parent)
    return f"component/{served.name}/{source.name}"


def plotly_script() -> Path:
    """Find the plotly.js that the installed plotly package ships, without importing plotly."""
    package = importlib.util.find_spec("plotly")
    if package is None or package.origin is None:
        raise FileNotFoundError("The package plotly is not installed.")
    return Path(package.origin).parent / "package_data" / "plotly.min.js"
