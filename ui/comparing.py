"""Have the question of an answer answered by another model too: which one is chosen in a dialog."""

from collections.abc import Sequence

import streamlit as st

from rag.choice import ModelChoice
from rag.rows import AnswerRow
from ui.consent import agreed, keep_consent
from ui.destination import address_of
from ui.escape import escape
from ui.model_facts import full_name, written_by
from ui.notebook_dialogs import decide
from ui.services import AppServices
from ui.side_by_side import look_at
from ui.tab import tab
from ui.texts import Texts


def compare(app: AppServices, texts: Texts, answer_id: int) -> None:
    """Let one of the other models be chosen, and say where passages go: the content of a dialog."""
    row = app.library.conversation.answer(answer_id)
    if row is None:
        st.caption(texts("errors.ANSWER_GONE"))
        return
    others = other_models(app, row)
    if not others:
        st.markdown(texts("compare.none"))
        return
    st.markdown(texts("compare.body", name=written_by(app, row)))
    choice = st.radio(
        texts("compare.model"),
        options=others,
        format_func=full_name,
        captions=[_whence(texts, other) for other in others],
        key=f"compare-model-{answer_id}",
    )
    address = address_of(choice)
    is_agreed = address is None or agreed(app, texts, address)
    st.caption(texts("compare.stays"))

    def do() -> None:
        if address is not None:
            keep_consent(app, address)
        look_at(row.turn, row.id, app.library.conversation.ask_another(row.id, choice, tab()))
        app.wake()

    decide(texts, "compare.ask", do, disabled=not is_agreed)


def other_models(app: AppServices, row: AnswerRow) -> Sequence[ModelChoice]:
    """Return the models that are known here but for the one that wrote an answer."""
    status = app.status()
    wrote = row.choice or (status.choice if status.generator_id == row.model_id else None)
    known = app.library.models.known()
    if wrote is not None:
        return [choice for choice in known if choice != wrote]
    return [choice for choice in known if choice.model_id != row.model_id]


def _whence(texts: Texts, choice: ModelChoice) -> str:
    """Return where a model is: with Lectern, in a folder, downloaded, behind a server."""
    way, where = texts(f"models.way_{choice.kind}"), choice.name if choice.kind == "folder" else choice.url
    return f"{way} · {escape(where)}" if where else way
