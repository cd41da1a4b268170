"""What Streamlit says by itself is said in the page's language."""

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

Draw = Callable[..., AppTest]


@pytest.mark.parametrize(
    ("language", "button", "told", "refused"),
    [
        ("en", '"Browse"', "200 MB per file • PDF, TXT, MD", "A file in red was not taken: "),
        ("fr", '"Parcourir"', "200\u00a0Mo par fichier • PDF, TXT, MD", "Un fichier en rouge n’a pas été pris\u00a0: "),
    ],
)
def test_the_chooser_of_sources_names_its_limit_and_types(
    page: Draw, language: str, button: str, told: str, refused: str
) -> None:
    styles = [element.proto.body for element in page({"lang": language}).get("html")]
    first = next(style for style in styles if ".st-key-first-1-0 " in style)
    assert button in first
    assert f'"{told}"' in first
    assert f'"{refused}{told}"' in first
