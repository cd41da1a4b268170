"""Every generator streams, greedily or drawn, exactly the text that follows the prompt, and stops where it is told."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import torch

from rag.build import build_generator
from rag.decoding import Decoding, Writing
from rag.endpoint.address import read_address
from rag.endpoint.connect import connect
from rag.endpoint.generator import EndpointGenerator
from rag.endpoint.server import Server
from rag.errors import GenerationError, ModelError
from rag.generate import TransformersGenerator
from rag.graphed import reads_of
from rag.kv_cache import FIRST_BLOCK
from rag.next_words import TEMPERATURES, TellsNext, place_of
from rag.prepare import is_ready
from rag.settings import Settings
from rag.types import Generator, Prompt, Sampling
from tests import llama_server
from tests.rag import scripted_server
from tests.rag.scripted_server import Script
from tests.tiny_models import CPU, save_generator

QUESTION = "UTF-8 was designed by Ken Thompson and Rob Pike in 1992.\nQuestion: Who designed UTF-8, and when?\nAnswer:"
PROMPT = Prompt("", QUESTION[-40:], QUESTION[-40:])


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> TransformersGenerator:
    return TransformersGenerator(str(save_generator(tmp_path_factory.mktemp("models") / "tiny")), CPU, "tiny")


@pytest.fixture(scope="module")
def chat(tmp_path_factory: pytest.TempPathFactory) -> TransformersGenerator:
    return TransformersGenerator(str(save_generator(tmp_path_factory.mktemp("models") / "chat", chat=True)), CPU)


@pytest.fixture(scope="module")
def bundled() -> Generator:
    settings = Settings.from_environment()
    if not is_ready(settings, settings.generator):
        pytest.skip(f"the bundled generator is not prepared in {settings.models}")
    return build_generator(settings)


@pytest.fixture(scope="module")
def endpoint() -> Iterator[Generator]:
    """A chat model behind a server that writes what a script says."""
    with scripted_server.serve(Script(scripted_server.model)) as url:
        yield connect(Server(read_address(url))).generator


@pytest.fixture(scope="module")
def base_endpoint() -> Iterator[Generator]:
    """The same without turns of a conversation."""
    with scripted_server.serve(Script(scripted_server.model)) as url:
        yield EndpointGenerator(Server(read_address(url)), "tiny", is_chat=False)


@pytest.fixture(scope="module")
def llama(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Generator]:
    """The bundled model behind llama.cpp's own server."""
    with llama_server.serve(llama_server.write_gguf(tmp_path_factory.mktemp("llama"))) as url:
        yield connect(Server(read_address(url))).generator


@pytest.fixture(
    params=[
        "tiny",
        "chat",
        "endpoint",
        "base_endpoint",
        pytest.param("bundled", marks=pytest.mark.models),
        pytest.param("llama", marks=pytest.mark.models),
    ]
)
def generator(request: pytest.FixtureRequest) -> Generator:
    return request.getfixturevalue(request.param)


def write(generator: Generator, prompt: Prompt = PROMPT, **options: object) -> str:
    return "".join(token.text for token in generator.stream(prompt, max_tokens=24, **options))  # type: ignore[arg-type]


def greedy(generator: TransformersGenerator, ids: list[int], count: int) -> list[int]:
    """The reference: the likeliest token, ``count`` times, each from a whole pass without any cache."""
    written = list(ids)
    for _ in range(count):
        with torch.no_grad():
            written.append(int(generator._model(torch.tensor([written])).logits[0, -1].argmax()))
    return written[len(ids) :]


@pytest.mark.parametrize("top", [0, 3])
def test_tokens_are_the_likeliest_ones_with_and_without_drafts(tiny: TransformersGenerator, top: int) -> None:
    ids = tiny._tokenizer.encode("abcabcabcabcabc")
    decoding = Decoding(tiny._model, tiny._kept, ids, Writing(40, drafts=0 if top else 8, top=top))
    decoding.start(threading.Lock())
    assert [token_id for token_id, _ in decoding.tokens(lambda: False)] == greedy(tiny, ids, 40)


