"""Conversations, versions and reasons as they are drawn and pressed."""

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from rag.library import Library
from rag.types import SourcedAnswer
from tests.ui import home
from ui.feedback import reasons

Draw = Callable[..., AppTest]


def words(app: AppTest) -> str:
    """Every text of the main part, without the marks that escaping adds."""
    drawn = [*app.markdown, *app.caption]
    return "\n".join(element.value for element in drawn).replace("\\", "").replace("\u2060", "")


def test_a_notebook_without_a_question_has_no_chooser(page: Draw, library: Library) -> None:
    home.ready(library)
    assert [box.label for box in page().selectbox] == ["Notebook"]


def test_a_conversation_is_chosen_and_another_one_begun(page: Draw, library: Library) -> None:
    source = home.ready(library)
    home.answered(library, home.sourced(source), question="First?")
    app = page()
    app.button(key="new-conversation-1").click().run()
    assert "## Ask your first question" in words(app)
    assert "## First?" not in words(app)
    assert app.button(key="new-conversation-1").disabled, "an empty one is begun once"

    home.answered(library, home.sourced(source), question="Second?")
    app = page()
    assert "## Second?" in words(app)
    assert "## First?" not in words(app)
    chooser = app.selectbox(key="open-conversation")
    assert chooser.options == ["Second?", "First?"]
    chooser.set_value(1).run()
    assert "## First?" in words(app)
    assert app.query_params["conversation"] == "1"
    app.chat_input[0].set_value("And when?").run()
    assert [row.question for row in library.conversation.answers(1, 1)] == ["First?", "And when?"]


def test_a_conversation_is_renamed_and_deleted_with_its_answers(page: Draw, library: Library) -> None:
    home.answered(library, home.sourced(home.ready(library)), question="First?")
    app = page()
    app.menu_button(key="conversation-actions-1").set_value("rename_conversation").run()
    app.text_input(key="title-1").set_value("Week 1").run()
    app.button(key="dialog-confirm").click().run()
    assert app.selectbox(key="open-conversation").options == ["Week 1"]
    app.menu_button(key="conversation-actions-1").set_value("delete_conversation").run()
    assert "Week 1: its question and all its answers will be deleted" in words(app)
    app.button(key="dialog-confirm").click().run()
    assert library.conversation.answers(1) == []
    assert library.conversations.rows(1) == []


def test_what_was_searched_is_shown_where_it_differs(page: Draw, library: Library) -> None:
    row = home.answered(library, home.sourced(home.ready(library)), question="And when?")
    assert "Searched for" not in words(page())
    library.conversation.save_searched(row.id, "When was ELIZA_1 described?")
    assert "Searched for: When was ELIZA_1 described?" in words(page())


def test_older_versions_can_be_looked_at_and_deleted(page: Draw, library: Library) -> None:
    source = home.ready(library)
    first = home.answered(library, home.sourced(source, text="It was 1966 [1]."))
    again = library.ask(1, first.question, conversation_id=first.conversation_id, turn=first.turn)
    library.conversation.claim_answer("test")
    library.conversation.save_sourced(again, home.sourced(source, text="It was in 1966 [1]."))
    library.conversation.finish_answer(again, "done")
    app = page()
    assert "Version 2 of 2" in words(app)
    assert "It was in 1966" in words(app)
    assert words(app).count("## Who described ELIZA?") == 1
    assert app.button(key=f"newer-{first.id}").disabled
    app.button(key=f"older-{first.id}").click().run()
    assert "Version 1 of 2" in words(app)
    assert "It was 1966" in words(app)
    app.menu_button(key=f"more-{first.id}").set_value("drop_answer").run()
    app.button(key="dialog-confirm").click().run()
    assert [row.id for row in library.conversation.answers(1)] == [again]
    assert "Version" not in words(app)


def test_an_older_version_can_be_looked_at_while_a_new_one_is_written(page: Draw, library: Library) -> None:
    first = home.answered(library, home.sourced(home.ready(library)))
    again = library.ask(1, first.question, conversation_id=first.conversation_id, turn=first.turn)
    home.streaming(library, again, sources="Being written")
    app = page()
    assert "Version 2 of 2" in words(app)
    assert "Being written" in words(app)
    app.button(key=f"older-{first.id}").click().run()
    assert "Version 1 of 2" in words(app)
    assert "Being written" not in words(app)
    assert app.button(key=f"cite-{first.id}-0")
    app.button(key=f"newer-{first.id}").click().run()
    assert "Being written" in words(app)


@pytest.mark.parametrize(
    ("language", "told"),
    [("en", "The same words as in version 1"), ("fr", "Les mêmes mots que dans la version 1")],
)
def test_the_same_words_again_are_explained(page: Draw, library: Library, language: str, told: str) -> None:
    source = home.ready(library)
    first = home.answered(library, home.sourced(source))
    for memory in (first.memory_text, "Somebody else."):
        again = library.ask(1, first.question, conversation_id=first.conversation_id, turn=first.turn)
        library.conversation.claim_answer("test")
        library.conversation.save_sourced(again, home.sourced(source))
        library.conversation.finish_answer(again, "done", memory_text=memory)
        assert (told in words(page({"lang": language}))) == (memory == first.memory_text)


def test_a_bad_answer_is_given_a_reason_and_some_words(page: Draw, library: Library) -> None:
    row = home.answered(library, home.sourced(home.ready(library)))
    app = page()
    assert [group.key for group in app.button_group] == ["language"]
    app.feedback[0].set_value(0).run()
    app.button_group(key=f"reason-{row.id}").set_value("wrong_source").run()
    app.text_input(key=f"comment-{row.id}").set_value("Page 9.").run()
    stored = library.conversation.answer(row.id)
    assert stored is not None
    assert (stored.feedback, stored.reason, stored.comment) == (-1, "wrong_source", "Page 9.")
    assert "Kept on this computer." in words(app)


def test_a_refusal_has_reasons_of_its_own(library: Library) -> None:
    source = home.ready(library)
    found = home.answered(library, home.sourced(source))
    refused = home.answered(library, SourcedAnswer("not_found", "", "", (), ()))
    assert "refused" not in reasons(found)
    assert reasons(refused) == ("refused", "wrong_language", "other")


@pytest.mark.parametrize("judged", [False, True])
def test_feedback_leaves_as_questions(page: Draw, library: Library, judged: bool) -> None:
    row = home.answered(library, home.sourced(home.ready(library)))
    if judged:
        library.conversation.set_feedback(row.id, 1)
    app = page()
    app.menu_button(key="notebook-actions-1").set_value("feedback").run()
    told = "Answers judged good: 1; bad: 0." if judged else "You have judged no answer of this notebook yet."
    assert told in words(app)
    assert len(app.get("download_button")) == 2 * judged
