"""The bundled Gemma 3 GGUF written as a transformers folder with bf16 safetensors.

transformers opens GGUF itself, in about a minute and again at every start; this reads the file once, in seconds, with
progress. ggml stores Gemma's norm weights with 1 added; transformers adds it in the forward pass, so it is taken off.
"""

import hashlib
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from rag.gguf_file import GgufFile, read

Progress = Callable[[int, int], None]
PIECE = 1 << 20
LAYER_NAMES = {
    "attn_q": "self_attn.q_proj",
    "attn_k": "self_attn.k_proj",
    "attn_v": "self_attn.v_proj",
    "attn_output": "self_attn.o_proj",
    "attn_q_norm": "self_attn.q_norm",
    "attn_k_norm": "self_attn.k_norm",
    "attn_norm": "input_layernorm",
    "post_attention_norm": "post_attention_layernorm",
    "ffn_norm": "pre_feedforward_layernorm",
    "post_ffw_norm": "post_feedforward_layernorm",
    "ffn_gate": "mlp.gate_proj",
    "ffn_up": "mlp.up_proj",
    "ffn_down": "mlp.down_proj",
}
LOCAL_LAYERS_PER_GLOBAL = 6  # Gemma 3: five layers with a sliding window, then one without
LOCAL_ROPE_BASE = 10_000.0  # of the sliding layers; the GGUF stores only that of the global ones


def join(parts: Sequence[Path], target: Path, sha256: str, progress: Progress) -> bool:
    """Write ``parts`` one after the other into ``target``; tell whether the SHA-256 of the whole is ``sha256``."""
    digest, done = hashlib.sha256(), 0
    total = sum(part.stat().st_size for part in parts)
    with target.open("wb") as out:
        for part in parts:
            with part.open("rb") as source:
                while piece := source.read(PIECE):
                    digest.update(piece)
                    done += out.write(piece)
                    progress(done, total)
    return digest.hexdigest() == sha256


def write_folder(source: Path, folder: Path, progress: Progress) -> None:
    """Write weights, configuration and tokenizer of ``source`` into ``folder``."""
    from safetensors.torch import save_file

    folder.mkdir(parents=True, exist_ok=True)
    gguf = read(source)
    weights = {}
    for done, entry in enumerate(gguf.tensors):
        progress(done, len(gguf.tensors) + 1)
        weights[_name(entry.name)] = _tensor(gguf, done)
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    (folder / "config.json").write_text(json.dumps(_config(gguf.metadata), indent=2) + "\n", encoding="utf-8")


def write_tokenizer(source: Path, folder: Path) -> None:
    """Write the tokenizer of ``source``, rebuilt by transformers: its merges follow from the order of the pieces."""
    from transformers import GemmaTokenizer

    tokenizer = GemmaTokenizer.from_pretrained(source.parent, gguf_file=source.name, local_files_only=True)
    tokenizer.save_pretrained(folder)


def _name(name: str) -> str:
    if name == "token_embd.weight":
        return "model.embed_tokens.weight"
    if name == "output_norm.weight":
        return "model.norm.weight"
    _, layer, part, kind = name.split(".")
    return f"model.layers.{layer}.{LAYER_NAMES[part]}.{kind}"


def _tensor(gguf: GgufFile, index: int) -> Any:
    import torch

    entry = gguf.tensors[index]
    values = torch.from_numpy(gguf.values(entry).copy())
    if entry.name.endswith("norm.weight"):
        values -= 1
    return values.to(torch.bfloat16)


def _config(metadata: dict[str, Any]) -> dict[str, Any]:
    def field(name: str) -> Any:
        return metadata["gemma3." + name]

    layers = field("block_count")
    kinds = [
        "sliding_attention" if (index + 1) % LOCAL_LAYERS_PER_GLOBAL else "full_attention" for index in range(layers)
    ]
    return {
        "architectures": ["Gemma3ForCausalLM"],
        "model_type": "gemma3_text",
        "dtype": "bfloat16",
        "bos_token_id": metadata["tokenizer.ggml.bos_token_id"],
        "eos_token_id": metadata["tokenizer.ggml.eos_token_id"],
        "pad_token_id": metadata["tokenizer.ggml.padding_token_id"],
        "vocab_size": len(metadata["tokenizer.ggml.tokens"]),
        "hidden_size": field("embedding_length"),
        "intermediate_size": field("feed_forward_length"),
        "num_hidden_layers": layers,
        "num_attention_heads": field("attention.head_count"),
        "num_key_value_heads": field("attention.head_count_kv"),
        "head_dim": field("attention.key_length"),
        "query_pre_attn_scalar": field("attention.key_length"),
        "rms_norm_eps": field("attention.layer_norm_rms_epsilon"),
        "max_position_embeddings": field("context_length"),
        "sliding_window": field("attention.sliding_window"),
        "layer_types": kinds,
        "hidden_activation": "gelu_pytorch_tanh",
        "tie_word_embeddings": True,
        "rope_parameters": {
            "full_attention": {"rope_type": "default", "rope_theta": field("rope.freq_base")},
            "sliding_attention": {"rope_type": "default", "rope_theta": LOCAL_ROPE_BASE},
        },
    }
