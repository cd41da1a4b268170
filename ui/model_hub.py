"""A model from the Hugging Face hub: told first, fetched when the user presses, used once it is here."""

import shutil
import time
from collections.abc import Callable, Iterable

import streamlit as st

from rag.choice import ModelChoice
from rag.downloads import Download
from rag.errors import ModelError
from rag.hub import HubModel, look_up
from rag.settings import hub_cache
from ui.escape import escape
from ui.guard import act, guard, show_error
from ui.model_facts import LANGUAGES_NAMED, size
from ui.services import AppServices
from ui.texts import Texts
from ui.watch import redraw

PRESETS = ("Qwen/Qwen3-4B-Instruct-2507", "Qwen/Qwen3-8B", "google/gemma-3-4b-it")
POLL_SECONDS = 0.7
LONGEST_ID = 200

Use = Callable[[ModelChoice, str], None]


def from_hub(app: AppServices, texts: Texts, use: Use) -> None:
    """Draw the form, what is told or on its way, and what is here; ``use`` draws how to use a model."""
    st.caption(f":material/public: {texts('models.hub_told')}")
    st.caption(texts("models.preset_told"))
    chosen = st.selectbox(
        texts("models.hub_id"),
        options=PRESETS,
        index=None,
        placeholder=texts.plain("models.hub_placeholder"),
        accept_new_options=True,
        key="hub-id",
    )
    model = (chosen or "").strip()[:LONGEST_ID]
    told = st.container(key="hub-told")
    if st.button(texts("models.hub_ask"), key="hub-ask", icon=":material/search:", disabled=not model):
        with told, guard(texts), st.spinner(texts("models.hub_asking")):
            app.library.models.downloads.offer(look_up(model))
    _download(app, texts)
    fetched = app.library.models.downloads.fetched()
    if fetched:
        st.markdown(f"**{texts('models.here')}**")
    for found in fetched:
        with st.container(border=True, key=f"fetched-{found.id}"):
            st.markdown(f"**{escape(found.id)}**  \n:small[{size(texts, found.size)} · {escape(found.licence)}]")
            use(ModelChoice("hub", found.id, revision=found.revision), f"hub-{found.id}")
            _removing(app, texts, found)


def _removing(app: AppServices, texts: Texts, found: HubModel) -> None:
    code = _in_use(app, found)
    hint = texts.plain(f"errors.{code}", model=found.id) if code else None
    with st.popover(texts("models.delete"), icon=":material/delete:", type="tertiary", disabled=bool(code), help=hint):
        st.markdown(texts("models.delete_told", name=found.id, size=size(texts, found.size)))
        _remove(app, texts, found, f"remove-{found.id}")


def _in_use(app: AppServices, found: HubModel) -> str:
    """Return the code of why the files of a model must stay: it writes, is chosen or being loaded, or is lent."""
    models = app.library.models
    if _is_among((models.chosen(), models.underway(), app.status().choice), found):
        return "MODEL_WRITES"
    return "MODEL_LENT" if _is_among(app.library.conversation.awaited_models(), found) else ""


def _is_among(choices: Iterable[ModelChoice | None], found: HubModel) -> bool:
    return any(choice is not None and (choice.kind, choice.name) == ("hub", found.id) for choice in choices)


def _remove(app: AppServices, texts: Texts, found: HubModel, key: str) -> None:
    st.button(texts("models.delete_now"), key=key, on_click=act, args=(_delete, app, found))


def _delete(app: AppServices, found: HubModel) -> None:
    """Delete the files of a model, unless it came into use since the button was drawn."""
    code = _in_use(app, found)
    if code:
        raise ModelError(code, model=found.id)
    app.library.models.downloads.remove(found, hub_cache())


def _download(app: AppServices, texts: Texts) -> None:
    now = app.library.models.downloads.current()
    if now is None:
        return
    is_underway = now.underway

    def body() -> None:
        with guard(texts), st.container(border=True, key="download"):
            latest = app.library.models.downloads.current()
            if latest is None or latest.underway != is_underway:
                redraw()
            if latest is not None:
                _progress(app, texts, latest)

    st.fragment(run_every=POLL_SECONDS if is_underway else None)(body)()


def _progress(app: AppServices, texts: Texts, now: Download) -> None:
    st.markdown(f"**{escape(now.model.id)}**")
    match now.state:
        case "offered":
            _offer(app, texts, now.model)
        case "queued" | "running":
            share = min(now.done / max(now.model.size, 1), 1.0)
            st.progress(share, text=texts("models.queued") if now.state == "queued" else _how_far(texts, now))
            st.button(
                texts("models.stop"), key="download-stop", on_click=act, args=(app.library.models.downloads.stop,)
            )
        case "done":
            st.markdown(f":material/check_circle: {texts('models.complete', name=now.model.id)}")
            _close(app, texts)
        case _:
            if now.code:
                show_error(texts, now.code, now.details)
            done = size(texts, now.done)
            st.caption(texts("models.stopped", done=done, size=size(texts, now.model.size)))
            with st.container(horizontal=True):
                _start(app, texts, now.model, "models.resume")
                if now.done and not _in_use(app, now.model):
                    _remove(app, texts, now.model, "download-remove")
                _close(app, texts)


def _offer(app: AppServices, texts: Texts, model: HubModel) -> None:
    cache = hub_cache()
    place = next(folder for folder in (cache, *cache.parents) if folder.is_dir())
    unknown = texts.plain("models.unknown")
    weights = model.parameters or model.size // 2
    st.markdown(
        texts(
            "models.offered",
            size=size(texts, model.size),
            licence=model.licence or unknown,
            full=size(texts, 2 * weights),
            half=size(texts, weights),
            free=size(texts, shutil.disk_usage(place).free),
            place=str(cache),
        )
    )
    if model.languages:
        st.caption(f"{texts('models.languages')} · {escape(texts.language_names(model.languages[:LANGUAGES_NAMED]))}")
    with st.container(horizontal=True):
        _start(app, texts, model, "models.download")
        _close(app, texts)


def _start(app: AppServices, texts: Texts, model: HubModel, label: str) -> None:
    st.button(
        texts(label, size=size(texts, model.size)),
        key="download-start",
        type="primary",
        icon=":material/download:",
        on_click=act,
        args=(_fetch, app, model),
    )


def _fetch(app: AppServices, model: HubModel) -> None:
    app.library.models.downloads.start(model, hub_cache())
    app.wake()


def _close(app: AppServices, texts: Texts) -> None:
    st.button(
        texts("models.forget"),
        key="download-close",
        type="tertiary",
        on_click=act,
        args=(app.library.models.downloads.dismiss,),
    )


def _how_far(texts: Texts, now: Download) -> str:
    told = texts("models.downloading", done=size(texts, now.done), size=size(texts, now.model.size))
    left = now.seconds_left(time.time())
    if left is None:
        return told
    if left < 60:
        return f"{told} · {texts('models.left_seconds', n=max(1, round(left)))}"
    return f"{told} · {texts('models.left_minutes', n=round(left / 60))}"
