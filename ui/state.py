"""What a browser tab remembers: ids and view choices, nothing else.

The open notebook and the language stand in the address, so that a refresh or a copied address shows the same page.
"""

from collections.abc import Sequence
from typing import Literal, NamedTuple, cast, get_args

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from ingest.types import Language
from rag.rows import NotebookRow

Kind = Literal["citation", "passage"]
Level = Literal["error", "info"]
Dialog = Literal[
    "rename",
    "model_settings",
    "answering",
    "reword",
    "compare",
    "new_note",
    "edit_note",
    "drop_note",
    "export",
    "delete",
    "about",
    "passages",
    "enlarge",
    "item",
    "drop_run",
    "conversation",
    "rename_conversation",
    "delete_conversation",
    "feedback",
    "answer",
    "drop_answer",
    "drop_versions",
    "drop_guide",
    "edit_card",
    "drop_card",
    "enlarge_place",
    "rename_quiz",
    "drop_quiz",
    "quiz_page",
    "edit_item",
    "add_item",
]
QuizView = Literal["practise", "review"]

_NOTEBOOK, CONVERSATION, _LANGUAGE, _QUIZ, _VIEW = "notebook", "conversation", "lang", "quiz", "view"
_PLACE, _REVEALED = "opened_place", "revealed_card"
_OPENED, _DIALOG, _NOTICES, _RECEIPTS, _ROUND, _UPLOADS = (
    "opened_page",
    "dialog",
    "notices",
    "receipts",
    "upload_round",
    "uploads",
)


class Opened(NamedTuple):
    """The page beside an answer: its n-th citation or passage, from 0."""

    answer_id: int
    kind: Kind
    position: int


class Place(NamedTuple):
    """The page of a citation of a study aid: which view cites it, its number there from 0, and where it was pressed."""

    view: str
    position: int
    where: str = ""


class Notice(NamedTuple):
    """Something to tell after an action: an error code, or a catalogue key, with what fills the sentence.

    ``about`` names what it concerns where an action has many parts.
    """

    level: Level
    key: str
    values: dict[str, str]
    about: str = ""


def language() -> Language:
    """Return the language chosen in the address, else the browser's, else English."""
    wanted = st.query_params.get(_LANGUAGE) or st.context.locale or "en"
    return "fr" if wanted.lower().startswith("fr") else "en"


def choose_language(value: Language) -> None:
    """Keep a language in the address."""
    st.query_params[_LANGUAGE] = value


def current_notebook(notebooks: Sequence[NotebookRow]) -> NotebookRow | None:
    """Return the notebook named in the address, else the newest, as the command line does."""
    wanted = st.query_params.get(_NOTEBOOK, "")
    named = [row for row in notebooks if str(row.id) == wanted]
    return max(named or notebooks, key=lambda row: row.id, default=None)


def open_notebook(notebook_id: int) -> None:
    """Show another notebook; an open page is closed."""
    st.query_params[_NOTEBOOK] = str(notebook_id)
    st.query_params.pop(CONVERSATION, None)
    close_page()


def opened_page() -> Opened | None:
    """Return the page that is open beside an answer."""
    value = st.session_state.get(_OPENED)
    return Opened(*value) if value else None


def open_page(answer_id: int, kind: Kind, position: int) -> None:
    """Open the page of a citation or a passage beside its answer."""
    st.session_state[_OPENED] = (answer_id, kind, position)


def close_page() -> None:
    """Close the page beside an answer."""
    st.session_state[_OPENED] = None


def opened_place(view: str) -> Place | None:
    """Return the page that is open in a view of a study aid."""
    value = st.session_state.get(_PLACE)
    return Place(*value) if value and value[0] == view else None


def open_place(view: str, position: int, where: str = "") -> None:
    """Open the page of a citation in the view that cites it; the one open before is closed."""
    st.session_state[_PLACE] = (view, position, where)


def close_place() -> None:
    """Close the page of a study aid."""
    st.session_state[_PLACE] = None


def opened_dialog() -> tuple[Dialog, int] | None:
    """Return which dialog is open, and for the id of which row."""
    return cast("tuple[Dialog, int] | None", st.session_state.get(_DIALOG))


def show_dialog(kind: Dialog, row_id: int) -> None:
    """Open a dialog with the next run of the page."""
    st.session_state[_DIALOG] = (kind, row_id)


