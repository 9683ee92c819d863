"""The page: Streamlit only."""

import gc

from nets.page.visitor import memory, reception, uploads

memory.configure()
reception.install()
uploads.install()
# What is imported by now (above all torch) stays. The garbage collector would need 0.1 s for it.
gc.freeze()
