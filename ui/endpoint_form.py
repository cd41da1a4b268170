"""Choose a model behind a server: its address, its key, one of its models, a test, and consent."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import streamlit as st

from rag.choice import ModelChoice
from rag.endpoint.address import Address, read_address
from rag.endpoint.keys import NO_KEY, Key, Keys, keys_of, read_key
from ui import state
from ui.consent import agreed, keep_consent
from ui.destination import endpoint_of
from ui.guard import act, guard, show_error
from ui.numerals import decimal
from ui.services import AppServices
from ui.texts import Texts

if TYPE_CHECKING:
    from rag.endpoint.generator import Spoken

URL_CHARS, KEY_CHARS = 300, 500


def endpoint_form(app: AppServices, texts: Texts) -> None:
    """Draw the form; a model becomes the chosen one once it has answered."""
    current = endpoint_of(app)
    st.markdown(texts("endpoint.body"))
    typed = st.text_input(
        texts("endpoint.url"),
        value=current.url if current else "",
        key="endpoint-url",
        max_chars=URL_CHARS,
        placeholder="http://127.0.0.1:11434/v1",
        help=texts("endpoint.url_help"),
    )
    with guard(texts):
        if typed.strip():
            _server(app, texts, read_address(typed))


def _server(app: AppServices, texts: Texts, address: Address) -> None:
    keys = keys_of(app.library.settings)
    typed = _key(texts, keys, address)
    key = typed or keys.of(address)
    if st.button(texts("endpoint.look_up"), key="endpoint-look-up", icon=":material/search:"):
        state.pick(_offers(address), ())
        with guard(texts), st.spinner(texts("endpoint.looking_up")):
            state.pick(_offers(address), _offered(address, key))
    names = state.picked(_offers(address))
    if not names:
        return
    model = st.selectbox(texts("endpoint.model"), options=names, key=f"endpoint-model-{address.url}")
    st.caption(texts.count("endpoint.found", len(names)))
    is_agreed = agreed(app, texts, address)
    with st.container(horizontal=True, horizontal_alignment="right"):
        tested = st.button(texts("endpoint.test"), key="endpoint-test", icon=":material/bolt:")
        used = st.button(
            texts("models.use"),
            key="use-model-endpoint",
            type="primary",
            disabled=not is_agreed or app.library.models.underway() is not None,
        )
    if not (tested or used):
        return
    with guard(texts):
        with st.spinner(texts("endpoint.testing")):
            spoken = _ask(app, address, key, model)
        if used:
            act(_use, app, address, typed, model)
            st.rerun()
        _tell(texts, spoken)


def _key(texts: Texts, keys: Keys, address: Address) -> Key:
    """Return the key that was just typed; one that is kept is never shown again."""
    kept = keys.holds(address)
    typed = st.text_input(
        texts("endpoint.key"),
        type="password",
        key=f"endpoint-key-{address.url}",
        max_chars=KEY_CHARS,
        placeholder=texts.plain("endpoint.key_kept" if kept else "endpoint.key_empty"),
        help=texts("endpoint.key_help"),
    )
    if kept:
        st.button(
            texts("endpoint.forget"),
            key="endpoint-forget",
            type="tertiary",
            icon=":material/key_off:",
            on_click=act,
            args=(keys.keep, address, NO_KEY),
        )
    return read_key(typed)


def _offered(address: Address, key: Key) -> Sequence[str]:
    # The client of the protocol takes a second to load: only whoever uses it waits for it.
    from rag.endpoint.connect import offered
    from rag.endpoint.server import Server

    return sorted(offered(Server(address, key)))


def _ask(app: AppServices, address: Address, key: Key, model: str) -> "Spoken":
    from rag.endpoint.connect import connect
    from rag.endpoint.server import Server

    return connect(Server(address, key), model, app.library.settings.endpoint_context)


def _tell(texts: Texts, spoken: "Spoken") -> None:
    if spoken.thought:
        show_error(texts, "ENDPOINT_THOUGHT", {"model": spoken.generator.model})
        return
    told = "endpoint.tested" if spoken.generator.is_chat else "endpoint.tested_base"
    seconds = decimal(texts, spoken.first_token, 2)
    st.success(texts(told, seconds=seconds, tokens=spoken.generator.context_tokens), icon=":material/check:")


def _use(app: AppServices, address: Address, typed: Key, model: str) -> None:
    if typed:
        Keys(app.library.home).keep(address, typed)
    keep_consent(app, address)
    app.library.models.want(ModelChoice("endpoint", model, address.url))
    app.wake()


def _offers(address: Address) -> str:
    return f"models-of-{address.url}"
