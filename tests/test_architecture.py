"""The architecture holds: every rule over the whole source, and for every rule something that breaks it."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory

from ingest.errors import REFUSALS
from rag.database import MIGRATIONS
from rag.errors import MESSAGES, REFUSED_INPUT
from tests.rules import (
    HOMES,
    LONG_FILES,
    LONG_FUNCTIONS,
    ROOT,
    STYLED,
    Source,
    codes_raised_exist_and_their_sentences_are_filled,
    defaults_are_frozen,
    files_and_functions_are_short,
    files_have_names_that_tell,
    imports_go_one_way,
    libraries_stay_at_home,
    no_fault_is_swallowed,
    no_machine_or_registry_is_named,
    nothing_draws_html,
    nothing_is_unfinished,
    nothing_runs_what_it_reads,
    public_names_are_described,
    python_sources,
    session_state_is_written_in_one_file,
    start_needs_only_the_standard_library,
    text_sources,
    the_child_imports_only_what_it_may,
    the_environment_is_read_in_one_place,
    unused_codes,
)

SOURCES = python_sources()
TEXTS = text_sources()

Rule = Callable[[Source], Iterator[str]]

# What breaks each rule: (rule, name of the file, its text).
BROKEN: list[tuple[Rule, str, str]] = [
    (imports_go_one_way, "ingest/pdf.py", "from rag.store import Store"),
    (imports_go_one_way, "rag/store.py", "def f():\n    import ui.state"),
    (imports_go_one_way, "rag/fuse.py", "import evaluation.data"),
    (imports_go_one_way, "app.py", "from rag.library import Library"),
    (imports_go_one_way, "ui/page.py", "from tests.rag import fakes"),
    (imports_go_one_way, "ui/page.py", "from . import state"),
    (libraries_stay_at_home, "rag/store.py", "import faiss"),
    (libraries_stay_at_home, "rag/page.py", "from streamlit import write"),
    (libraries_stay_at_home, "ingest/pdf.py", "def f():\n    from pypdf import PdfReader"),
    (libraries_stay_at_home, "rag/jobs.py", "import pickle"),
    (libraries_stay_at_home, "rag/jobs.py", "importlib.import_module('torch.nn')"),
    (libraries_stay_at_home, "rag/fuse.py", "import sklearn.linear_model"),
    (start_needs_only_the_standard_library, "start.py", "import numpy"),
    (the_child_imports_only_what_it_may, "ingest/pdf_child.py", "from ingest.types import Page"),
    (the_environment_is_read_in_one_place, "rag/device.py", "import os\nos.environ.get('A')"),
    (the_environment_is_read_in_one_place, "ui/page.py", "from os import getenv"),
    (nothing_runs_what_it_reads, "rag/codec.py", "eval('1')"),
    (nothing_runs_what_it_reads, "rag/generate.py", "load(name, trust_remote_code=True)"),
    (nothing_runs_what_it_reads, "rag/generate.py", "load(name, trust_remote_code=chosen)"),
    (nothing_runs_what_it_reads, "ui/page.py", "st.markdown(text, unsafe_allow_html=True)"),
    (nothing_runs_what_it_reads, "rag/codec.py", "run('ls', shell=True)"),
    (nothing_draws_html, "ui/page.py", "st.html(text)"),
    (nothing_draws_html, "ui/page.py", "st.components.v1.html(text)"),
    (session_state_is_written_in_one_file, "ui/page.py", "st.session_state['a'] = 1"),
    (session_state_is_written_in_one_file, "ui/page.py", "st.session_state.a = 1"),
    (session_state_is_written_in_one_file, "ui/page.py", "st.session_state.setdefault('a', 1)"),
    (session_state_is_written_in_one_file, "ui/page.py", "del st.session_state['a']"),
    (defaults_are_frozen, "rag/fuse.py", "def f(a=[]): ..."),
    (defaults_are_frozen, "rag/fuse.py", "def f(*, a=dict()): ..."),
    (public_names_are_described, "rag/fuse.py", "import re"),
    (public_names_are_described, "rag/fuse.py", "'''Fuse.'''\ndef fuse(): ..."),
    (public_names_are_described, "rag/fuse.py", "'''Fuse.'''\nclass Fuse:\n    '''Fuse.'''\n    def fuse(self): ..."),
    (files_and_functions_are_short, "rag/fuse.py", "\n" * 301),
    (files_and_functions_are_short, "rag/fuse.py", "def f():\n" + "    a = 1\n" * 40),
    (files_have_names_that_tell, "rag/utils.py", ""),
    (codes_raised_exist_and_their_sentences_are_filled, "rag/store.py", "raise RagError('NO_SUCH_CODE')"),
    (codes_raised_exist_and_their_sentences_are_filled, "rag/store.py", "raise StorageError('DISK_FULL')"),
    (codes_raised_exist_and_their_sentences_are_filled, "ingest/pdf.py", "raise Refused('TOO_LARGE', name)"),
    (nothing_is_unfinished, "rag/fuse.py", "# TO" + "DO: later"),
    (nothing_is_unfinished, "rag/fuse.py", "raise NotImplementedError"),
    (no_fault_is_swallowed, "rag/fuse.py", "try:\n    f()\nexcept Exception:\n    pass"),
    (no_machine_or_registry_is_named, "rag/fuse.py", "HOME = '/" + "home/someone/lectern'"),
    (no_machine_or_registry_is_named, "requirements.txt", "--extra-index" + "-url x"),
]
RULES = tuple(dict.fromkeys(rule for rule, _, _ in BROKEN))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_source_keeps(rule: Rule) -> None:
    sources = TEXTS if rule is no_machine_or_registry_is_named else SOURCES
    assert [fault for source in sources for fault in rule(source)] == []


@pytest.mark.parametrize("rule, name, text", BROKEN, ids=lambda value: getattr(value, "__name__", None))
def test_a_rule_can_fail(rule: Rule, name: str, text: str) -> None:
    assert list(rule(Source(name, text)))


def test_the_rules_see_the_whole_source() -> None:
    names = {source.name for source in SOURCES}
    assert {"app.py", "start.py", "ui/page.py", "rag/migrations/env.py", "ingest/pdf_child.py"} <= names
    assert {"Makefile", "requirements.txt", ".ci/run", "rag/calibration.json"} <= {source.name for source in TEXTS}
    every = {path.relative_to(ROOT).as_posix() for places in HOMES.values() for path in map(ROOT.joinpath, places)}
    assert all((ROOT / place).exists() for place in every), "a library's home is gone"
    assert all((ROOT / name).exists() for name in (*LONG_FILES, *LONG_FUNCTIONS, *STYLED))


def test_every_code_is_used() -> None:
    assert unused_codes(SOURCES) == set()
    assert "DISK_FULL" in unused_codes([Source("rag/errors.py", "{'DISK_FULL': ''}")])


def test_codes_are_told_apart() -> None:
    assert not set(REFUSALS) & set(MESSAGES)
    assert set(MESSAGES) >= REFUSED_INPUT


def test_every_sentence_says_what_to_do_next() -> None:
    assert [code for code, text in {**REFUSALS, **MESSAGES}.items() if ". " not in text] == []


HEAVY = (
    "torch",
    "faiss",
    "tantivy",
    "transformers",
    "sentence_transformers",
    "sklearn",
    "streamlit",
    "pypdfium2",
    "openai",
    "PIL",
)


def loaded(statement: str) -> str:
    """Return which heavy libraries a fresh interpreter holds after a statement."""
    code = f"import sys\n{statement}\nprint(*(name for name in {HEAVY!r} if name in sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60
    )
    return done.stdout.strip()


def test_the_package_and_the_command_line_load_no_heavy_library() -> None:
    assert loaded("import ingest, rag, rag.library, rag.jobs, rag.notebook, rag.__main__") == ""


def test_the_index_does_load_one() -> None:
    assert loaded("import rag.index") == "faiss"


def test_migrations_form_one_chain() -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    scripts = ScriptDirectory.from_config(config)
    assert len(scripts.get_heads()) == 1
    assert len(scripts.get_bases()) == 1
    files = {path.stem for path in (MIGRATIONS / "versions").glob("v*.py")}
    assert {Path(script.path).stem for script in scripts.walk_revisions()} == files
