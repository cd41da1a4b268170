"""An answer as markdown: marks, chips, support, what differs. Pure: no widget is drawn here."""

from collections import Counter, defaultdict
from collections.abc import Sequence

from rag.rows import AnswerRow
from rag.types import Citation, Comparison, Located, Passage, SourcedAnswer, Support
from ui.escape import escape, escape_answer, escape_part, one_line, visible
from ui.texts import Texts

QUOTE_HINT = 60  # characters of a quote that the answer itself shows in full
EMPHASISED = 0.8  # an answer that is nearly its whole quote is not set off in it
QUOTE_SHOWN = 320  # characters of a quote or passage before it is cut with an ellipsis

_SUPPORT: dict[Support, tuple[str, str, str]] = {
    "supported": ("green", "check_circle", "answer.supported"),
    "weak": ("orange", "help", "answer.weak"),
    "not_found": ("red", "cancel", "answer.support_not_found"),
}
_LOCATED: dict[Located, tuple[str, str]] = {
    "located": ("ink_highlighter", "answer.located"),
    "page_only": ("description", "answer.page_only"),
    "deleted": ("delete", "answer.deleted"),
}
_STATUS = {
    "answered": ("green", "task_alt", "answer.answered"),
    "partial": ("orange", "rule", "answer.partial"),
    "not_found": ("gray", "search_off", "answer.not_found"),
}


def status_badge(texts: Texts, sourced: SourcedAnswer) -> str:
    """Return whether the sources answer, as an icon and words."""
    return _badge(texts, *_STATUS[sourced.status])


def answer_body(sourced: SourcedAnswer) -> str:
    """Return the sourced text with its ``[n]`` as chips; a number without a citation stays plain text."""
    supports: dict[int, set[Support]] = defaultdict(set)
    for citation in sourced.citations:
        supports[citation.n].add(citation.support)
    return escape_answer(sourced.text, {n: _mark(n, found) for n, found in supports.items()})


def _mark(n: int, supports: set[Support]) -> str:
    """Return the chip of a number: one that no quote fully supports has another colour and an icon."""
    if "supported" in supports:
        return f":blue-badge[{n}]"
    colour, icon, _ = _SUPPORT["weak" if "weak" in supports else "not_found"]
    return f":{colour}-badge[:material/{icon}: {n}]"


def numbers(found: Sequence[Citation]) -> list[str]:
    """Return what each citation is called: its number, with a letter where a passage is quoted more than once."""
    counts, seen, called = Counter(citation.n for citation in found), Counter[int](), []
    for citation in found:
        letter = letters(seen[citation.n]) if counts[citation.n] > 1 else ""
        seen[citation.n] += 1
        called.append(f"{citation.n}{letter}")
    return called


def letters(position: int) -> str:
    """Return a, b, ... z, aa, ... for a position from 0."""
    head, last = divmod(position, 26)
    return (letters(head - 1) if head else "") + chr(ord("a") + last)


def page_name(texts: Texts, index: int, label: str) -> str:
    """Return "p. 12", with the printed number where it differs ("p. 12 (xii)"), not yet escaped."""
    number = str(index + 1)
    if label and label != number:
        return texts.plain("answer.page_labelled", number=number, label=label)
    return texts.plain("answer.page", number=number)


def place(texts: Texts, source: Citation | Passage) -> str:
    """Return the document and page of a citation or passage, not yet escaped."""
    return f"{source.document}, {page_name(texts, source.page_index, source.page_label)}"


def chip_label(texts: Texts, source: Citation | Passage, number: str = "") -> str:
    """Return a button's label: number, document, page."""
    return f"**{number or source.n}** · {escape(place(texts, source))}"


def quote(texts: Texts, text: str, limit: int = QUOTE_SHOWN, answer: str = "") -> str:
    """Return a quote in quotation marks as markdown, cut at a word after ``limit`` characters.

    The words of ``answer`` are set off where they stand in it and are not all of it.
    """
    shown, words = shorten(text, limit), one_line(answer)
    start = shown.find(words) if words else -1
    if start < 0 or len(words) > EMPHASISED * len(shown) or not (words[0].isalnum() and words[-1].isalnum()):
        return texts("answer.quote", text=shown)
    parts = (shown[:start], words, shown[start + len(words) :])
    before, middle, after = (escape_part(part) if part else "" for part in parts)
    return texts.plain("answer.quote", text=f"{before}**{middle}**{after}")


def repeats(citation: Citation, row: AnswerRow) -> bool:
    """Tell whether the answer itself shows a citation's quote, as it does where the sources answer in quotes."""
    return bool(row.sourced) and one_line(citation.quote) in one_line(row.sourced.text if row.sourced else "")


def shorten(text: str, limit: int) -> str:
    """Return one line, cut at a word with an ellipsis when longer than ``limit`` characters."""
    line = one_line(text)
    if len(line) <= limit:
        return line
    return line[:limit].rsplit(" ", 1)[0].rstrip(" ,;:.") + "…"


def evidence_line(texts: Texts, citation: Citation, *, deleted: bool) -> str:
    """Return how well a citation is supported and located, as icons and words."""
    located: Located = "deleted" if deleted else citation.located
    icon, key = _LOCATED[located]
    return f"{_badge(texts, *_SUPPORT[citation.support])} :gray[:material/{icon}: {texts(key)}]"


def comparison_line(texts: Texts, comparison: Comparison) -> str:
    """Return one line on how the two answers compare."""
    names = texts.names(comparison.differences)
    match comparison.verdict:
        case "agree":
            shared = texts.names(comparison.supported)
            body = texts("answer.agree_on", names=shared) if shared else texts("answer.agree")
            return f":material/done_all: {body}"
        case "differ":
            key = "answer.differ" if len(comparison.differences) == 1 else "answer.differ_many"
            return f":material/compare_arrows: {texts(key, names=names)}"
        case "unsupported":
            body = texts("answer.unsupported_names", names=names) if names else texts("answer.unsupported")
            return f":material/warning: {body}"
        case "not_comparable":
            return f":material/remove: {texts('answer.not_comparable')}"


def copy_text(texts: Texts, row: AnswerRow) -> str:
    """Return the question, both answers and the citations as plain text to paste."""
    parts = [visible(row.question)]
    if row.sourced:
        citations = [
            f"[{number}] {place(texts, c)}: {texts.plain('answer.quote', text=shorten(c.quote, len(c.quote)))}"
            for number, c in zip(numbers(row.sourced.citations), row.sourced.citations, strict=True)
        ]
        body = row.sourced.text if row.sourced.status != "not_found" else texts.plain("answer.not_found")
        parts += ["\n".join([f"{texts.plain('answer.sources')}:", visible(body)]), "\n".join(citations)]
    if row.memory_text:
        caption = f"{texts.plain('answer.memory')} ({texts.plain('answer.memory_caption').lower()}):"
        parts.append(f"{caption}\n{visible(row.memory_text)}")
    return "\n\n".join(part for part in parts if part)


def _badge(texts: Texts, colour: str, icon: str, key: str) -> str:
    return f":{colour}-badge[:material/{icon}: {texts(key)}]"