def test_asking_twice_gives_the_same(generator: Generator) -> None:
    assert write(generator) == write(generator)


def test_probabilities_come_from_the_raw_logits(tiny: TransformersGenerator) -> None:
    ids = tiny._tokenizer.encode(PROMPT.completion)
    with torch.no_grad():
        chances = tiny._model(torch.tensor([ids])).logits[0, -1].softmax(0)
    first = next(tiny.stream(PROMPT, max_tokens=8, top=5))
    if len(first.text.encode()) == 1:  # one byte, one token
        assert first.probability == pytest.approx(float(chances.max()), rel=1e-4)
    assert [chance for _, chance in first.alternatives] == pytest.approx(chances.topk(5).values.tolist(), rel=1e-4)


def test_alternatives_are_given_only_when_asked_for(generator: Generator) -> None:
    assert {(t.probability, t.alternatives) for t in generator.stream(PROMPT, max_tokens=5)} == {(None, ())}
    tokens = list(generator.stream(PROMPT, max_tokens=5, top=3))
    assert all(t.probability and 0 < t.probability <= 1 and len(t.alternatives) == 3 for t in tokens)


def test_equal_seeds_and_settings_draw_equal_texts(generator: Generator) -> None:
    drawn = [write(generator, sampling=Sampling(1.5, 0.95, seed)) for seed in (1, 2, 3)]
    torch.rand(5)  # what else draws in this process changes nothing
    assert [write(generator, sampling=Sampling(1.5, 0.95, seed)) for seed in (1, 2, 3)] == drawn
    assert len({*drawn, write(generator)}) > 1


@pytest.mark.parametrize("sampling", [Sampling(1.0, top_p=0.0), Sampling(0.5, top_p=1e-9, seed=9)])
def test_drawing_from_the_likeliest_alone_is_greedy(generator: Generator, sampling: Sampling) -> None:
    assert write(generator, sampling=sampling) == write(generator)


def test_a_drawn_token_keeps_its_probability_before_the_temperature(tiny: TransformersGenerator) -> None:
    ids = tiny._tokenizer.encode(PROMPT.completion)
    decoding = Decoding(tiny._model, tiny._kept, ids, Writing(12, top=2, sampling=Sampling(3.0, 0.9, 5)))
    decoding.start(threading.Lock())
    written = list(decoding.tokens(lambda: False))
    for place, (token_id, scored) in enumerate(written):
        before = [*ids, *(other for other, _ in written[:place])]
        with torch.no_grad():
            chances = tiny._model(torch.tensor([before])).logits[0, -1].softmax(0)
        assert scored.probability == pytest.approx(float(chances[token_id]), rel=1e-3)
        assert [chance for _, chance in scored.alternatives] == pytest.approx(chances.topk(2).values.tolist(), rel=1e-3)
    assert any(token_id != scored.alternatives[0][0] for token_id, scored in written)


def test_nothing_is_drafted_from_the_prompt_while_drawing(tiny: TransformersGenerator) -> None:
    repeated = "abcabcabcabcabcabc"
    ids = tiny._tokenizer.encode(repeated)
    decoding = Decoding(tiny._model, tiny._kept, ids, Writing(24, sampling=Sampling(2.0, 1.0, 3)))
    decoding.start(threading.Lock())
    alone = [token_id for token_id, _ in decoding.tokens(lambda: False)]
    text = write(tiny, Prompt("", repeated, repeated), sampling=Sampling(2.0, 1.0, 3))
    assert text == tiny._decode([*ids, *alone])[len(repeated) :]


def test_tokens_are_drawn_as_often_as_their_probability_says(tiny: TransformersGenerator) -> None:
    ids = tiny._tokenizer.encode("abc")
    with torch.no_grad():
        logits = tiny._model(torch.tensor([ids])).logits[0, -1].double()
    chances = (logits / 2).softmax(0)
    count = 300
    drawn = []
    for seed in range(count):
        decoding = Decoding(tiny._model, tiny._kept, ids, Writing(1, sampling=Sampling(2.0, 1.0, seed)))
        decoding.start(threading.Lock())
        drawn += [token_id for token_id, _ in decoding.tokens(lambda: False)]
    best = int(chances.argmax())
    spread = 4 * float(chances[best] * (1 - chances[best]) / count) ** 0.5
    assert drawn.count(best) / count == pytest.approx(float(chances[best]), abs=spread)


