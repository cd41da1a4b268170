"""The simplest way to a quiz, to compare with: one prompt over the first passages asks for all questions at once."""

import re
from collections.abc import Sequence

from ingest.language import sentences
from ingest.types import Language
from rag.prompt import fence
from rag.rows import ChunkRow
from rag.runaway import cut_runaway, runaway_start
from rag.study.material import Material
from rag.study.types import OPTIONS, Item, Option, identified
from rag.terms import content_words, stem
from rag.types import Citation, Generator, Prompt

VERSION = "one-prompt-1"
PASSAGE_TOKENS = 800
ITEM_TOKENS = 60

_SYSTEM: dict[Language, str] = {
    "en": (
        "You write quizzes for students. From the text, write {count} multiple-choice questions with four options, "
        "exactly one of them right. Write for each, on lines of their own: Question:, A), B), C), D), and Answer: with "
        "the letter of the right option."
    ),
    "fr": (
        "Tu écris des quiz pour des étudiants. À partir du texte, écris {count} questions à choix multiple avec quatre "
        "options, dont une seule est juste. Écris pour chacune, chaque fois sur une ligne : Question :, A), B), C), D) "
        "et Réponse : avec la lettre de la bonne option."
    ),
}
_TEXT = {"en": "Text", "fr": "Texte"}
_QUESTION = re.compile(
    r"^\W*(?:\d+\s*[.):]\s*)?(?:Question\s*\d*\s*[:.)]|\d+\s*[.)])\s*\**(?P<text>.+)$", re.IGNORECASE
)
_OPTION = re.compile(r"^\W*(?P<letter>[A-D])\s*[.):]\s*\**(?P<text>.+)$")
_ANSWER = re.compile(r"^\W*(?:Correct )?(?:Answer|R[ée]ponse)[^:]*:\W*(?P<text>.+)$", re.IGNORECASE)


def write(generator: Generator, material: Material, count: int) -> tuple[list[Item], int]:
    """Return the items that the model wrote, and how many of its questions had no four options or no right one."""
    language = material.documents[0].language
    passages = _first(material, generator)
    text = "\n\n".join(fence(chunk.text) for chunk in passages)
    system = _SYSTEM[language].format(count=count)
    user = f"{_TEXT[language]}:\n{text}"
    prompt = Prompt(system, user, f"{user}\n\n{system}\n\nQuestion: ")
    written = "" if generator.is_chat else "Question: "
    for token in generator.stream(prompt, max_tokens=count * ITEM_TOKENS):
        written += token.text
        # A question too many ends it: the model is not made to go on for nothing.
        if runaway_start(written) is not None or len(parse(written)) > count:
            break
    blocks = parse(cut_runaway(written)[0])[:count]
    items = [_item(block, passages, language, generator.model_id) for block in blocks]
    return [item for item in items if item is not None], items.count(None)


def _first(material: Material, generator: Generator) -> list[ChunkRow]:
    kept: list[ChunkRow] = []
    used = 0
    for chunk in material.chunks:
        used += generator.count_tokens(chunk.text)
        if kept and used > min(PASSAGE_TOKENS, generator.context_tokens // 2):
            break
        kept.append(chunk)
    return kept


def parse(text: str) -> list[dict[str, str]]:
    """Return the questions of a text, as far as they are there: ``question``, ``A`` to ``D``, ``answer``."""
    blocks: list[dict[str, str]] = []
    for line in text.splitlines():
        if option := _OPTION.match(line):
            if blocks:
                blocks[-1].setdefault(option["letter"], option["text"].strip(" *"))
        elif answer := _ANSWER.match(line):
            if blocks:
                blocks[-1].setdefault("answer", answer["text"].strip(" *"))
        elif question := _QUESTION.match(line):
            blocks.append({"question": question["text"].strip(" *")})
    return blocks


def _item(block: dict[str, str], passages: Sequence[ChunkRow], language: Language, model_id: str) -> Item | None:
    letters = "ABCD"[:OPTIONS]
    texts = {letter: block[letter] for letter in letters if block.get(letter)}
    given = block.get("answer", "")
    named = given[:1].upper() if re.match(r"[A-Da-d]\b", given) else ""
    key = named or next((letter for letter, text in texts.items() if given and text.lower() == given.lower()), "")
    if len(texts) < OPTIONS or key not in texts:
        return None
    options = tuple(Option(text, letter == key) for letter, text in texts.items())
    source = _nearest(f"{block['question']} {texts[key]}", passages)
    item = Item(
        "choice",
        block["question"],
        tuple(options),
        texts[key],
        source,
        language,
        model_id=model_id,
        prompt_version=VERSION,
    )
    return identified(item)


def _nearest(text: str, passages: Sequence[ChunkRow]) -> Citation:
    """Cite the sentence that shares most words with a question and its answer: the prompt asks for no page."""
    wanted = {stem(word) for word in content_words(text)}
    spans = [(chunk, *span) for chunk in passages for span in sentences(chunk.text, chunk.language)]
    chunk, start, end = max(
        spans, key=lambda s: len(wanted & {stem(word) for word in content_words(s[0].text[s[1] : s[2]])})
    )
    return Citation(
        1, chunk.sha256, chunk.document, chunk.page_index, chunk.page_label, chunk.text[start:end],
        chunk.start + start, chunk.start + end, chunk.extractor,
    )  # fmt: skip
