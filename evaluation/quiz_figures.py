"""From quizzes and what was found of their items to figures."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence

from evaluation.data import LANGUAGES
from evaluation.metrics import Figure, figure
from evaluation.records import Record
from evaluation.report import Measured, Table

LECTERN, ONE_PROMPT = "Lectern", "one prompt"
PLACES = ("first", "second", "third", "fourth")

Values = dict[str, list[float]]


def summary(quizzes: Sequence[Record]) -> Measured:
    """Return the figures of both makers by language, those of Lectern by type, and why items were dropped.

    A quiz is a record with ``document, language, maker, kind, asked, sections, dropped, refused, seconds`` and
    ``items``, each with its ``item`` and what was found of it.
    """
    columns: dict[str, Mapping[str, Figure]] = {}
    for maker in (LECTERN, ONE_PROMPT):
        own = [quiz for quiz in quizzes if quiz["maker"] == maker]
        columns[maker] = _figures(own)
        for language in LANGUAGES:
            columns[f"{maker} {language}"] = _figures([quiz for quiz in own if quiz["language"] == language])
    lectern = [quiz for quiz in quizzes if quiz["maker"] == LECTERN]
    tables = [
        Table("Quizzes", columns),
        Table("Lectern, by type", _by_type(lectern)),
        Table("Dropped, of all that was drafted", {"share": _dropped(lectern)}),
    ]
    details = {maker: _details([q for q in quizzes if q["maker"] == maker]) for maker in (LECTERN, ONE_PROMPT)}
    return Measured(tables, details)


def _figures(quizzes: Sequence[Record]) -> dict[str, Figure]:
    values: Values = {}
    for quiz in quizzes:
        if quiz["refused"]:
            continue
        made = len(quiz["items"])
        _add(values, "made, of those asked for", [1.0] * made + [0.0] * (quiz["asked"] - made))
        if quiz["sections"]:
            headings = {row["item"]["section"] for row in quiz["items"]}
            _add(values, "sections covered", [len(headings) / min(quiz["asked"], quiz["sections"])])
        if made:
            _add(values, "seconds an item", [quiz["seconds"] / made])
        for row in quiz["items"]:
            _of_item(values, row)
    return _measured(values)


def _of_item(values: Values, row: Record) -> None:
    _add(values, "passes the gate", [float(not row["faults"])])
    if row["position"] is not None:
        for number, place in enumerate(PLACES, start=1):
            _add(values, f"key stands {place}", [float(row["position"] == number)])
        _add(values, "key is longest", [float(row["longest"])])
    _add(values, "repeats another", [float(row["repeated"])])
    _add(values, "quote on its page", [float(row["located"])])
    _add(values, "key found in the notebook", [float(row["right"])])
    if row["item"]["type"] in ("choice", "several"):
        wrong = sum(not option["correct"] for option in row["item"]["options"])
        _add(values, "wrong option true", [1.0] * len(row["true"]) + [0.0] * (wrong - len(row["true"])))


def _by_type(quizzes: Iterable[Record]) -> dict[str, Mapping[str, Figure]]:
    groups: dict[str, Values] = {}
    for quiz in quizzes:
        for row in quiz["items"]:
            _of_item(groups.setdefault(row["item"]["type"], {}), row)
    return {kind: _measured(values) for kind, values in groups.items()}


def _dropped(quizzes: Sequence[Record]) -> dict[str, Figure]:
    counts = _counts(quizzes)
    drafted = sum(counts.values()) + sum(len(quiz["items"]) for quiz in quizzes)
    return _measured({reason: [1.0] * n + [0.0] * (drafted - n) for reason, n in counts.most_common()})


def _counts(quizzes: Iterable[Record]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for quiz in quizzes:
        counts.update(quiz["dropped"])
    return counts


def _details(quizzes: Sequence[Record]) -> dict[str, object]:
    """Return the counts, and the items that a person should look at, by what is wrong with them."""
    rows = [(quiz["document"], row) for quiz in quizzes for row in quiz["items"]]
    looks: Mapping[str, Callable[[Record], bool]] = {
        "failing": lambda row: bool(row["faults"]),
        "repeated": lambda row: row["repeated"],
        "not_located": lambda row: not row["located"],
        "key_not_found": lambda row: not row["right"],
        "true_options": lambda row: bool(row["true"]),
    }
    return {
        "asked": sum(quiz["asked"] for quiz in quizzes if not quiz["refused"]),
        "made": len(rows),
        "dropped": dict(_counts(quizzes)),
        "faults": dict(Counter(fault for _, row in rows for fault in row["faults"])),
        "quizzes": [
            {k: v for k, v in quiz.items() if k not in ("items", "key")} | {"made": len(quiz["items"])}
            for quiz in quizzes
        ],
        **{
            name: [_brief(document, row) for document, row in rows if looks_so(row)] for name, looks_so in looks.items()
        },
    }


def _brief(document: str, row: Record) -> dict[str, object]:
    item = row["item"]
    named = {"document": document, "page": item["source"]["page_index"] + 1}
    named |= {name: item[name] for name in ("type", "stem", "answer")}
    return named | {name: row[name] for name in ("picked", "true", "faults")}


def _add(values: Values, name: str, more: Sequence[float]) -> None:
    values.setdefault(name, []).extend(more)


def _measured(values: Mapping[str, Sequence[float]]) -> dict[str, Figure]:
    return {name: found for name, series in values.items() if (found := figure(series))}
