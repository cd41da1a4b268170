"""Settings are read from the environment once."""

from dataclasses import replace

import pytest

from rag.device import choose
from rag.settings import Settings


def test_nothing_set_means_the_bundled_reader_and_no_adapter() -> None:
    settings = Settings.from_environment({})
    assert (settings.adapter, settings.reader) == ("", "bundled")


@pytest.mark.parametrize(
    ("environ", "adapter", "reader"),
    [
        ({"LECTERN_ADAPTER": "bundled", "LECTERN_READER": "off"}, "bundled", "off"),
        ({"LECTERN_ADAPTER": " some/adapter ", "LECTERN_READER": "  "}, "some/adapter", "bundled"),
        ({"LECTERN_ADAPTER": "", "LECTERN_READER": "folder"}, "", "folder"),
    ],
)
def test_parts_are_named_by_variables(environ: dict[str, str], adapter: str, reader: str) -> None:
    settings = Settings.from_environment(environ)
    assert (settings.adapter, settings.reader) == (adapter, reader)


@pytest.mark.parametrize(
    ("environ", "compiled"), [({}, False), ({"LECTERN_COMPILE": "1"}, True), ({"LECTERN_COMPILE": "0"}, False)]
)
def test_steps_are_compiled_only_when_asked_for(environ: dict[str, str], compiled: bool) -> None:
    settings = Settings.from_environment(environ)
    assert (settings.compiled, choose(replace(settings, device="cpu")).compiled) == (compiled, compiled)
