"""What is told of a model, in words: its name, its size, what it needs, how fast it is here."""

from rag.choice import ModelChoice, without_place
from rag.model_card import ModelCard
from rag.rows import AnswerRow
from ui.escape import escape
from ui.numerals import decimal
from ui.services import AppServices
from ui.texts import Texts

BUNDLED_NAME = "Gemma 3 270M"
MEGABYTE = 1_000_000
LANGUAGES_NAMED = 8


def facts(app: AppServices, texts: Texts, card: ModelCard) -> list[tuple[str, str]]:
    """Return what is known of a model as (key of its label, markdown)."""
    models = app.library.models
    unknown, unmeasured = texts("models.unknown"), texts("models.unmeasured")
    speed = models.speed(card.model_id, card.choice, app.status().device)
    score = models.mcq_score(card.model_id, card.choice)
    reads = texts("models.speeds", reading=round(speed.reading), writing=decimal(texts, speed.writing)) if speed else ""
    return [
        *_taken(texts, card),
        ("context", texts("models.tokens", n=card.context)),
        ("licence", escape(card.licence) or unknown),
        ("languages", escape(texts.language_names(card.languages[:LANGUAGES_NAMED])) or unknown),
        ("speed", reads or unmeasured),
        ("mcq", texts("models.mcq_score", share=round(100 * score)) if score is not None else unmeasured),
    ]


def _taken(texts: Texts, card: ModelCard) -> list[tuple[str, str]]:
    """Return the disk and the memory that a model takes here."""
    if card.choice.kind == "endpoint":
        return [(label, texts("models.elsewhere")) for label in ("size", "memory")]
    weights = texts(f"models.weights_{card.choice.weights}")
    adapter = f" · {escape(without_place(card.choice.adapter))}" if card.choice.adapter else ""
    return [("size", size(texts, card.size)), ("memory", f"{size(texts, card.memory)} · {weights}{adapter}")]


def name_of(choice: ModelChoice) -> str:
    """Return a model's name for the screen."""
    return BUNDLED_NAME if choice.kind == "bundled" else choice.label


def full_name(choice: ModelChoice) -> str:
    """Return a model's name with what sets it apart from others of that name: its weights, its adapter."""
    weights = "" if choice.weights == "auto" else choice.weights
    return " · ".join(part for part in (name_of(choice), weights, without_place(choice.adapter)) if part)


def name_of_id(model_id: str) -> str:
    """Return the name for the screen of a model as answers name it."""
    bundled = ModelChoice().model_id
    name = model_id.removeprefix("bundled:")
    return f"{BUNDLED_NAME}{name.removeprefix(bundled)}" if name.startswith(bundled) else name


def written_by(app: AppServices, row: AnswerRow) -> str:
    """Return the name of the model that wrote an answer, or is to write it."""
    if row.choice is not None:
        return full_name(row.choice)
    return name_of_id(row.model_id or app.status().generator_id)


def size(texts: Texts, number: int) -> str:
    """Write a number of bytes as a person does, in megabytes or gigabytes."""
    if number < 1000 * MEGABYTE:
        return texts.plain("models.megabytes", n=max(1, round(number / MEGABYTE)))
    return texts.plain("models.gigabytes", n=decimal(texts, number / (1000 * MEGABYTE)))
