"""The page: controls at the side, the transport above the stage, one panel next to the stage."""

import gc

import streamlit as st

st.set_page_config(
    page_title="Nets: a network you can take apart",
    page_icon="nets/page/icon.svg",
    layout="wide",
    initial_sidebar_state=290,
)

gc.disable()  # nothing that is imported is garbage; looking for it would take 0.3 s of a cold start

from nets.page.controls import gallery, own_data, sidebar  # noqa: E402
from nets.page.html.style import STYLE  # noqa: E402
from nets.page.panels import first_minute, panels  # noqa: E402
from nets.page.stage import stage, transport  # noqa: E402
from nets.page.visitor import arrival  # noqa: E402

gc.enable()

st.html(STYLE)
visitor = arrival.here(panels.obey_address)

with st.sidebar, visitor.turn():
    sidebar.show(visitor)


@st.fragment(key=stage.AROUND)
def main() -> None:
    """Draw what changes with every step, without the rest of the page, the picture first."""
    with visitor.turn():
        above_the_stage = st.container()
        with st.container(key="workspace"):
            say_what_comes = panels.prepare(visitor)
            stage.show(visitor)
            first_minute.show(visitor)
            with above_the_stage:
                transport.show(visitor, panels.show_view_options)
            with st.container(key="reading"):
                panels.show(visitor, say_what_comes)
        transport.show_notices(visitor)
        panels.show_type()


main()
own_data.show(visitor)
gallery.show(visitor)