@pytest.mark.parametrize("name", ["tiny", "chat", pytest.param("bundled", marks=pytest.mark.models)])
def test_the_next_words_are_those_of_the_whole_softmax(name: str, request: pytest.FixtureRequest) -> None:
    generator = request.getfixturevalue(name)
    found = generator.next_words("UTF-8 was ")
    ids = generator._tokenizer.encode("UTF-8 was")  # as it stands, also for a model that chats
    with torch.no_grad():
        logits = generator._model(torch.tensor([ids])).logits[0, -1].double()
    assert (found.model_id, found.vocabulary, len(found.texts)) == (generator.model_id, len(logits), 20)
    for temperature in (0.1, 1.0, 2.0):
        expected = (logits / temperature).softmax(0).topk(20).values.tolist()
        assert found.chances[place_of(temperature, TEMPERATURES)] == pytest.approx(expected, rel=1e-3)


@pytest.mark.models
def test_the_bundled_model_goes_on_in_english_and_in_french(bundled: Generator) -> None:
    assert isinstance(bundled, TellsNext)
    assert bundled.next_words("Once upon a").texts[0] == " time"
    assert bundled.next_words("Il était une ").texts[0] == " fois"


def test_a_text_longer_than_the_context_is_read_from_its_end(tiny: TransformersGenerator) -> None:
    end = "b" * (tiny.context_tokens - 1)
    assert tiny.next_words("a" * 500 + end + "c") == tiny.next_words("d" * 500 + end + "c")


def test_text_ends_before_a_stop_string(generator: Generator) -> None:
    whole = write(generator)
    stop = whole[6:9]
    assert write(generator, stop=["never to be seen", stop]) == whole[: whole.index(stop)]


def test_max_tokens_is_kept(generator: Generator) -> None:
    assert 1 <= len(list(generator.stream(PROMPT, max_tokens=3))) <= 3


def test_stopping_keeps_what_came_and_ends_within_a_second(generator: Generator) -> None:
    came: list[str] = []
    for token in generator.stream(PROMPT, max_tokens=60, cancelled=lambda: len(came) >= 2):
        came.append(token.text)
        asked = time.monotonic()
    assert len(came) == 2
    assert time.monotonic() - asked < 1


def test_reading_a_long_prompt_is_broken_off(tiny: TransformersGenerator) -> None:
    passed: list[int] = []
    layers = tiny._model.model.layers
    watches = [layers[n].register_forward_hook(lambda *_, n=n: passed.append(n) or time.sleep(0.3)) for n in (0, 1)]
    try:
        assert list(tiny.stream(PROMPT, max_tokens=5, cancelled=lambda: bool(passed))) == []
        with tiny._turn:  # the next question's turn comes as soon as the first layer is done
            assert passed == [0]
    finally:
        for watch in watches:
            watch.remove()


def test_an_abandoned_stream_lets_the_next_one_go_on(generator: Generator) -> None:
    expected = write(generator)
    abandoned = generator.stream(PROMPT, max_tokens=100)
    next(abandoned)
    abandoned.close()  # type: ignore[attr-defined]
    assert write(generator) == expected


def test_two_askers_wait_for_each_other(generator: Generator) -> None:
    expected = write(generator)
    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(lambda _: write(generator), range(2))) == [expected, expected]


def test_a_prompt_without_room_for_an_answer_is_an_error(generator: Generator) -> None:
    long = "mot " * generator.context_tokens
    with pytest.raises(GenerationError, match=r"GENERATION|ENDPOINT_CONTEXT"):
        write(generator, Prompt("", long, long))


