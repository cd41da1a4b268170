"""How a quiz begins: made from the sources, or read from a file."""

from collections.abc import Sequence
from dataclasses import replace
from typing import get_args

import streamlit as st

from rag.library import Library
from rag.rows import DocumentRow, NotebookRow
from rag.study.rows import QuizRow
from rag.study.types import MAX_ITEMS, MIN_ITEMS, Difficulty, ItemType, QuizLanguage, QuizRequest
from ui import state
from ui.guard import act, guard, show_error
from ui.quiz_dialogs import NAME_CHARS
from ui.quiz_files import upload
from ui.services import AppServices
from ui.texts import Texts

WAYS = ("make", "import")
MIXED = "mixed"
# A short text gives few questions of one kind alone.
USUAL: tuple[ItemType, ...] = ("choice", "true_false", "cloze")
TOPIC_CHARS = 200


def new_quiz(app: AppServices, texts: Texts, notebook: NotebookRow, rows: Sequence[QuizRow]) -> None:
    """Draw what a quiz can be made of, and the button that makes it; a press without a choice makes one too."""
    way = st.segmented_control(
        texts("quiz.way"),
        options=WAYS,
        default="make",
        format_func=lambda name: texts.plain(f"quiz.way_{name}"),
        key=f"quiz-way-{notebook.id}",
        required=True,
        label_visibility="collapsed",
    )
    with guard(texts):
        if way == "import":
            upload(app, texts, notebook)
        else:
            _form(app, texts, notebook, rows)


def _form(app: AppServices, texts: Texts, notebook: NotebookRow, rows: Sequence[QuizRow]) -> None:
    ready = [row for row in app.library.store.documents(notebook.id) if row.state in ("ready", "ready_warnings")]
    if not any(row.ticked for row in ready):
        show_error(texts, "NO_SOURCES", {})
        return
    left, right = st.columns(2, gap="large")
    with left:
        count = st.slider(
            texts("quiz.count"), MIN_ITEMS, MAX_ITEMS, QuizRequest().count, key=f"quiz-count-{notebook.id}"
        )
        types = _types(texts, notebook)
        difficulty = _difficulty(texts, notebook)
    with right:
        made = len(rows)  # the topic of the last quiz is not that of the next
        topic = st.text_input(
            texts("quiz.topic"),
            max_chars=TOPIC_CHARS,
            placeholder=texts.plain("quiz.topic_any"),
            key=f"quiz-topic-{notebook.id}-{made}",
        )
        document_ids = _documents(texts, notebook, ready)
        sections = _sections(app, texts, notebook, ready, document_ids)
        language = _language(texts, notebook)
    # No two quizzes of a notebook have the same seed, so that one more of the same kind is another.
    seed = 1 + max((row.request.seed for row in rows), default=0)
    request = QuizRequest(count, types, difficulty, topic.strip(), document_ids, sections, language, seed)
    name = topic.strip()[:NAME_CHARS] or texts.plain("quiz.name_of", n=len(rows) + 1)
    st.button(
        texts("quiz.make"),
        key=f"make-quiz-{seed}",  # a second press belongs to the quiz of the first
        type="primary",
        icon=":material/quiz:",
        disabled=not types,
        on_click=act,
        args=(_make, app, notebook.id, request, name),
    )
    st.caption(texts("quiz.behind") if types else texts("quiz.no_type"))


def _types(texts: Texts, notebook: NotebookRow) -> tuple[ItemType, ...]:
    options: tuple[ItemType, ...] = get_args(ItemType)
    chosen = st.pills(
        texts("quiz.types"),
        options=options,
        selection_mode="multi",
        default=USUAL,
        format_func=lambda name: texts.plain(f"quiz.type_{name}"),
        key=f"quiz-types-{notebook.id}",
        wrap=True,
    )
    return tuple(name for name in options if name in chosen)


def _difficulty(texts: Texts, notebook: NotebookRow) -> Difficulty | None:
    options: tuple[Difficulty, ...] = get_args(Difficulty)
    chosen = st.segmented_control(
        texts("quiz.difficulty"),
        options=(MIXED, *options),
        default=MIXED,
        format_func=lambda name: texts.plain(f"quiz.difficulty_{name}"),
        key=f"quiz-difficulty-{notebook.id}",
        required=True,
    )
    return next((name for name in options if name == chosen), None)


def _language(texts: Texts, notebook: NotebookRow) -> QuizLanguage:
    options: tuple[QuizLanguage, ...] = get_args(QuizLanguage)
    chosen = st.segmented_control(
        texts("quiz.language"),
        options=options,
        default="document",
        format_func=lambda name: texts.plain(f"quiz.language_{name}"),
        key=f"quiz-language-{notebook.id}",
        required=True,
    )
    return chosen or "document"


def _documents(texts: Texts, notebook: NotebookRow, ready: Sequence[DocumentRow]) -> tuple[int, ...]:
    if len(ready) < 2:
        return ()
    names = {row.id: row.name for row in ready}
    chosen = st.multiselect(
        texts("quiz.documents"),
        options=list(names),
        format_func=lambda document_id: names[document_id],
        placeholder=texts.plain("quiz.documents_any"),
        key=f"quiz-documents-{notebook.id}",
    )
    return tuple(chosen)


def _sections(
    app: AppServices, texts: Texts, notebook: NotebookRow, ready: Sequence[DocumentRow], document_ids: Sequence[int]
) -> tuple[str, ...]:
    used = [row for row in ready if (row.id in document_ids if document_ids else row.ticked)]
    found = _headings(app.library, notebook.id, tuple((row.id, row.extractor) for row in used))
    if len(found) < 2:
        return ()
    chosen = st.multiselect(
        texts("quiz.sections"),
        options=found,
        placeholder=texts.plain("quiz.sections_any"),
        # A section of a source that is not chosen any more must not stay chosen.
        key=f"quiz-sections-{notebook.id}-{'-'.join(str(row.id) for row in used)}",
    )
    return tuple(chosen)


@st.cache_data(max_entries=32, show_spinner=False)
def _headings(_library: Library, notebook_id: int, ids: tuple[tuple[int, str], ...]) -> tuple[str, ...]:
    # The ids name the rows in the cache: an id is never given twice.
    store = _library.store
    chunks = store.chunks(store.ticked_chunk_ids(notebook_id, [document_id for document_id, _ in ids]))
    chunks.sort(key=lambda chunk: (chunk.document_id, chunk.page_index, chunk.start))
    return tuple(dict.fromkeys(chunk.section for chunk in chunks if chunk.section))


def _make(app: AppServices, notebook_id: int, request: QuizRequest, name: str) -> None:
    # The second press of a double click asks for the same quiz again; the sources of a stored one are written out.
    rows = app.library.quizzes.rows(notebook_id)
    twin = next((row.id for row in rows if replace(row.request, document_ids=request.document_ids) == request), 0)
    state.choose_quiz(twin or app.library.make_quiz(notebook_id, request, name))
    app.wake()
