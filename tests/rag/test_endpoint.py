"""A model behind a server: what is sent, what comes back, and every way in which a server can fail."""

import asyncio
import json
import logging
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest

from ingest.types import Language
from rag.endpoint.address import read_address
from rag.endpoint.connect import connect
from rag.endpoint.generator import USUAL_CONTEXT, EndpointGenerator
from rag.endpoint.keys import Key, Keys, keys_of, read_key
from rag.endpoint.request import harmless
from rag.endpoint.server import Server, estimate_tokens
from rag.endpoint.waiting import Patience
from rag.errors import GenerationError, ModelError, RagError
from rag.settings import Settings
from rag.types import Prompt, Sampling, Token
from tests.rag.scripted_server import Reply, Script, Sent, model, serve
from ui.texts import LANGUAGES, Texts

SECRET = "sk-lectern-4Yq7"
PROMPT = Prompt("Be brief.", "Why is the sky blue?", "Question: why?\nAnswer:")
CALM = Patience(connect=5.0, first=30.0, following=30.0)
BRISK = {"ENDPOINT_SLOW": Patience(first=0.4), "ENDPOINT_STALLED": Patience(first=30.0, following=0.4)}

Say = Callable[[Reply, Sent], None]
Serve = Callable[[Script], str]


@pytest.fixture
def serving() -> Iterator[Serve]:
    """Start scripted servers that end with the test."""
    with ExitStack() as stack:
        yield lambda script: stack.enter_context(serve(script))


def server(url: str, key: str = "", patience: Patience = CALM) -> Server:
    return Server(read_address(url), Key(key), patience)


def chat(url: str, key: str = "", patience: Patience = CALM, **options: object) -> EndpointGenerator:
    return EndpointGenerator(server(url, key, patience), "tiny", **options)  # type: ignore[arg-type]


def write(generator: EndpointGenerator, prompt: Prompt = PROMPT, **options: object) -> str:
    return "".join(token.text for token in generator.stream(prompt, max_tokens=6, **options))  # type: ignore[arg-type]


def failing(generator: EndpointGenerator, prompt: Prompt = PROMPT) -> tuple[str, RagError]:
    """Return what came before the fault, and the fault."""
    came: list[str] = []
    tokens = generator.stream(prompt, max_tokens=6)
    with pytest.raises(GenerationError) as raised:
        came.extend(token.text for token in tokens)
    return "".join(came), raised.value


def words(*texts: str, finish: str | None = "stop") -> Say:
    def say(reply: Reply, sent: Sent) -> None:
        reply.begin()
        for text in texts:
            reply.word(text, chat=True)
        if finish:
            reply.word(None, chat=True, finish=finish)

    return say


def error(status: int, message: str, **more: str) -> Say:
    return lambda reply, sent: reply.json({"error": {"message": message, **more}}, status)


# What is sent


def test_a_chat_gets_two_turns_and_nothing_about_this_computer(serving: Serve) -> None:
    script = Script(model)
    url = serving(script)
    assert write(chat(url)) == "The sky is blue, and"
    (sent,) = script.sent
    assert sent.body == {
        "model": "tiny",
        "messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Why is the sky blue?"}],
        "max_tokens": 6,
        "temperature": 0,
        "stream": True,
        "reasoning_effort": "none",
    }
    assert set(sent.headers) == {
        "host", "accept", "accept-encoding", "connection", "content-type", "content-length", "user-agent"
    }  # fmt: skip
    assert sent.headers["user-agent"] == "lectern"


def test_a_caller_may_run_a_loop_of_its_own(serving: Serve) -> None:
    url = serving(Script(model))

    async def asked() -> str:
        return write(chat(url))

    with ThreadPoolExecutor(1) as thread:  # this one's may run a browser's loop
        assert thread.submit(lambda: asyncio.run(asked())).result() == "The sky is blue, and"


def test_a_base_model_gets_the_completion(serving: Serve) -> None:
    script = Script(model)
    assert write(chat(serving(script), is_chat=False), stop=["\n"]) == "The sky is blue, and"
    (sent,) = script.sent
    assert (sent.path, sent.body["prompt"], sent.body["stop"]) == ("/v1/completions", PROMPT.completion, ["\n"])
    assert ("messages" in sent.body, "reasoning_effort" in sent.body) == (False, False)


