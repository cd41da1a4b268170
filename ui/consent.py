"""Consent to what leaves this computer: asked once for each server that is not on it."""

import streamlit as st

from rag.endpoint.address import Address, Reach
from ui.services import AppServices
from ui.texts import Texts

_WHERE: dict[Reach, str] = {
    "computer": "endpoint.where_computer",
    "network": "endpoint.where_network",
    "internet": "endpoint.where_internet",
}


def agreed(app: AppServices, texts: Texts, address: Address) -> bool:
    """Say where passages would go, and ask once for each server that is not this computer."""
    icon = ":material/computer:" if address.reach == "computer" else ":material/cloud_upload:"
    st.markdown(f"{icon} {texts(_WHERE[address.reach], host=address.host)}")
    if address.reach == "computer":
        return True
    if not address.encrypted:
        st.warning(texts("endpoint.open_line"), icon=":material/lock_open:")
    if app.library.store.get_setting(_consent(address)):
        return True
    return st.checkbox(texts("endpoint.agree", host=address.host), key=f"endpoint-agree-{address.host}")


def keep_consent(app: AppServices, address: Address) -> None:
    """Keep that passages may go to a server."""
    if address.reach != "computer":
        app.library.store.set_setting(_consent(address), "yes")


def _consent(address: Address) -> str:
    return f"endpoint.agreed.{address.host}"
