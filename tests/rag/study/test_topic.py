"""A topic in free words chooses its passages, in both languages, and is refused where the sources say nothing of it."""

import pytest

from ingest.types import Language
from rag.build import build_embedder
from rag.errors import RagError, Stopped
from rag.prepare import is_ready
from rag.settings import Settings
from rag.study.material import Material
from rag.study.topic import Found, on_topic
from rag.types import Embedder
from tests.rag.study.course import WordEmbedder, material


def sections(source: Material) -> Found:
    return [(section, list(section.sentences[1:])) for section in source.sections]


def headings(topic: str, language: Language = "en") -> list[str]:
    found = on_topic(topic, sections(material(language)), WordEmbedder(), lambda: False)  # type: ignore[arg-type]
    return [section.heading for section, _ in found]


@pytest.mark.parametrize("topic, language, heading", [("Copper", "en", "Copper"), ("le cuivre", "fr", "Le cuivre")])
def test_a_topic_of_the_sources_keeps_its_section(topic: str, language: Language, heading: str) -> None:
    assert heading in headings(topic, language)


def test_a_topic_that_is_not_there_names_the_nearest() -> None:
    with pytest.raises(RagError, match="TOPIC_NOT_FOUND") as caught:
        headings("zzzzqqqq wwwwxxxx")
    assert caught.value.details["topic"] == "zzzzqqqq wwwwxxxx"
    assert len(caught.value.details["known"].split(", ")) == 3


def test_stopping_is_heard() -> None:
    with pytest.raises(Stopped):
        on_topic("copper", sections(material()), WordEmbedder(), lambda: True)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def bundled() -> Embedder:
    settings = Settings.from_environment()
    if not is_ready(settings, settings.embedder):
        pytest.skip(f"the bundled embedder is not prepared in {settings.models}")
    return build_embedder(settings)


@pytest.mark.models
@pytest.mark.parametrize("topic", ["football", "Révolution française", "economic inequality", "droit romain"])
@pytest.mark.parametrize("language", ["en", "fr"])
def test_what_the_sources_do_not_speak_of_is_refused(bundled: Embedder, topic: str, language: Language) -> None:
    with pytest.raises(RagError, match="TOPIC_NOT_FOUND"):
        on_topic(topic, sections(material(language)), bundled, lambda: False)


@pytest.mark.models
@pytest.mark.parametrize(
    "topic, language, heading",
    [
        ("cooking bread", "en", "Bread"),
        ("le cuivre", "en", "Copper"),
        ("bees and honey", "fr", "Le miel"),
        ("récifs de corail", "fr", "Le corail"),
    ],
)
def test_meaning_finds_a_topic_across_languages(
    bundled: Embedder, topic: str, language: Language, heading: str
) -> None:
    found = on_topic(topic, sections(material(language)), bundled, lambda: False)
    assert heading in [section.heading for section, _ in found]
