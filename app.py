"""The page: controls at the side, the transport above the stage, one panel below."""

import streamlit as st

st.set_page_config(
    page_title="Nets: a network you can take apart", page_icon="nets/page/icon.svg", layout="wide"
)

from nets.page import (  # noqa: E402
    arrival,
    controls,
    look,
    notices,
    own_dialog,
    panels,
    stage,
    transport,
)
from nets.page.turns import turn  # noqa: E402

look.apply()
visitor = arrival.here()

with st.sidebar, turn():
    controls.show(visitor)


@st.fragment(key=stage.AROUND)
@turn()
def main() -> None:
    """What changes with every step is made without the rest of the page, the picture first."""
    above_the_stage = st.container()
    stage.show(visitor)
    with above_the_stage:
        transport.show(visitor)
    panels.show(visitor)
    notices.show(visitor)


main()
own_dialog.show(visitor)
