"""Drafts are what followed the same words the last time; where nothing is alike there are none."""

import pytest

from rag.lookup import Lookup


@pytest.mark.parametrize(
    "ids, draft",
    [
        ([1, 2, 3, 4, 5, 1, 2], [3, 4, 5]),  # two alike
        ([1, 2, 3, 4, 9, 2, 3, 5, 1, 2, 3], [4, 9, 2]),  # three alike go before two that are nearer
        ([1, 2, 7, 0, 1, 2, 8, 0, 1, 2], [8, 0, 1]),  # the last place of those alike
        ([1, 1, 1, 1], [1]),  # a run continues itself
        ([1, 2, 3, 4], []),
        ([1, 2, 1], []),  # one alike is not enough
        ([1], []),
        ([], []),
    ],
)
def test_a_draft_is_what_followed_the_same_ending(ids: list[int], draft: list[int]) -> None:
    assert Lookup(ids).draft(3) == draft
    grown = Lookup(ids[:3])
    grown.add(ids[3:])
    assert grown.draft(3) == draft


def test_a_draft_has_no_more_tokens_than_asked_for() -> None:
    assert Lookup([1, 2, 3, 4, 5, 1, 2]).draft(1) == [3]
    assert Lookup([1, 2, 3, 4, 5, 1, 2]).draft(0) == []
