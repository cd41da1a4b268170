"""The ways to another model: the bundled one, a folder, the Hugging Face hub, a server."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import get_args

import streamlit as st

from rag.adapters import locate_adapter
from rag.choice import ModelChoice, ModelKind, Weights
from rag.weights import locate
from ui import state
from ui.endpoint_form import endpoint_form
from ui.guard import guard
from ui.model_hub import from_hub
from ui.services import AppServices
from ui.texts import Texts

WEIGHTS: tuple[Weights, ...] = get_args(Weights)
LONGEST_PATH = 1000

Way = Callable[[AppServices, Texts], None]


def ways(app: AppServices, texts: Texts) -> None:
    """Draw the choice of a way, and its form."""
    kinds = list(_WAYS)
    writing = app.library.models.chosen().kind
    chosen: ModelKind | None = st.segmented_control(
        texts("models.way"),
        options=kinds,
        default=writing if writing in kinds else "bundled",
        required=True,
        format_func=lambda kind: texts.plain(f"models.way_{kind}"),
        key="model-way",
    )
    with guard(texts):
        _WAYS[chosen or "bundled"](app, texts)


def _bundled(app: AppServices, texts: Texts) -> None:
    default = app.library.models.default
    st.markdown(texts("models.bundled_told"))
    # Its weights stay as they are: what the bundled model weighs is calibrated on them.
    named = default.adapter if default.kind == "bundled" else ""
    with st.expander(texts("models.adapter_option"), expanded=bool(named), key="model-options-bundled"):
        choice = ModelChoice(adapter=_adapter(texts, "bundled", named))
    _use_button(app, texts, choice, "bundled")
    if default.kind != "bundled":
        st.markdown(texts("models.settings_told", name=default.name))
        _use_button(app, texts, default, "settings")


def _folder(app: AppServices, texts: Texts) -> None:
    path = st.text_input(texts("models.path"), key="model-path", max_chars=LONGEST_PATH, help=texts("models.path_help"))
    choice = options(texts, ModelChoice("folder", path.strip()), "folder")
    _use_button(app, texts, choice, "folder", disabled=not path.strip())


def _hub(app: AppServices, texts: Texts) -> None:
    from_hub(app, texts, lambda choice, key: _use_button(app, texts, options(texts, choice, key), key))


def options(texts: Texts, choice: ModelChoice, key: str) -> ModelChoice:
    """Draw how weights are kept and which adapter is attached; return the choice with both."""
    with st.expander(texts("models.options"), key=f"model-options-{key}"):
        weights = st.selectbox(
            texts("models.weights"),
            options=WEIGHTS,
            format_func=lambda name: texts.plain(f"models.weights_{name}"),
            key=f"model-weights-{key}",
        )
        adapter = _adapter(texts, key)
    return replace(choice, weights=weights, adapter=adapter)


def _adapter(texts: Texts, key: str, named: str = "") -> str:
    """Draw which adapter is attached, at first the one ``named`` in the settings."""
    field = f"model-adapter-{key}"
    return st.text_input(texts("models.adapter"), value=named, key=field, max_chars=LONGEST_PATH).strip()


def _use_button(app: AppServices, texts: Texts, choice: ModelChoice, key: str, *, disabled: bool = False) -> None:
    told = st.container(key=f"told-{key}")  # over the button, where it is seen however long the page is
    pressed = st.button(
        texts("models.use"),
        key=f"use-model-{key}",
        type="primary",
        disabled=disabled or app.library.models.underway() is not None,
    )
    if pressed:
        with told, guard(texts):
            use(app, choice)
            st.rerun()


def use(app: AppServices, choice: ModelChoice) -> None:
    """Ask for another model, after a look at its files. Raises ModelError; then nothing is asked for."""
    if choice.kind in ("folder", "hub"):
        locate(choice.name, choice.revision)
    if choice.adapter:
        locate_adapter(choice.adapter)
    state.clear_notices()
    app.library.models.want(choice)
    app.wake()


# How each kind of model is chosen.
_WAYS: Mapping[ModelKind, Way] = {
    "bundled": _bundled,
    "folder": _folder,
    "hub": _hub,
    "endpoint": endpoint_form,
}
