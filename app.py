"""The page: controls at the side, the transport above the stage, one panel below."""

import streamlit as st

st.set_page_config(
    page_title="Nets: a network you can take apart", page_icon="nets/page/icon.svg", layout="wide"
)

from nets.page import controls, look, panels, session, stage, transport  # noqa: E402

look.apply()
visitor = session.here()

with st.sidebar:
    controls.show(visitor)


@st.fragment
def main() -> None:
    """What changes with every step runs without the rest of the page."""
    transport.show(visitor)
    stage.show(visitor)
    panels.show(visitor)


main()
