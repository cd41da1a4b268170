"""The one dialog that may be open. It is a view choice, so a run of the page, for whatever reason, keeps it open."""

from collections.abc import Callable
from typing import Literal

import streamlit as st

from ui import state
from ui.answer_deletion import drop_answer, drop_versions
from ui.answering import answering
from ui.cards_list import drop_card, edit_card
from ui.comparing import compare
from ui.conversation_files import answer_files, conversation_files, feedback_files
from ui.conversation_list import delete_conversation, rename_conversation
from ui.evaluation_item import item
from ui.evaluation_run import drop_run
from ui.guard import guard
from ui.guide_run import drop_guide, enlarged_place
from ui.model_settings import model_settings
from ui.note_dialogs import drop_note, edit_note, new_note
from ui.notebook_dialogs import delete, export, rename
from ui.passages import passages
from ui.quiz_dialogs import drop_quiz, quiz_page, rename_quiz
from ui.quiz_edit import add_item, edit_item
from ui.reword import reword
from ui.services import AppServices
from ui.sources import about
from ui.texts import Texts
from ui.viewer import enlarged

Body = Callable[[AppServices, Texts, int], None]
Width = Literal["small", "medium", "large"]

# Each draws its content for the id of a notebook, a source, an answer, a run or a question of one.
_DIALOGS: dict[state.Dialog, tuple[str, Width, Body]] = {
    "rename": ("notebook.rename_title", "small", rename),
    "answering": ("answering.title", "medium", answering),
    "model_settings": ("model_settings.title", "medium", model_settings),
    "export": ("notebook.export_title", "small", export),
    "delete": ("notebook.delete_title", "small", delete),
    "about": ("sources.about_title", "large", about),
    "passages": ("answer.passages_title", "medium", passages),
    "reword": ("reword.title", "medium", reword),
    "compare": ("compare.title", "medium", compare),
    "new_note": ("notes.new_title", "medium", new_note),
    "edit_note": ("notes.edit_title", "medium", edit_note),
    "drop_note": ("notes.drop_title", "small", drop_note),
    "item": ("evaluation.item_title", "large", item),
    "drop_run": ("evaluation.drop_title", "small", drop_run),
    "conversation": ("files.conversation_title", "small", conversation_files),
    "rename_conversation": ("conversation.rename_title", "small", rename_conversation),
    "delete_conversation": ("conversation.delete_title", "small", delete_conversation),
    "feedback": ("feedback.title", "small", feedback_files),
    "answer": ("files.answer_title", "small", answer_files),
    "drop_answer": ("version.drop_title", "small", drop_answer),
    "drop_versions": ("version.drop_all_title", "small", drop_versions),
    "edit_card": ("cards.edit_title", "large", edit_card),
    "drop_card": ("cards.drop_title", "small", drop_card),
    "drop_guide": ("guide.drop_title", "small", drop_guide),
    "enlarge_place": ("guide.page_title", "large", enlarged_place),
    "enlarge": ("viewer.enlarge_title", "large", enlarged),
    "rename_quiz": ("quiz.rename_quiz", "small", rename_quiz),
    "drop_quiz": ("quiz.drop_title", "small", drop_quiz),
    "quiz_page": ("quiz.page_title", "large", quiz_page),
    "edit_item": ("quiz.edit_title", "large", edit_item),
    "add_item": ("quiz.add", "large", add_item),
}


def open_dialog(app: AppServices, texts: Texts) -> None:
    """Draw the dialog that the tab has open, if any."""
    opened = state.opened_dialog()
    if opened is None:
        return
    kind, row_id = opened
    title, width, content = _DIALOGS[kind]

    def body() -> None:
        with guard(texts):
            content(app, texts, row_id)

    st.dialog(texts(title), width=width, on_dismiss=state.close_dialog)(body)()
