"""The rules of the house over the source: each rule yields a line for everything that breaks it."""

import ast
import re
import string
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from ingest.errors import REFUSALS
from rag.errors import MESSAGES

ROOT = Path(__file__).parents[1]
PACKAGES = ("ui", "rag", "ingest", "evaluation", "training", "bench")
TEXT_SUFFIXES = {".py", ".toml", ".md", ".txt", ".json", ".ini", ".yml", ".yaml", ".sh", ""}

# Who may import whom; a package may always import itself. start.py runs before anything is installed.
MAY_IMPORT = {
    "app": {"ui"},
    "start": set(),
    "ui": {"evaluation", "rag", "ingest"},
    "rag": {"ingest"},
    "ingest": set(),
    "evaluation": {"rag", "ingest"},
    "training": {"evaluation", "rag", "ingest"},
    "bench": {"rag", "ingest", "evaluation"},
}

_TORCH = {
    "rag/decoding.py",
    "rag/device.py",
    "rag/embed.py",
    "rag/gemma.py",
    "rag/generate.py",
    "rag/graphed.py",
    "rag/kv_cache.py",
    "rag/packed.py",
    "rag/int8.py",
    "rag/loading.py",
    "rag/next_logits.py",
    "rag/reader.py",
    "rag/reader_network.py",
    "rag/weights.py",
    "bench/decode.py",
    "bench/machine.py",
    "bench/naive.py",
    "training/",
}
_STORAGE = {
    "rag/answer_records.py",
    "rag/archive.py",
    "rag/archive_conversations.py",
    "rag/archive_runs.py",
    "rag/conversation.py",
    "rag/conversations.py",
    "rag/database.py",
    "rag/evaluations.py",
    "rag/ingest_queue.py",
    "rag/leases.py",
    "rag/notes.py",
    "rag/rewordings.py",
    "rag/records.py",
    "rag/source_guides/store.py",
    "rag/store.py",
    "rag/study/attempts.py",
    "rag/study/cards.py",
    "rag/study/guides.py",
    "rag/study/queue.py",
    "rag/study/quizzes.py",
    "rag/study/records.py",
    "rag/study_tables.py",
    "rag/archive_study.py",
    "rag/tables.py",
    "rag/migrations/",
}
# Where each library may be imported: a file, or a folder that ends with a slash.
HOMES = {
    "streamlit": {"app.py", "ui/"},
    "altair": {"ui/clickable.py", "ui/next_chart.py", "ui/plots.py"},
    "pandas": {"ui/plots.py"},
    "faiss": {"rag/index.py", "bench/naive.py"},
    "tantivy": {"rag/keywords.py"},
    "torch": _TORCH,
    "transformers": {
        "rag/gemma.py",
        "rag/generate.py",
        "rag/graphed.py",
        "rag/kv_cache.py",
        "rag/loading.py",
        "rag/reader_network.py",
        "rag/weights.py",
        "training/",
        "bench/decode.py",
        "bench/machine.py",
        "bench/naive.py",
    },
    "sentence_transformers": {"rag/embed.py", "bench/naive.py"},
    "peft": {"rag/adapters.py", "training/"},
    "safetensors": {
        "rag/adapters.py",
        "rag/e5s1.py",
        "rag/gemma.py",
        "rag/loading.py",
        "rag/reader_network.py",
        "training/",
    },
    "tokenizers": {"rag/e5s1.py", "rag/reader_network.py"},
    "gguf": {"rag/gguf_file.py"},
    "sqlalchemy": _STORAGE,
    "alembic": {"rag/database.py", "rag/migrations/"},
    # A deck of Anki is a database of its own.
    "sqlite3": {"rag/database.py", "rag/doctor.py", "rag/export/anki.py"},
    "filelock": {"rag/holder.py", "rag/prepare.py", "rag/turn.py"},
    # What checks highlights reads the page by itself, in a process of its own.
    "pypdfium2": {"ingest/pdf_child.py", "evaluation/highlight_child.py", "bench/extract.py"},
    "pypdf": {"bench/naive.py"},
    "pynvml": {"rag/energy.py"},
    "PIL": {"ingest/pdf_child.py"},
    "langchain_text_splitters": {"ingest/chunk.py", "bench/naive.py"},
    "py3langid": {"ingest/language.py"},
    "sklearn": {"evaluation/", "training/"},
    "scipy": {"training/"},
    # Only rankings need it; a page imports evaluation.metrics without it.
    "ir_measures": {"evaluation/ranking.py"},
    "llguidance": {"rag/structured.py"},
    "fsrs": {"rag/study/schedule.py"},
    "openai": {"rag/endpoint/"},
    "genanki": {"rag/export/"},
    "docx": {"rag/export/"},
    "fpdf": {"rag/export/"},
    "pickle": set(),
    "marshal": set(),
    "shelve": set(),
    "dill": set(),
    "joblib": set(),
    "requests": set(),
    "httpx": set(),
}
MAX_LINES = 300
MAX_FUNCTION_LINES = 40
# The child process is started by path, alone, and so is one file; a migration is one list of columns.
LONG_FILES = {"ingest/pdf_child.py": 450}
LONG_FUNCTIONS = {"rag/migrations/versions/"}
# Replaces words of Streamlit's own by those of the catalogue; nothing that a user wrote comes near it.
STYLED = {"ui/builtin_words.py"}
VAGUE_NAMES = {"utils", "util", "helpers", "helper", "manager", "core", "common", "misc"}

