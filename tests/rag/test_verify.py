import pytest

from rag.verify import support
from tests.rag.examples import ELIZA, OXYGEN


@pytest.mark.parametrize(
    ("sentence", "source", "grade"),
    [
        ("ELIZA was described by Joseph Weizenbaum in 1966.", ELIZA, "supported"),
        ("Joseph Weizenbaum described ELIZA in 1966.", ELIZA, "supported"),
        ("Alan Turing described ELIZA in 1966.", ELIZA, "not_found"),
        ("ELIZA was described in 1967.", ELIZA, "not_found"),
        ('Weizenbaum said "it was a fine machine".', ELIZA, "not_found"),
        ("L’oxygene a le numéro atomique 8.", OXYGEN, "supported"),
        ("L'oxygène sert à respirer dans les montagnes hautes.", OXYGEN, "not_found"),
        ("ELIZA was described by Joseph Weizenbaum in 19", ELIZA, "not_found"),
        ('It was a "rapist" all along.', ELIZA, "not_found"),
        ("ELIZA was never described by Joseph Weizenbaum in 1966.", ELIZA, "not_found"),
        ("L'oxygène n'a pas le numéro atomique 8.", OXYGEN, "not_found"),
        ("The therapist imitated people often.", ELIZA, "weak"),
    ],
)
def test_support_is_graded_by_numbers_names_quotes_and_words(sentence: str, source: str, grade: str) -> None:
    assert support(sentence, source) == grade