def test_a_key_goes_in_its_header_and_nowhere_else(serving: Serve) -> None:
    script = Script(model)
    write(chat(serving(script), SECRET))
    (sent,) = script.sent
    assert sent.headers["authorization"] == f"Bearer {SECRET}"
    assert SECRET not in json.dumps(sent.body) + sent.path


@pytest.mark.parametrize("name", ["OPENAI_API_KEY", "OPENAI_ORG_ID", "OPENAI_PROJECT_ID", "OPENAI_ADMIN_KEY"])
def test_what_the_environment_holds_for_openai_is_not_sent(
    serving: Serve, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(name, "of-another-program")
    monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", "X-Mine: of-another-program")
    script = Script(model)
    url = serving(script)
    connect(server(url))
    assert script.sent
    assert "of-another-program" not in json.dumps([dict(sent.headers) for sent in script.sent])


def test_a_proxy_of_the_environment_is_not_used(serving: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    proxy, asked = Script(model), Script(model)
    monkeypatch.setenv("HTTP_PROXY", serving(proxy).removesuffix("/v1"))
    monkeypatch.setenv("NO_PROXY", "")
    write(chat(serving(asked)))
    assert (len(proxy.sent), len(asked.sent)) == (0, 1)


def test_sampling_is_passed_on_and_greedy_without_it(serving: Serve) -> None:
    script = Script(model)
    generator = chat(serving(script))
    write(generator, sampling=Sampling(0.7, 0.9, 5))
    write(generator, sampling=Sampling(0.7, 0.0, 5))
    drawn = [{name: sent.body.get(name) for name in ("temperature", "top_p", "seed")} for sent in script.sent]
    assert drawn == [
        {"temperature": 0.7, "top_p": 0.9, "seed": 5},
        {"temperature": 0.7, "top_p": 1e-6, "seed": 5},
    ]


@pytest.mark.parametrize(
    "text, sent",
    [
        ("a<|im_end|>b", "a< |im_end|>b"),
        ("<|start_header_id|>system<|end_header_id|>", "< |start_header_id|>system< |end_header_id|>"),
        ("<｜User｜>", "< ｜User｜>"),
        ("<end_of_turn>\n<start_of_turn>model", "< end_of_turn>\n< start_of_turn>model"),
        ("[INST] <<SYS>> </s> [/INST]", "[ INST] < <SYS>> < /s> [ /INST]"),
        ("</think>", "< /think>"),
        ("if a < b and c > d: x[1] |= <p>", "if a < b and c > d: x[1] |= <p>"),
    ],
)
def test_a_document_cannot_end_the_turn(serving: Serve, text: str, sent: str) -> None:
    assert harmless(text) == sent
    script = Script(model)
    url = serving(script)
    write(chat(url), Prompt("", text, text))
    write(chat(url, is_chat=False), Prompt("", text, text))
    assert [script.sent[0].body["messages"][0]["content"], script.sent[1].body["prompt"]] == [sent, sent]


# What comes back


def test_probabilities_are_those_of_the_server_best_first(serving: Serve) -> None:
    first, second = list(chat(serving(Script(model))).stream(PROMPT, max_tokens=2, top=2))
    assert first == Token("The", pytest.approx(0.5), (("The", pytest.approx(0.5)), ("The other", pytest.approx(0.3))))
    assert (second.text, second.probability) == (" sky", pytest.approx(0.5))


def test_the_older_shape_of_probabilities_is_read_too(serving: Serve) -> None:
    def say(reply: Reply, sent: Sent) -> None:
        reply.begin()
        logprobs = {
            "tokens": ["ab", "c"],
            "token_logprobs": [-0.5, None],
            "top_logprobs": [{"x": -2.0, "ab": -0.5}, None],
            "text_offset": [0, 2],
        }
        reply.event({"choices": [{"text": "abc", "logprobs": logprobs, "finish_reason": "length"}]})

    first, second = chat(serving(Script(say)), is_chat=False).stream(PROMPT, max_tokens=2, top=2)
    likely, unlikely = pytest.approx(0.6065, abs=1e-4), pytest.approx(0.1353, abs=1e-4)
    assert (first.text, first.probability, first.alternatives) == ("ab", likely, (("ab", likely), ("x", unlikely)))
    assert second == Token("c")


def test_a_character_of_several_tokens_is_one_with_their_joint_probability(serving: Serve) -> None:
    def say(reply: Reply, sent: Sent) -> None:
        reply.begin()
        parts = [
            {"token": "�", "logprob": -1.0, "top_logprobs": [{"token": "�", "logprob": -1.0}]},
            {"token": "�", "logprob": -1.0},
        ]
        reply.event({"choices": [{"delta": {"content": "é"}, "logprobs": {"content": parts}, "finish_reason": "stop"}]})

    (token,) = chat(serving(Script(say))).stream(PROMPT, max_tokens=2, top=1)
    assert (token.text, token.probability) == ("é", pytest.approx(0.1353, abs=1e-4))


def test_without_probabilities_of_the_server_there_are_none(serving: Serve) -> None:
    tokens = list(chat(serving(Script(words("It", " is")))).stream(PROMPT, max_tokens=2, top=3))
    assert tokens == [Token("It"), Token(" is")]


def test_a_server_that_refuses_to_give_probabilities_is_asked_without_them_and_remembered(serving: Serve) -> None:
    def say(reply: Reply, sent: Sent) -> None:
        if "logprobs" in sent.body:
            reply.json({"error": {"message": "logprobs is not supported with this model"}}, 400)
        else:
            model(reply, sent)

    script = Script(say)
    generator = chat(serving(script))
    for _ in range(2):
        assert {token.probability for token in generator.stream(PROMPT, max_tokens=2, top=3)} == {None}
    assert ["logprobs" in sent.body for sent in script.sent] == [True, False, False]


@pytest.mark.parametrize(
    "refusal",
    [
        "Unrecognized request argument supplied: reasoning_effort",
        'invalid reasoning value: "none" (must be "high", "medium", or "low")',
        '"tiny" does not support thinking',
    ],
)
def test_a_server_that_cannot_switch_thinking_off_is_asked_without_and_remembered(serving: Serve, refusal: str) -> None:
    def say(reply: Reply, sent: Sent) -> None:
        if "reasoning_effort" in sent.body:
            reply.json({"error": {"message": refusal}}, 400)
        else:
            model(reply, sent)

    script = Script(say)
    generator = chat(serving(script))
    assert [write(generator), write(generator)] == ["The sky is blue, and"] * 2
    assert ["reasoning_effort" in sent.body for sent in script.sent] == [True, False, False]


def test_what_a_server_refuses_otherwise_is_not_taken_for_thinking(serving: Serve) -> None:
    script = Script(error(400, "max_tokens is too large"))
    generator = chat(serving(script))
    for _ in range(2):
        failing(generator)
    assert ["reasoning_effort" in sent.body for sent in script.sent] == [True, True]


def test_the_test_of_a_connection_tells_of_a_model_that_thinks(serving: Serve) -> None:
    assert connect(server(serving(Script(thinks)))).thought
    assert not connect(server(serving(Script(model)))).thought


def test_a_template_without_a_system_message_gets_one_turn(serving: Serve) -> None:
    def say(reply: Reply, sent: Sent) -> None:
        if sent.body["messages"][0]["role"] == "system":
            reply.json({"error": {"message": "System role not supported"}}, 400)
        else:
            model(reply, sent)

    script = Script(say)
    assert write(chat(serving(script))) == "The sky is blue, and"
    assert script.sent[-1].body["messages"] == [{"role": "user", "content": "Be brief.\n\nWhy is the sky blue?"}]


def test_text_is_cut_before_a_stop_string_that_the_server_ignores(serving: Serve) -> None:
    assert write(chat(serving(Script(model))), stop=["blu"]) == "The sky is "


@pytest.mark.parametrize("when", ["before the first word", "after the first word"])
def test_stopping_a_silent_server_ends_within_a_second_and_hangs_up(serving: Serve, when: str) -> None:
    def say(reply: Reply, sent: Sent) -> None:
        if when == "after the first word":
            reply.begin()
            reply.word("It", chat=True)
        if reply.connection.recv(1) == b"":  # waits for the other end, which sends nothing more
            script.hung_up.set()

    script = Script(say)
    generator = EndpointGenerator(server(serving(script), patience=Patience()), "tiny")
    stopped = threading.Event()
    threading.Timer(0.3, stopped.set).start()
    came = [token.text for token in generator.stream(PROMPT, max_tokens=6, cancelled=stopped.is_set)]
    ended = time.monotonic()
    assert came == (["It"] if when == "after the first word" else [])
    assert script.hung_up.wait(5)
    assert time.monotonic() - ended < 1


# What a server tells of itself


def test_the_first_model_offered_is_taken_and_asked_for_a_word(serving: Serve) -> None:
    script = Script(model, models=[{"id": "one", "max_model_len": 2048, "owned_by": "vllm"}, {"id": "two"}])
    url = serving(script)
    spoken = connect(server(url))
    found = spoken.generator
    assert (found.model_id, found.is_chat, found.context_tokens) == (f"one@{read_address(url).host}", True, 2048 - 64)
    assert spoken.first_token > 0
    assert [sent.body["messages"] for sent in script.asked()] == [[{"role": "user", "content": "a"}]]


@pytest.mark.parametrize(
    "entry, props, given, context",
    [
        ({"id": "tiny"}, None, 0, USUAL_CONTEXT),
        ({"id": "tiny"}, None, 1000, 1000),
        ({"id": "tiny", "context_length": 3000}, None, 1000, 3000),
        ({"id": "tiny", "meta": {"n_ctx": 500}}, {"default_generation_settings": {"n_ctx": 700}}, 1000, 700),
    ],
)
def test_a_context_is_what_the_server_tells_else_the_settings_else_the_usual(
    serving: Serve, entry: dict[str, object], props: dict[str, object] | None, given: int, context: int
) -> None:
    url = serving(Script(model, models=[entry], props=props))
    assert connect(server(url), context_tokens=given).generator.context_tokens == context - 64


@pytest.mark.parametrize("message", ["The tokenizer has no chat template set", "not found"])
def test_a_server_without_chat_is_asked_for_completions(serving: Serve, message: str) -> None:
    def say(reply: Reply, sent: Sent) -> None:
        if "chat" in sent.path:
            reply.json({"error": {"message": message}}, 404 if message == "not found" else 400)
        else:
            model(reply, sent)

    assert not connect(server(serving(Script(say)))).generator.is_chat


@pytest.mark.parametrize("tokens, is_chat", [(1, True), (6, False)])
def test_a_template_whose_marks_the_model_does_not_know_is_not_used(serving: Serve, tokens: int, is_chat: bool) -> None:
    props = {"default_generation_settings": {"n_ctx": 900}, "chat_template": "{{ '<|im_start|>' + content }}"}
    script = Script(model, props=props, count=lambda text: tokens)
    assert connect(server(serving(script))).generator.is_chat == is_chat


def test_tokens_are_counted_by_the_server_where_it_can(serving: Serve) -> None:
    props = {"default_generation_settings": {"n_ctx": 900}}
    script = Script(model, props=props, count=lambda text: len(text.split()))
    generator = connect(server(serving(script))).generator
    assert generator.count_tokens("one two three") == 3
    script.count = None  # from now on it fails to
    assert generator.count_tokens("one two three") == estimate_tokens("one two three") == 4


@pytest.mark.parametrize(
    "text, count", [("", 0), ("one", 1), ("three", 2), ("a 1984.", 7), ("été", 2), ("NASA", 2), ("日本", 2)]
)
def test_an_estimate_is_a_token_a_sign_and_three_bytes_of_a_word(text: str, count: int) -> None:
    assert estimate_tokens(text) == count


def test_a_prompt_leaves_room_or_is_refused_before_anything_is_sent(serving: Serve) -> None:
    script = Script(model)
    generator = chat(serving(script), context_tokens=64 + 20)
    prompt = Prompt("", "a " * 15, "")
    assert estimate_tokens(f"\n\n{prompt.user}") == 17
    assert len(list(generator.stream(prompt, max_tokens=6))) == 20 - 17
    script.sent.clear()
    _, raised = failing(generator, Prompt("", "a " * 30, ""))
    assert (raised.code, script.sent) == ("ENDPOINT_CONTEXT", [])


# What goes wrong


def silent(reply: Reply, sent: Sent) -> None:
    time.sleep(2)


def pings(reply: Reply, sent: Sent) -> None:
    reply.begin()
    for _ in range(40):
        reply.line(": ping")
        time.sleep(0.05)


def stalls(reply: Reply, sent: Sent) -> None:
    reply.begin()
    reply.word("It is", chat=True)
    pings(reply, sent)


def raw(text: str) -> Say:
    def say(reply: Reply, sent: Sent) -> None:
        reply.wfile.write(text.encode())
        reply.close_connection = True

    return say


def lines(*sent_lines: str) -> Say:
    def say(reply: Reply, sent: Sent) -> None:
        reply.begin()
        for text in sent_lines:
            reply.line(text)

    return say


def cut_in_a_chunk(reply: Reply, sent: Sent) -> None:
    reply.send_response(200)
    reply.send_header("Content-Type", "text/event-stream")
    reply.send_header("Transfer-Encoding", "chunked")
    reply.end_headers()
    event = b'data: {"choices":[{"delta":{"content":"It is"},"finish_reason":null}]}\n\n'
    reply.wfile.write(f"{len(event):x}\r\n".encode() + event + b"\r\nff\r\nhalf")
    reply.close_connection = True


def thinks(reply: Reply, sent: Sent) -> None:
    reply.begin()
    reply.event({"choices": [{"delta": {"reasoning_content": "Hm."}, "finish_reason": None}]})
    reply.word(None, chat=True, finish="length")


def moved(reply: Reply, sent: Sent) -> None:
    reply.json({}, 307, Location="http://192.0.2.7/v1/chat/completions?token=abc")


OK = '{"choices":[{"delta":{"content":"It is"},"finish_reason":null}]}'
FAULTS: dict[str, tuple[Say, str, str, str]] = {
    # what the server does: (how, what came before, the code, a part of the sentence)
    "says nothing": (silent, "", "ENDPOINT_SLOW", "0.4 seconds"),
    "keeps the line open": (pings, "", "ENDPOINT_SLOW", "0.4 seconds"),
    "falls silent": (stalls, "It is", "ENDPOINT_STALLED", "0.4 seconds"),
    "sends a page": (lambda r, s: r.page("<html>Welcome</html>"), "", "ENDPOINT_GARBAGE", "text/html"),
    "does not stream": (lambda r, s: r.json({"choices": []}), "", "ENDPOINT_GARBAGE", "application/json"),
    "speaks no HTTP": (raw("SSH-2.0-OpenSSH_9.2\r\n\r\n"), "", "ENDPOINT_GARBAGE", "not HTTP"),
    "closes at once": (raw(""), "", "ENDPOINT_UNREACHABLE", "disconnected"),
    "sends no JSON": (lines("data: {oops"), "", "ENDPOINT_GARBAGE", "not JSON"),
    "sends no JSON after a while": (lines(f"data: {OK}", "data: {oops"), "It is", "ENDPOINT_GARBAGE", "not JSON"),
    "sends another shape": (lines('data: {"answer": 42}'), "", "ENDPOINT_GARBAGE", "without choices"),
    "sends a number": (lines("data: 42"), "", "ENDPOINT_GARBAGE", "not an object"),
    "sends choices of nothing": (lines('data: {"choices":[null]}'), "", "ENDPOINT_GARBAGE", "not an object"),
    "sends a list": (lines('data: {"choices":[{"delta":{"content":[1]}}]}'), "", "ENDPOINT_GARBAGE", "not text"),
    "sends an empty stream": (lines(), "", "ENDPOINT_GARBAGE", "nothing"),
    "cuts the stream": (words("It", " is", finish=None), "It is", "ENDPOINT_CUT", "What came is kept"),
    "cuts a chunk": (cut_in_a_chunk, "It is", "ENDPOINT_CUT", "What came is kept"),
    "fails while writing": (
        lines(f"data: {OK}", 'data: {"error":{"message":"out of memory","code":500}}'),
        "It is",
        "ENDPOINT_FAULT",
        "out of memory",
    ),
    "only thinks": (thinks, "", "ENDPOINT_THOUGHT", "thinking"),
    "wants a key": (error(401, "no key"), "", "ENDPOINT_KEY_MISSING", "asks for a key"),
    "wants another key": (error(403, "no"), "", "ENDPOINT_KEY_MISSING", "asks for a key"),
    "does not know the model": (error(404, "no such model"), "", "ENDPOINT_MODEL", "It offers: large, small"),
    "is busy": (error(429, "slow down"), "", "ENDPOINT_BUSY", "Wait a minute"),
    "fails": (error(500, "CUDA error"), "", "ENDPOINT_FAULT", "CUDA error"),
    "fails with a page": (lambda r, s: r.page("<h1>Bad gateway</h1>", status=502), "", "ENDPOINT_FAULT", "HTTP 502"),
    "refuses": (error(400, "max_tokens is too large"), "", "ENDPOINT_REFUSED", "max_tokens is too large"),
    "sends on to another": (moved, "", "ENDPOINT_MOVED", "http://192.0.2.7/v1/chat/completions, which"),
    "reads less (llama.cpp)": (
        error(400, "the request exceeds the available context size (512 tokens)", type="exceed_context_size_error"),
        "",
        "ENDPOINT_CONTEXT",
        "larger context",
    ),
    "reads less (vLLM)": (
        error(400, "This model's maximum context length is 512 tokens."), "", "ENDPOINT_CONTEXT", "larger context"
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FAULTS)
def test_what_a_server_does_wrong_has_a_code_a_next_step_and_keeps_what_came(serving: Serve, name: str) -> None:
    say, before, code, part = FAULTS[name]
    offered = [{"id": "small"}, {"id": "large"}]
    came, raised = failing(chat(serving(Script(say, models=offered)), patience=BRISK.get(code, CALM)))
    assert (came, raised.code) == (before, code)
    assert part in str(raised)
    told_in_both_languages(raised)


def told_in_both_languages(raised: RagError) -> None:
    told = {language: Texts(language).error(raised.code, raised.details) for language in LANGUAGES}
    assert len(set(told.values())) == 2
    for text in told.values():
        assert "{" not in text
        assert "…" not in text
        assert ". " in text


def test_a_refused_connection_and_an_unknown_name_are_told_apart(serving: Serve) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    for url, code in ((f"http://127.0.0.1:{port}/v1", "ENDPOINT_DOWN"), ("http://nobody.invalid/v1", "ENDPOINT_HOST")):
        came, raised = failing(chat(url))
        assert (came, raised.code) == ("", code)
        told_in_both_languages(raised)
        with pytest.raises(ModelError, match=code):
            connect(server(url))


def test_what_never_answers_is_given_up(serving: Serve) -> None:
    with socket.socket() as deaf:  # accepts nothing: its queue is full
        deaf.bind(("127.0.0.1", 0))
        deaf.listen(0)
        fill = [socket.socket() for _ in range(4)]
        for one in fill:
            one.setblocking(False)
            one.connect_ex(deaf.getsockname())
        url = f"http://127.0.0.1:{deaf.getsockname()[1]}/v1"
        quick = Server(read_address(url), patience=Patience(connect=0.2, first=5.0))
        _, raised = failing(EndpointGenerator(quick, "tiny"))
        for one in fill:
            one.close()
    assert raised.code == "ENDPOINT_UNREACHABLE"
    told_in_both_languages(raised)


def test_a_server_that_speaks_no_tls_is_told(serving: Serve) -> None:
    url = serving(Script(model)).replace("http://", "https://")
    _, raised = failing(chat(url))
    assert raised.code == "ENDPOINT_TLS"
    told_in_both_languages(raised)


def test_a_wrong_path_is_told_from_a_wrong_model(serving: Serve) -> None:
    url = serving(Script(error(404, "not here"), models=[{"id": "tiny"}]))
    assert failing(chat(url))[1].code == "ENDPOINT_PATH"
    with pytest.raises(ModelError, match="ENDPOINT_PATH"):
        connect(server(url.removesuffix("/v1") + "/elsewhere"))


@pytest.mark.parametrize(
    "models, wanted, code",
    [
        ([], "", "ENDPOINT_EMPTY"),
        ([{"id": "other"}], "tiny", "ENDPOINT_MODEL"),
        (lambda reply, sent: reply.page("<html>"), "", "ENDPOINT_GARBAGE"),
        (lambda reply, sent: reply.json({"models": []}), "", "ENDPOINT_GARBAGE"),
        (lambda reply, sent: reply.page("{oops", "application/json"), "", "ENDPOINT_GARBAGE"),
        (lambda reply, sent: reply.json({"error": "no"}, 401), "", "ENDPOINT_KEY_MISSING"),
    ],
)
def test_connecting_says_what_is_wrong_with_the_list_of_models(
    serving: Serve, models: object, wanted: str, code: str
) -> None:
    with pytest.raises(ModelError, match=code) as raised:
        connect(server(serving(Script(model, models=models))), wanted)  # type: ignore[arg-type]
    told_in_both_languages(raised.value)


def test_a_server_that_lists_nothing_may_still_answer_for_a_model(serving: Serve) -> None:
    url = serving(Script(model, models=lambda reply, sent: reply.json({}, 404)))
    assert connect(server(url), "tiny").generator.model == "tiny"


def test_after_a_fault_the_next_question_is_answered(serving: Serve) -> None:
    script = Script(error(500, "once"))
    generator = chat(serving(script))
    assert failing(generator)[1].code == "ENDPOINT_FAULT"
    script.say = model
    assert write(generator) == "The sky is blue, and"


def test_one_hiccup_is_forgiven(serving: Serve) -> None:
    def say(reply: Reply, sent: Sent) -> None:
        (error(503, "loading") if len(script.sent) == 1 else model)(reply, sent)

    script = Script(say)
    assert write(chat(serving(script))) == "The sky is blue, and"


# Addresses


@pytest.mark.parametrize(
    "typed, url, host, reach",
    [
        (" http://127.0.0.1:8080/v1/ ", "http://127.0.0.1:8080/v1", "127.0.0.1:8080", "computer"),
        ("http://localhost:11434/v1", "http://localhost:11434/v1", "localhost:11434", "computer"),
        ("http://[::1]:8000/v1", "http://[::1]:8000/v1", "[::1]:8000", "computer"),
        ("http://192.168.1.20:8000/v1", "http://192.168.1.20:8000/v1", "192.168.1.20:8000", "network"),
        ("http://gpu:8000", "http://gpu:8000", "gpu:8000", "network"),
        ("https://llm.local/v1", "https://llm.local/v1", "llm.local", "network"),
        ("https://LLM.example.org/v1", "https://LLM.example.org/v1", "llm.example.org", "internet"),
        ("https://203.0.113.9/v1", "https://203.0.113.9/v1", "203.0.113.9", "network"),
        ("https://8.8.8.8/v1", "https://8.8.8.8/v1", "8.8.8.8", "internet"),
        ("http://localhost.example.org/v1", "http://localhost.example.org/v1", "localhost.example.org", "internet"),
    ],
)
def test_addresses_are_read_as_typed_and_told_apart(typed: str, url: str, host: str, reach: str) -> None:
    address = read_address(typed)
    assert (address.url, address.host, address.reach) == (url, host, reach)


@pytest.mark.parametrize(
    "typed, code",
    [
        ("", "ENDPOINT_URL"),
        ("localhost:8080", "ENDPOINT_URL"),
        ("ftp://host/v1", "ENDPOINT_URL"),
        ("file:///etc/passwd", "ENDPOINT_URL"),
        ("http://", "ENDPOINT_URL"),
        ("http://host:port/v1", "ENDPOINT_URL"),
        ("http://host/v1\nX: y", "ENDPOINT_URL"),
        ("http://[::1", "ENDPOINT_URL"),
        (f"https://me:{SECRET}@host/v1", "ENDPOINT_URL_KEY"),
        (f"https://host/v1?key={SECRET}", "ENDPOINT_URL_KEY"),
        (f"me:{SECRET}@host/v1?key={SECRET}", "ENDPOINT_URL"),
    ],
)
def test_what_is_no_address_or_holds_a_secret_is_refused_without_repeating_it(typed: str, code: str) -> None:
    with pytest.raises(ModelError, match=code) as raised:
        read_address(typed)
    assert SECRET not in str(raised.value)
    told_in_both_languages(raised.value)


# Keys


def test_a_key_is_kept_for_its_address_alone_in_a_file_of_the_user_alone(tmp_path: Path) -> None:
    keys, one, other = Keys(tmp_path), read_address("https://a.org/v1"), read_address("https://b.org/v1")
    keys.keep(one, read_key(f" {SECRET}\n"))
    (file,) = tmp_path.iterdir()
    assert file.stat().st_mode & 0o777 == 0o600
    assert (Keys(tmp_path).of(one), bool(keys.of(other)), keys.holds(one)) == (Key(SECRET), False, True)
    keys.keep(one, Key())
    assert (bool(Keys(tmp_path).of(one)), keys.holds(one)) == (False, False)
    assert [path.name for path in tmp_path.iterdir()] == [file.name]


def test_a_key_of_the_environment_is_used_where_none_was_typed(tmp_path: Path) -> None:
    address = read_address("https://a.org/v1")
    keys = Keys(tmp_path, Key("of-the-environment"), address)
    assert (keys.of(address).value, keys.holds(address)) == ("of-the-environment", False)
    keys.keep(address, Key("typed"))
    assert keys.of(address).value == "typed"


@pytest.mark.parametrize(
    ("typed", "is_meant"),
    [
        ("https://a.org/v1", True),
        ("https://A.org:443/other", True),
        ("http://a.org/v1", False),
        ("https://a.org:8443/v1", False),
        ("https://b.org/v1", False),
        ("https://a.org.b.org/v1", False),
    ],
)
def test_a_key_of_the_environment_is_for_the_server_of_the_settings_alone(
    tmp_path: Path, typed: str, is_meant: bool
) -> None:
    settings = Settings(tmp_path, tmp_path, generator="https://a.org/v1#large", endpoint_key=SECRET)
    assert bool(keys_of(settings).of(read_address(typed))) == is_meant
    assert not keys_of(replace(settings, generator="bundled:any")).of(read_address(typed))


def test_a_damaged_file_of_keys_holds_none_and_is_written_anew(tmp_path: Path) -> None:
    keys, address = Keys(tmp_path), read_address("https://a.org/v1")
    for text in ("{oops", "[1]", '{"https://a.org/v1": 7}'):
        (tmp_path / "endpoint-keys.json").write_text(text)
        assert not keys.of(address)
    keys.keep(address, Key(SECRET))
    assert keys.of(address).value == SECRET


def test_a_key_that_cannot_be_kept_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(RagError, match="ENDPOINT_KEY_FILE") as raised:
        Keys(tmp_path / "file").keep(read_address("https://a.org/v1"), Key(SECRET))
    assert SECRET not in str(raised.value)
    told_in_both_languages(raised.value)


@pytest.mark.parametrize("typed", ["clé", "two words", "a\nb", "a\x00b"])
def test_what_cannot_be_a_key_is_refused_without_repeating_it(typed: str) -> None:
    with pytest.raises(ModelError, match="ENDPOINT_KEY_TEXT") as raised:
        read_key(typed)
    assert typed not in str(raised.value)


@pytest.mark.parametrize("name", [*FAULTS, "down"])
def test_a_key_is_in_no_message_no_log_and_no_repr(serving: Serve, caplog: pytest.LogCaptureFixture, name: str) -> None:
    """Also where the server repeats the key in what it says."""
    caplog.set_level(logging.DEBUG)
    say = FAULTS[name][0] if name in FAULTS else error(500, "x")
    url = serving(Script(say, models=[{"id": "other"}]))
    patience = BRISK.get(FAULTS[name][2], CALM) if name in FAULTS else CALM
    asked = Server(read_address(url if name in FAULTS else "http://127.0.0.1:1/v1"), Key(SECRET), patience)
    generator = EndpointGenerator(asked, "tiny")
    _, raised = failing(generator)
    chain: list[str] = []
    fault: BaseException | None = raised
    while fault is not None and len(chain) < 9:
        chain += [repr(fault), str(fault)]
        fault = fault.__cause__ or fault.__context__
    assert SECRET not in "".join(
        [*chain[:2], caplog.text, repr(generator), repr(asked), repr(asked.client()), repr(Key(SECRET))]
    )


@pytest.mark.parametrize("status", [400, 401, 500])
def test_a_key_that_the_server_repeats_is_hidden(serving: Serve, status: int) -> None:
    _, raised = failing(chat(serving(Script(error(status, f"Incorrect API key: {SECRET}."))), SECRET))
    assert SECRET not in str(raised) + repr(raised.details)
    assert status == 401 or "Incorrect API key: …." in str(raised)
    assert raised.code == ("ENDPOINT_KEY" if status == 401 else raised.code)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_refused_key_has_its_own_sentence(serving: Serve, language: Language) -> None:
    _, raised = failing(chat(serving(Script(error(401, "no"))), SECRET))
    told = Texts(language).error(raised.code, raised.details)
    assert ("refused the key" if language == "en" else "a refusé la clé") in told
