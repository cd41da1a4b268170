"""An answer as markdown: marks, chips, support, what differs. Pure: no widget is drawn here."""

from rag.rows import AnswerRow
from rag.types import Citation, Comparison, Located, Passage, SourcedAnswer, Support
from ui.escape import escape, escape_answer, one_line, visible
from ui.texts import Texts

QUOTE_HINT = 60  # characters of a quote that the answer itself shows in full
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
    return escape_answer(sourced.text, {citation.n for citation in sourced.citations})


def page_name(texts: Texts, index: int, label: str) -> str:
    """Return "p. 12", with the printed number where it differs ("p. 12 (xii)"), not yet escaped."""
    number = str(index + 1)
    if label and label != number:
        return texts.plain("answer.page_labelled", number=number, label=label)
    return texts.plain("answer.page", number=number)


def place(texts: Texts, source: Citation | Passage) -> str:
    """Return the document and page of a citation or passage, not yet escaped."""
    return f"{source.document}, {page_name(texts, source.page_index, source.page_label)}"


def chip_label(texts: Texts, source: Citation | Passage) -> str:
    """Return a button's label: number, document, page."""
    return f"**{source.n}** · {escape(place(texts, source))}"


def quote(texts: Texts, text: str, limit: int = QUOTE_SHOWN) -> str:
    """Return a quote in quotation marks as markdown, cut at a word after ``limit`` characters."""
    return texts("answer.quote", text=shorten(text, limit))


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
            f"[{c.n}] {place(texts, c)}: {texts.plain('answer.quote', text=shorten(c.quote, len(c.quote)))}"
            for c in row.sourced.citations
        ]
        body = row.sourced.text if row.sourced.status != "not_found" else texts.plain("answer.not_found")
        parts += ["\n".join([f"{texts.plain('answer.sources')}:", visible(body)]), "\n".join(citations)]
    if row.memory_text:
        caption = f"{texts.plain('answer.memory')} ({texts.plain('answer.memory_caption').lower()}):"
        parts.append(f"{caption}\n{visible(row.memory_text)}")
    return "\n\n".join(part for part in parts if part)


def _badge(texts: Texts, colour: str, icon: str, key: str) -> str:
    return f":{colour}-badge[:material/{icon}: {texts(key)}]"
