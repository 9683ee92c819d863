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


USUAL_TYPE = "<style></style>"
# On a screen of 1920×1080 the smallest letters then have 20 px, and no letters are much larger, so
# that all controls keep their places.
LARGE_TYPE = """<style>
html:root { font-size: clamp(16px, 9px + 0.63vw, 26px); --small: 0.96rem; }
.stSidebar.stSidebar[data-collapsed="false"] { min-width: 20.5rem !important; }
.stSidebar.stSidebar [data-testid="stVerticalBlock"] { gap: 0.2rem; }
@container (max-width: 29.3rem) {
  ol.strip:has([aria-current]) li:not([aria-current]) > span { font-size: 0; }
}
@media (max-width: 1700px) { .st-key-transport kbd { display: none; } }
@media (min-width: 641px) and (max-height: 900px) {
  .stSidebar.stSidebar [data-testid="stVerticalBlock"] { gap: 0; }
  .stSidebar.stSidebar { --field: 1.75rem; }
}
</style>"""
STYLE = _with_colours(SHEET.read_text(encoding="utf-8"))
