"""Grounded generation: the same prompt tokens and the same number of new tokens on both sides."""

import threading
from collections.abc import Sequence

from bench import documents, naive
from bench.extract import read
from bench.figures import Figure
from bench.measure import Spread, in_turn, ratio
from bench.stand import Stand
from rag.build import build_generator
from rag.decoding import Decoding, Writing
from rag.generate import LOOKUP_TOKENS, TransformersGenerator
from rag.graphed import reads_of
from rag.kv_cache import Kept
from rag.prompt import sources_prompt
from rag.types import Passage, Prompt

NEW_TOKENS = 48
PASSAGES, PASSAGE_CHARS, BUDGET = 4, 900, 2_000
QUESTIONS = (
    ("packet_switching.pdf", "What is packet switching?"),
    ("nsi_codage_caracteres.pdf", "En quelle année la norme ASCII a-t-elle été publiée ?"),
    ("sciences_lectures_1.pdf", "Who first described how things burn?"),
)


def measure(stand: Stand) -> list[Figure]:
    """Answer from four passages each, greedily, exactly 48 tokens; say how many tokens are the same."""
    ours = build_generator(stand.settings)
    if not isinstance(ours, TransformersGenerator):
        raise RuntimeError("the bundled generator is none of transformers")
    theirs = naive.NaiveGenerator(stand.generator_folder, stand.device.name)
    prompts = [ours._encode(prompt) for prompt in grounded_prompts(stand, ours)]
    kept = reads_of(ours._model)
    times = in_turn(
        {
            "ours": lambda: forced(ours, kept, prompts),
            "naive": lambda: [theirs.write(ids, NEW_TOKENS) for ids in prompts],
        },
        stand.repeats,
    )
    pairs = zip(forced(ours, kept, prompts), (theirs.write(ids, NEW_TOKENS) for ids in prompts), strict=True)
    alike = [_agreement(own, other) for own, other in pairs]
    total = NEW_TOKENS * len(prompts)
    lengths = ", ".join(str(len(ids)) for ids in prompts)
    return [
        Figure(
            "grounded generation, prompt included",
            "tokens/s",
            times["ours"].rates(total),
            times["naive"].rates(total),
            ratio(times["naive"].wall, times["ours"].wall),
            least=2.5,
            note=f"{NEW_TOKENS} tokens after prompts of {lengths}",
        ),
        Figure("first tokens that both write alike, of 48", "", Spread.of(alike)),
    ]


def grounded_prompts(stand: Stand, generator: TransformersGenerator) -> list[Prompt]:
    """Return the prompts of three questions over passages of three sample PDFs."""
    documents_by_name = {upload.name: upload for upload in documents.samples()}
    prompts = []
    for name, question in QUESTIONS:
        document = read(stand, documents_by_name[name])
        text = "\n".join(page.text for page in document.pages)
        starts = range(0, PASSAGES * PASSAGE_CHARS, PASSAGE_CHARS)
        passages = [_passage(n, name, text[at : at + PASSAGE_CHARS]) for n, at in enumerate(starts, start=1)]
        prompt = sources_prompt(
            question, document.language, passages, budget=BUDGET, count_tokens=generator.count_tokens
        )
        prompts.append(prompt)
    return prompts


def forced(generator: TransformersGenerator, kept: Kept, prompts: Sequence[Sequence[int]]) -> list[list[int]]:
    """Return exactly 48 greedy tokens a prompt, by the generator's own decoding, with no token that ends the text.

    What was read stays in ``kept``, as in the app: a prompt is read from where it differs from the one before, which is
    after its fixed beginning, and on a GPU the step that was captured for one serves the next.
    """
    found = []
    for ids in prompts:
        decoding = Decoding(generator._model, kept, ids, Writing(NEW_TOKENS, drafts=LOOKUP_TOKENS))
        decoding.start(threading.Lock())
        found.append([token for token, _ in decoding.tokens(lambda: False)])
    return found


def _passage(n: int, name: str, text: str) -> Passage:
    return Passage(n, 0, "", name, 0, "1", "", text, 0, len(text), 0.0)


def _agreement(ours: Sequence[int], theirs: Sequence[int]) -> int:
    """Count the tokens before the first one that differs: in lower precision another may be likeliest."""
    if len(ours) != len(theirs):
        raise RuntimeError(f"{len(ours)} and {len(theirs)} tokens")
    return next((place for place, pair in enumerate(zip(ours, theirs, strict=True)) if pair[0] != pair[1]), len(ours))
