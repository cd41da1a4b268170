"""The page in the browser: ``python -m ui.serve app.py``."""

from pathlib import Path

import streamlit as st

from ui import state
from ui.guard import guard
from ui.navigation import navigate
from ui.serve import stay_off_the_network
from ui.services import open_services
from ui.texts import Texts

STATIC = Path(__file__).parent / "static"

stay_off_the_network()  # also for those who type "streamlit run app.py"
st.set_page_config(page_title="Lectern", page_icon=str(STATIC / "icon.svg"), layout="wide")
st.logo(str(STATIC / "logo.svg"), size="large")

texts = Texts(state.language())
with guard(texts):
    navigate(open_services(texts), texts)