_ERRORS = {"Refused", "RagError", "StorageError", "ModelError", "GenerationError"}
_MACHINE = re.compile(r"(?<![\w.~])/(?:work|home|root|Users|mnt|opt)/|[A-Z]:\\\\?Users")
_REGISTRY = re.compile(
    r"pypi\.org|pythonhosted\.org|npmjs\.(?:org|com)|crates\.io|proxy\.golang|--(?:extra-)?index-url"
)
_UNFINISHED = re.compile(r"\b(?:TODO|FIXME|XXX|HACK)\b")


@dataclass(frozen=True)
class Source:
    """A file of the repository; ``name`` is its path from the root, with slashes."""

    name: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    @property
    def package(self) -> str:
        return self.name.partition("/")[0].removesuffix(".py")


def read(path: Path) -> Source:
    return Source(path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8", errors="replace"))


def python_sources() -> list[Source]:
    paths = [ROOT / "app.py", ROOT / "start.py"]
    paths += [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]
    return [read(path) for path in paths]


def text_sources() -> list[Source]:
    folders = [ROOT / name for name in (*PACKAGES, ".ci", ".streamlit", ".github", "sample_docs")]
    paths = [*ROOT.glob("*"), *(path for folder in folders for path in folder.rglob("*"))]
    return [read(path) for path in paths if path.is_file() and path.suffix in TEXT_SUFFIXES]


def lies_in(name: str, places: set[str]) -> bool:
    return any(name == place or (place.endswith("/") and name.startswith(place)) for place in places)


def imported(source: Source) -> Iterator[tuple[int, str]]:
    """Yield every import anywhere in a file as (line, dotted module)."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.lineno, node.module or "."
        elif isinstance(node, ast.Call) and called(node) in ("import_module", "__import__"):
            yield from ((node.lineno, arg.value) for arg in node.args if is_text(arg))


def called(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def imports_go_one_way(source: Source) -> Iterator[str]:
    own = source.package
    for line, module in imported(source):
        top = module.partition(".")[0]
        if (top in MAY_IMPORT and top != own and top not in MAY_IMPORT[own]) or top in ("tests", ""):
            yield f"{source.name}:{line} imports {module}"


def libraries_stay_at_home(source: Source) -> Iterator[str]:
    for line, module in imported(source):
        library = module.partition(".")[0]
        if library in HOMES and not lies_in(source.name, HOMES[library]):
            yield f"{source.name}:{line} imports {module}"


def start_needs_only_the_standard_library(source: Source) -> Iterator[str]:
    if source.name == "start.py":
        for line, module in imported(source):
            if module.partition(".")[0] not in sys.stdlib_module_names:
                yield f"{source.name}:{line} imports {module}"


def the_child_imports_only_what_it_may(source: Source) -> Iterator[str]:
    if source.name in ("ingest/pdf_child.py", "ingest/fork_server.py"):
        for line, module in imported(source):
            if module.partition(".")[0] not in sys.stdlib_module_names | {"pypdfium2", "PIL"}:
                yield f"{source.name}:{line} imports {module}"


def the_environment_is_read_in_one_place(source: Source) -> Iterator[str]:
    if source.name in ("rag/settings.py", "start.py"):
        return
    for node in ast.walk(source.tree):
        name = node.attr if isinstance(node, ast.Attribute) else node.name if isinstance(node, ast.alias) else ""
        if name in ("environ", "environb", "getenv", "putenv"):
            yield f"{source.name}:{getattr(node, 'lineno', 0)} uses {name}"


def nothing_runs_what_it_reads(source: Source) -> Iterator[str]:
    for node in ast.walk(source.tree):
        if not isinstance(node, ast.Call):
            continue
        if isinstance(node.func, ast.Name) and node.func.id in ("eval", "exec", "compile"):
            yield f"{source.name}:{node.lineno} calls {node.func.id}"
        for keyword in node.keywords:
            off = isinstance(keyword.value, ast.Constant) and keyword.value.value is False
            if keyword.arg in ("trust_remote_code", "allow_pickle", "shell", "unsafe_allow_html") and not off:
                yield f"{source.name}:{node.lineno} sets {keyword.arg}"


def nothing_draws_html(source: Source) -> Iterator[str]:
    if source.name in STYLED:
        return
    for node in ast.walk(source.tree):
        drawn = isinstance(node, ast.Attribute) and node.attr in ("html", "iframe", "components")
        if drawn and getattr(node.value, "id", "") == "st":
            yield f"{source.name}:{node.lineno} uses st.{node.attr}"


def session_state_is_written_in_one_file(source: Source) -> Iterator[str]:
    """Elsewhere a callback may read the value of its own widget, by subscript or ``get``; all else is named here."""
    if source.name == "ui/state.py":
        return
    parents = {child: node for node in ast.walk(source.tree) for child in ast.iter_child_nodes(node)}
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Attribute) and node.attr == "session_state":
            use = parents.get(node)
            read = isinstance(use, ast.Subscript) and isinstance(use.ctx, ast.Load)
            if not read and not (isinstance(use, ast.Attribute) and use.attr == "get"):
                yield f"{source.name}:{node.lineno} keeps something in session_state"


def defaults_are_frozen(source: Source) -> Iterator[str]:
    for node in ast.walk(source.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            for default in (*node.args.defaults, *(d for d in node.args.kw_defaults if d)):
                built = isinstance(default, ast.Call) and called(default) in ("list", "dict", "set")
                if built or isinstance(default, ast.List | ast.Dict | ast.Set | ast.ListComp):
                    yield f"{source.name}:{node.lineno} has a mutable default"


def public_names_are_described(source: Source) -> Iterator[str]:
    if source.text.strip() and not ast.get_docstring(source.tree):
        yield f"{source.name} has no docstring"
    for node, name in public_definitions(source.tree, source.name):
        if not ast.get_docstring(node):
            yield f"{name} has no docstring"


def public_definitions(
    parent: ast.Module | ast.ClassDef, name: str
) -> Iterator[tuple[ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef, str]]:
    for node in parent.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            yield node, f"{name}:{node.lineno} {node.name}"
            if isinstance(node, ast.ClassDef):
                yield from public_definitions(node, name)


def files_and_functions_are_short(source: Source) -> Iterator[str]:
    lines = len(source.text.splitlines())
    if lines > LONG_FILES.get(source.name, MAX_LINES):
        yield f"{source.name} has {lines} lines"
    for node in ast.walk(source.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not lies_in(source.name, LONG_FUNCTIONS):
            length = (node.end_lineno or 0) - node.lineno + 1
            if length > MAX_FUNCTION_LINES:
                yield f"{source.name}:{node.lineno} {node.name} has {length} lines"


def files_have_names_that_tell(source: Source) -> Iterator[str]:
    if set(source.name.removesuffix(".py").split("/")) & VAGUE_NAMES:
        yield source.name


def codes_raised_exist_and_their_sentences_are_filled(source: Source) -> Iterator[str]:
    known = {**REFUSALS, **MESSAGES}
    for node in ast.walk(source.tree):
        if not (isinstance(node, ast.Call) and called(node) in _ERRORS and node.args and is_text(node.args[0])):
            continue
        code = ast.literal_eval(node.args[0])
        if code not in known:
            yield f"{source.name}:{node.lineno} raises {code}, which has no sentence"
            continue
        given = {keyword.arg for keyword in node.keywords} | ({"name"} if called(node) == "Refused" else set())
        wanted = {field for _, field, _, _ in string.Formatter().parse(known[code]) if field}
        if None not in given and not wanted <= given:
            yield f"{source.name}:{node.lineno} raises {code} without {sorted(wanted - given)}"


def nothing_is_unfinished(source: Source) -> Iterator[str]:
    for number, line in enumerate(source.text.splitlines(), start=1):
        if _UNFINISHED.search(line):
            yield f"{source.name}:{number} {line.strip()}"
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Name) and node.id == "NotImplementedError":
            yield f"{source.name}:{node.lineno} is a stub"


def no_fault_is_swallowed(source: Source) -> Iterator[str]:
    for node in ast.walk(source.tree):
        if isinstance(node, ast.ExceptHandler):
            wide = node.type is None or getattr(node.type, "id", "") in ("Exception", "BaseException")
            if wide and all(isinstance(statement, ast.Pass | ast.Continue) for statement in node.body):
                yield f"{source.name}:{node.lineno} swallows every exception"


def no_machine_or_registry_is_named(source: Source) -> Iterator[str]:
    for number, line in enumerate(source.text.splitlines(), start=1):
        if _MACHINE.search(line) or _REGISTRY.search(line):
            yield f"{source.name}:{number} {line.strip()[:120]}"


def unused_codes(sources: list[Source]) -> set[str]:
    """Return the codes that stand nowhere but in the catalogues."""
    texts = {
        node.value
        for source in sources
        if not source.name.endswith("/errors.py")
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    return {*REFUSALS, *MESSAGES} - texts
