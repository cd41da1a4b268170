"""How an evaluation begins: with a file of questions, or with some made from the sources."""

from collections.abc import Sequence

import streamlit as st

from evaluation.question_file import MAX_BYTES, MAX_QUESTIONS, QuestionFile, read_questions
from evaluation.suggest import Readable, suggest
from rag.errors import RagError
from rag.evaluation_rows import NewQuestion, Origin
from rag.library import Library
from rag.rows import DocumentRow, NotebookRow
from ui import citations, state
from ui.builtin_words import file_words
from ui.escape import escape
from ui.guard import act, guard, show_error
from ui.model_facts import MEGABYTE
from ui.services import AppServices
from ui.texts import Texts

WAYS = ("upload", "suggested")
TYPES = ("csv", "tsv", "txt", "jsonl", "ndjson", "json")
COUNTS = (10, 20, 40, 80)
SHOWN = 8
TEMPLATE = (
    "question,answer,page,document\r\n"
    '"Who described ELIZA, and when?",Joseph Weizenbaum | Weizenbaum,12,\r\n'
    '"Quelle est la capitale de la Mongolie ?",,,\r\n'
)


def new_run(app: AppServices, texts: Texts, notebook: NotebookRow) -> None:
    """Draw the choice of questions, what they are, and the button that starts them."""
    documents = [row for row in app.library.store.documents(notebook.id) if row.state in ("ready", "ready_warnings")]
    ticked = [row for row in documents if row.ticked]
    if not ticked:
        show_error(texts, "NO_SOURCES", {})
        return
    way = st.segmented_control(
        texts("evaluation.way"),
        options=WAYS,
        default="upload",
        format_func=lambda name: texts.plain(f"evaluation.way_{name}"),
        key=f"way-{notebook.id}",
        required=True,
        label_visibility="collapsed",
    )
    with guard(texts):
        if way == "suggested":
            _suggested(app, texts, notebook, ticked)
        else:
            _uploaded(app, texts, notebook, documents)


def _uploaded(app: AppServices, texts: Texts, notebook: NotebookRow, documents: Sequence[DocumentRow]) -> None:
    st.markdown(texts("evaluation.columns"))
    st.download_button(
        texts("evaluation.template"),
        data=TEMPLATE.encode("utf-8-sig"),
        file_name="questions.csv",
        mime="text/csv",
        key="question-template",
        type="tertiary",
        icon=":material/download:",
        on_click="ignore",
    )
    key = state.upload_key(f"questions-{notebook.id}")
    file_words(texts, key, TYPES, MAX_BYTES // MEGABYTE)
    file = st.file_uploader(
        texts("evaluation.file", limit=MAX_QUESTIONS),
        type=TYPES,
        key=key,
        max_upload_size=MAX_BYTES // MEGABYTE,
    )
    if file is None:
        return
    names = [row.name for row in documents]
    found = read_questions(file.name, file.getvalue(), names, app.library.settings.max_question_chars)
    _repeated(texts, file.name, found)
    if found.unknown:
        st.caption(f":material/rule: {texts.count('evaluation.unknown', len(found.unknown))}")
    _ready(app, texts, notebook, file.name, "upload", found.questions)


def _repeated(texts: Texts, name: str, found: QuestionFile) -> None:
    if found.repeated:
        lines = ", ".join(map(str, found.repeated[:20])) + (", …" if len(found.repeated) > 20 else "")
        told = texts.error("QUESTIONS_TWICE", {"name": name, "lines": lines})
        code = texts("errors.code", code="QUESTIONS_TWICE")
        st.warning(f"{told}  \n:small[{code}]", icon=":material/content_copy:")


def _suggested(app: AppServices, texts: Texts, notebook: NotebookRow, ticked: Sequence[DocumentRow]) -> None:
    st.caption(f":material/auto_awesome: {texts('evaluation.suggested_limits')}")
    count = st.segmented_control(
        texts("evaluation.how_many"), options=COUNTS, default=20, key=f"count-{notebook.id}", required=True
    )
    ids = tuple((row.id, row.extractor) for row in ticked)
    found = _suggestions(app.library, ticked, ids, int(count or COUNTS[0]))
    if not found:
        raise RagError("NOTHING_TO_SUGGEST")
    _ready(app, texts, notebook, "suggested", "suggested", found)


@st.cache_data(max_entries=32, show_spinner=False)
def _suggestions(
    _library: Library, _ticked: Sequence[DocumentRow], ids: tuple[tuple[int, str], ...], count: int
) -> tuple[NewQuestion, ...]:
    # The ids name the rows in the cache: an id is never given twice.
    sources = [Readable(row.name, row.language, _library.store.pages(row.id)) for row in _ticked]
    return tuple(suggest(sources, count))


def _ready(
    app: AppServices,
    texts: Texts,
    notebook: NotebookRow,
    name: str,
    origin: Origin,
    questions: Sequence[NewQuestion],
) -> None:
    st.markdown(f"**{texts.count('evaluation.questions', len(questions))}**")
    for number, question in enumerate(questions[:SHOWN], start=1):
        st.markdown(_shown(texts, number, question))
    if len(questions) > SHOWN:
        st.caption(texts.count("evaluation.more", len(questions) - SHOWN))
    memory = st.toggle(texts("evaluation.memory"), value=True, key=f"run-memory-{notebook.id}")
    st.button(
        texts("evaluation.start"),
        key=f"start-run-{origin}",
        type="primary",
        icon=":material/play_arrow:",
        on_click=act,
        args=(_start, app, notebook.id, name, origin, questions, memory),
    )
    st.caption(f":material/low_priority: {texts('evaluation.behind')}")


def _start(
    app: AppServices, notebook_id: int, name: str, origin: Origin, questions: Sequence[NewQuestion], memory: bool
) -> None:
    run_id = app.library.evaluate(notebook_id, name, origin, questions, memory=memory)
    state.choose("run", notebook_id, run_id)
    state.next_upload()
    app.wake()


def _shown(texts: Texts, number: int, question: NewQuestion) -> str:
    """Return a question with what is expected as markdown; a table of them would be wider than a phone."""
    expected = escape(" | ".join(question.expected)) or texts("evaluation.nothing_expected")
    page = citations.page_name(texts, question.page - 1, "") if question.page else ""
    facts = [f"**{expected}**", *(escape(part) for part in (question.document, page) if part)]
    return f"{number}\\. {escape(question.question)}  \n:small[{' · '.join(facts)}]"
