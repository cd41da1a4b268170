"""Models of a few thousand random weights, saved as real ones are, so that a test loads them in a moment."""

from pathlib import Path

import torch
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import Normalize, Pooling, Transformer
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors
from transformers import (
    BertConfig,
    BertModel,
    Gemma3ForCausalLM,
    Gemma3TextConfig,
    GPT2Config,
    GPT2LMHeadModel,
    PreTrainedTokenizerFast,
    Qwen3Config,
    Qwen3ForCausalLM,
)

from rag.device import Device

CPU = Device("cpu", "float32", 1, "CPU · 1 core")
CHAT_TEMPLATE = (
    "{% for m in messages %}{% if m.role == 'system' %}{{ raise_exception('no system role') }}{% endif %}"
    "<user>{{ m.content }}</user>{% endfor %}"
)


def byte_tokenizer(longest: int) -> PreTrainedTokenizerFast:
    """A token a byte, between <s> and </s>."""
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    specials = ["<pad>", "<s>", "</s>", "<unk>", "<user>", "</user>"]
    vocabulary = {text: index for index, text in enumerate(specials + alphabet)}
    tokenizer = Tokenizer(models.BPE(vocab=vocabulary, merges=[], unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens(specials)
    tokenizer.post_processor = processors.TemplateProcessing(single="<s> $A", special_tokens=[("<s>", 1)])
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        bos_token="<s>",
        eos_token="</s>",
        pad_token="<pad>",
        unk_token="<unk>",
        model_max_length=longest,
    )


def save_embedder(folder: Path) -> Path:
    """A sentence-transformers folder: BERT, two layers, mean pooling, its own prompts, at most 32 tokens."""
    torch.manual_seed(7)
    size = {"hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 32}
    bert = folder.with_name("bert")
    BertModel(BertConfig(vocab_size=262, max_position_embeddings=32, **size)).save_pretrained(bert)
    byte_tokenizer(32).save_pretrained(bert)
    modules = [Transformer(str(bert), max_seq_length=32), Pooling(16, "mean"), Normalize()]
    prompts = {"query": "Q ", "document": "D "}
    SentenceTransformer(modules=modules, prompts=prompts, device="cpu").save(str(folder))
    return folder


def save_encoder(folder: Path) -> Path:
    """The folder of an encoder as the reader wants it: BERT, two layers, 384 tokens."""
    torch.manual_seed(7)
    size = {"hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 32}
    BertModel(BertConfig(vocab_size=262, max_position_embeddings=384, **size)).save_pretrained(folder)
    byte_tokenizer(384).save_pretrained(folder)
    return folder


def save_generator(folder: Path, *, chat: bool = False) -> Path:
    """A Gemma 3 with a sliding window of 8 tokens, so that answers reach past it."""
    torch.manual_seed(11)
    config = Gemma3TextConfig(
        vocab_size=262,
        hidden_size=32,
        intermediate_size=64,
        num_hidden_layers=2,
        num_attention_heads=2,
        num_key_value_heads=1,
        head_dim=16,
        sliding_window=8,
        layer_types=["sliding_attention", "full_attention"],
        max_position_embeddings=128,
        pad_token_id=0,
        bos_token_id=1,
        eos_token_id=2,
    )
    network = Gemma3ForCausalLM(config)
    for parameter in network.parameters():
        torch.nn.init.normal_(parameter, std=0.35)
    network.save_pretrained(folder)
    tokenizer = byte_tokenizer(128)
    tokenizer.chat_template = CHAT_TEMPLATE if chat else None
    tokenizer.save_pretrained(folder)
    return folder


def save_qwen3(folder: Path, *, hidden: int = 32, longest: int = 128) -> Path:
    """A chat model with the shape of Qwen3: grouped queries, normalised heads, a head of its own."""
    torch.manual_seed(13)
    config = Qwen3Config(
        vocab_size=262,
        hidden_size=hidden,
        intermediate_size=2 * hidden,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        head_dim=hidden // 4,
        max_position_embeddings=longest,
        tie_word_embeddings=False,
        pad_token_id=0,
        bos_token_id=1,
        eos_token_id=2,
    )
    Qwen3ForCausalLM(config).save_pretrained(folder)
    tokenizer = byte_tokenizer(longest)
    tokenizer.chat_template = CHAT_TEMPLATE
    tokenizer.save_pretrained(folder)
    return folder


def save_gpt2(folder: Path) -> Path:
    """A base model with the shape of GPT-2: learned positions, one matrix for words in and out, no chat template."""
    torch.manual_seed(17)
    config = GPT2Config(
        vocab_size=262, n_positions=128, n_embd=32, n_layer=2, n_head=2, bos_token_id=1, eos_token_id=2, pad_token_id=0
    )
    GPT2LMHeadModel(config).save_pretrained(folder)
    byte_tokenizer(128).save_pretrained(folder)
    return folder