def test_chat_goes_through_the_template_and_a_document_cannot_end_the_turn(chat: TransformersGenerator) -> None:
    assert chat.is_chat
    ids = chat._encode(Prompt("Be brief.", "a </user> b", "unused"))
    assert chat._tokenizer.decode(ids) == "<user>Be brief.\n\na < /user> b</user>"
    assert ids.count(chat._tokenizer.convert_tokens_to_ids("</user>")) == 1


def test_a_base_model_reads_the_completion(tiny: TransformersGenerator) -> None:
    assert not tiny.is_chat
    assert tiny._tokenizer.decode(tiny._encode(Prompt("system", "user", "Answer: </s>"))) == "<s>Answer: < /s>"


def test_a_fault_of_the_model_reaches_the_asker(tiny: TransformersGenerator) -> None:
    handle = tiny._model.register_forward_pre_hook(lambda *_: (_ for _ in ()).throw(RuntimeError("bad kernel")))
    try:
        with pytest.raises(GenerationError, match="bad kernel"):
            write(tiny)
    finally:
        handle.remove()
    assert write(tiny)


def test_running_out_of_memory_has_its_own_message(tiny: TransformersGenerator) -> None:
    def fail(*_: object) -> None:
        raise torch.OutOfMemoryError("CUDA out of memory")

    handle = tiny._model.register_forward_pre_hook(fail)
    try:
        with pytest.raises(ModelError, match="MODEL_MEMORY"):
            write(tiny)
    finally:
        handle.remove()


def test_a_folder_with_pickled_weights_is_refused(tmp_path: Path) -> None:
    (tmp_path / "pytorch_model.bin").write_bytes(b"cos\nsystem\n")
    with pytest.raises(ModelError, match="MODEL_UNSAFE"):
        TransformersGenerator(str(tmp_path), CPU)


@pytest.mark.models
def test_the_bundled_model_answers_from_its_prompt(bundled: Generator) -> None:
    prompt = Prompt("", "", QUESTION)
    assert "".join(t.text for t in bundled.stream(prompt, max_tokens=20, stop=["\n"])).startswith(" Ken Thompson")
    assert (bundled.is_chat, bundled.context_tokens, bundled.model_id) == (False, 8192, "gemma-3-270m")


@pytest.mark.models
def test_the_bundled_model_copies_past_its_sliding_window(bundled: Generator) -> None:
    facts = " ".join(f"Station {n} was opened in {1900 + n}." for n in range(60))
    prompt = Prompt("", "", f"{facts}\n{facts[:500]}")
    assert bundled.count_tokens(prompt.completion) > 600
    text = "".join(t.text for t in bundled.stream(prompt, max_tokens=60))
    assert facts[500:620] == text[:120]


@pytest.mark.models
def test_the_bundled_model_behind_a_server_is_the_same_base_model(llama: Generator, bundled: Generator) -> None:
    """Its four bits are read as such by llama.cpp and as sixteen here, so figures agree roughly and words exactly."""
    prompt = Prompt("", "", QUESTION)
    first, same = (next(one.stream(prompt, max_tokens=20, stop=["\n"], top=5)) for one in (llama, bundled))
    assert (first.text, len(first.alternatives)) == (same.text, 5)
    assert first.probability == pytest.approx(same.probability, abs=0.15)
    assert "".join(t.text for t in llama.stream(prompt, max_tokens=20, stop=["\n"])).startswith(" Ken Thompson")
    assert (llama.is_chat, llama.model_id.split("@")[0]) == (False, "gemma-3-270m")
    assert llama.count_tokens(QUESTION) == bundled.count_tokens(QUESTION)


@pytest.mark.models
def test_the_bundled_model_writes_the_same_whatever_it_read_before(bundled: TransformersGenerator) -> None:
    facts = " ".join(f"Station {n} was opened in {1900 + n}." for n in range(12))
    first, second = (Prompt("", "", f"{facts}\nQuestion: When was station {n} opened?\nAnswer:") for n in (4, 7))
    write(bundled, first)
    after = write(bundled, second)
    bundled._kept = reads_of(bundled._model)
    assert write(bundled, second) == after != ""
    assert bundled.count_tokens(facts) > 2 * FIRST_BLOCK, "whole blocks are known the second time"
