"""The page's style sheet, with the colours of the figures."""

from pathlib import Path

from nets.figures.colours import DARK, FRAME, LIGHT, SHEET_LINES

SHEET = Path(__file__).with_name("page.css")
THEMED = ("paper", "quiet", "accent", "active", "active_pale", "negative_text", "positive_text")


def _with_colours(sheet: str) -> str:
    """Return the style sheet after the colours that it uses, as custom properties."""
    colours = {"frame": FRAME, "sheet-lines": SHEET_LINES}
    for name in THEMED:
        light, dark = getattr(LIGHT, name), getattr(DARK, name)
        colours[name.replace("_", "-")] = f"light-dark({light}, {dark})"
    properties = "".join(f"--{name}: {colour};" for name, colour in colours.items())
    return f"<style>:root {{ {properties} }}\n{sheet}</style>"


STYLE = _with_colours(SHEET.read_text(encoding="utf-8"))