def close_dialog() -> None:
    """Close the dialog."""
    st.session_state[_DIALOG] = None


def notices() -> list[Notice]:
    """Return what the last action has to tell; it stays until the next action."""
    return [Notice(*value) for value in st.session_state.get(_NOTICES, [])]


def notify(level: Level, key: str, values: dict[str, str], about: str = "") -> None:
    """Add something to tell."""
    st.session_state[_NOTICES] = [*st.session_state.get(_NOTICES, []), (level, key, values, about)]


def clear_notices() -> None:
    """Forget what the last action had to tell."""
    st.session_state[_NOTICES] = []


def add_receipt(name: str) -> None:
    """Remember a committed file until it has been told once."""
    st.session_state[_RECEIPTS] = [*st.session_state.get(_RECEIPTS, []), name]


def take_receipts() -> list[str]:
    """Return and forget the files to tell."""
    names = cast(list[str], st.session_state.get(_RECEIPTS, []))
    st.session_state[_RECEIPTS] = []
    return names


def chosen(kind: str, notebook_id: int) -> int:
    """Return the id of what this tab looks at among the rows of a kind, 0 for none chosen."""
    return int(st.session_state.get(f"{kind}-of-{notebook_id}", 0))


def choose(kind: str, notebook_id: int, row_id: int) -> None:
    """Look at a row of a kind."""
    st.session_state[f"{kind}-of-{notebook_id}"] = row_id


def revealed_card() -> int:
    """Return the id of the card whose back is shown, 0 for none."""
    return int(st.session_state.get(_REVEALED) or 0)


def reveal_card(card_id: int) -> None:
    """Show the back of a card; 0 hides it."""
    st.session_state[_REVEALED] = card_id


def chosen_quiz() -> int:
    """Return the id of the quiz named in the address, 0 for none."""
    named = st.query_params.get(_QUIZ, "")
    return int(named) if named.isdecimal() else 0


def choose_quiz(quiz_id: int) -> None:
    """Look at a quiz; how it is looked at is chosen anew."""
    st.query_params[_QUIZ] = str(quiz_id)
    st.query_params.pop(_VIEW, None)


def quiz_view(default: QuizView) -> QuizView:
    """Return how the quiz is looked at: as the address says, else by default."""
    named = st.query_params.get(_VIEW, "")
    return cast(QuizView, named) if named in get_args(QuizView) else default


def choose_quiz_view(view: QuizView) -> None:
    """Look at the quiz in this way."""
    st.query_params[_VIEW] = view


def place_in(attempt_id: int, default: int) -> int:
    """Return which question of an attempt this tab looks at, from 0."""
    return int(st.session_state.get(f"place-in-{attempt_id}", default))


def go_to(attempt_id: int, place: int) -> None:
    """Look at another question of an attempt."""
    st.session_state[f"place-in-{attempt_id}"] = place


def picked(key: str) -> tuple[str, ...]:
    """Return what was chosen as an answer and not yet given."""
    return tuple(st.session_state.get(f"picked-{key}", ()))


def pick(key: str, answers: Sequence[str]) -> None:
    """Remember what is chosen as an answer."""
    st.session_state[f"picked-{key}"] = list(answers)


def hint_seen(key: str) -> bool:
    """Tell whether the hint of a question was asked for."""
    return bool(st.session_state.get(f"hint-{key}", False))


def see_hint(key: str) -> None:
    """Show the hint of a question from now on."""
    st.session_state[f"hint-{key}"] = True


def upload_key(prefix: str) -> str:
    """Return the uploader's key of this round; a new round empties it."""
    return f"{prefix}-{st.session_state.get(_ROUND, 0)}"


def next_upload() -> None:
    """Empty every uploader."""
    st.session_state[_ROUND] = st.session_state.get(_ROUND, 0) + 1


def is_new_upload(file: UploadedFile) -> bool:
    """Tell whether this tab has not handed on this upload before, and remember it."""
    seen = st.session_state.get(_UPLOADS, [])
    st.session_state[_UPLOADS] = [*seen, file.file_id]
    return file.file_id not in seen


def mirror(key: str, value: object) -> str:
    """Make a widget show a stored value rather than what the tab remembers; return its key."""
    st.session_state[key] = value
    return key
