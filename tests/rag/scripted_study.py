"""Makers of quizzes and guides that a reader can predict by hand: a sentence is an item."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from rag.errors import RagError, Stopped
from rag.source_guides.task import Step, Task
from rag.source_guides.types import GuideQuestion, SourceGuide
from rag.study.material import Material, Sentence
from rag.study.types import (
    Dropped,
    Guide,
    GuideKind,
    Item,
    Made,
    Option,
    Planned,
    Point,
    QuizEvent,
    QuizLanguage,
    QuizRequest,
    identified,
)


def choice(sentence: Sentence, model_id: str = "scripted") -> Item:
    """A question whose right answer is the first word of a sentence."""
    first = sentence.text.split()[0]
    options = (Option(first, True, "It stands there."), *(Option(f"{first}{n}", False) for n in range(3)))
    item = Item(
        type="choice",
        stem=f"What begins {sentence.text!r}?",
        options=options,
        answer=first,
        source=sentence.cite(),
        language=sentence.language,
        explanation=sentence.text,
        section=sentence.section,
        model_id=model_id,
    )
    return identified(item)


@dataclass
class ScriptedQuizMaker:
    """Makes an item of each sentence that ``kept`` does not use; "bad" drops, "fault" raises, "nothing" has no text.

    It reads for ``reading`` seconds first, and takes ``delay`` for each sentence.
    """

    delay: float = 0.0
    reading: float = 0.0
    requests: list[QuizRequest] = field(default_factory=list)
    kept: list[tuple[Item, ...]] = field(default_factory=list)

    def make(
        self,
        notebook_id: int,
        request: QuizRequest,
        material: Material,
        kept: Sequence[Item] = (),
        cancelled: Callable[[], bool] = lambda: False,
    ) -> Iterator[QuizEvent]:
        self.requests.append(request)
        self.kept.append(tuple(kept))
        read = time.monotonic() + self.reading
        while time.monotonic() < read:
            time.sleep(0.01)
            if cancelled():
                raise Stopped
        used = {(item.source.sha256, item.source.page_index, item.source.start) for item in kept}
        free = [s for s in material.sentences if (s.document.sha256, s.page_index, s.start) not in used]
        yield Planned(len(free), len(material.sections))
        left = request.count - len(kept)
        for sentence in free:
            time.sleep(self.delay)
            if cancelled() or not left:
                return
            if "fault" in sentence.text:
                raise ZeroDivisionError
            if "nothing" in sentence.text:
                raise RagError("NO_SOURCES")
            if "bad" in sentence.text:
                yield Dropped("blind")
            else:
                left -= 1
                yield Made(choice(sentence))


@dataclass
class ScriptedGuideMaker:
    """Makes a guide of every sentence, a tenth at a time; "fault" raises, "short" ends without a guide."""

    delay: float = 0.0

    def make(
        self,
        kind: GuideKind,
        material: Material,
        language: QuizLanguage,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> Iterator[int | Guide]:
        texts = " ".join(sentence.text for sentence in material.sentences)
        for percent in range(0, 100, 10):
            time.sleep(self.delay)
            if cancelled():
                return
            yield percent
        if "fault" in texts:
            raise ZeroDivisionError
        if "short" not in texts:
            points = tuple(Point(s.text, (s.cite(),)) for s in material.sentences)
            yield Guide(kind, "fr" if language == "document" else language, points, "scripted")


@dataclass
class ScriptedSourceGuideMaker:
    """Sums a source up in its first sentence and asks about each, one in a step; "fault" raises.

    It takes ``delay`` seconds for a step, and does not end a question while it is to give way.
    """

    delay: float = 0.0
    tasks: list[Task] = field(default_factory=list)

    def make(self, task: Task, gives_way: Callable[[], bool]) -> Iterator[Step]:
        self.tasks.append(task)
        found = [GuideQuestion(f"What about {s.text.split()[0]}?", s.cite()) for s in task.material.sentences]
        guide = task.begun or SourceGuide(task.row.language, task.row.title, summary=(found[0].at,))
        yield Step(50, None if task.again else guide)
        kept = list(() if task.again else guide.questions)
        for question in found[len(kept) :]:
            time.sleep(self.delay)
            if "fault" in question.at.quote:
                raise ZeroDivisionError
            while gives_way():
                yield Step(50)
            kept.append(question)
            guide = SourceGuide(guide.language, guide.title, summary=guide.summary, questions=tuple(kept))
            yield Step(60, None if task.again else guide)
        yield Step(100, guide)
