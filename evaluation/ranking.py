"""Figures of rankings, computed by ir_measures (trec_eval's definitions)."""

from collections.abc import Mapping, Sequence

import ir_measures
from ir_measures import RR, R, nDCG

from evaluation.metrics import SEED, Figure, figure

MEASURES = {"recall@1": R @ 1, "recall@5": R @ 5, "recall@20": R @ 20, "MRR": RR, "nDCG@10": nDCG @ 10}

Gold = Mapping[str, Mapping[str, int]]
Rankings = Mapping[str, Sequence[str]]


def measured(gold: Gold, rankings: Rankings) -> dict[str, dict[str, float]]:
    """Return each measure of each question of ``gold``; one that found nothing counts 0.

    ``gold`` holds question -> item -> grade; ``rankings`` question -> items, best first, each item once.
    """
    run = {query: {item: -float(rank) for rank, item in enumerate(items)} for query, items in rankings.items()}
    grades = {query: dict(items) for query, items in gold.items()}
    found: dict[str, dict[str, float]] = {query: dict.fromkeys(MEASURES, 0.0) for query in gold}
    names = {measure: name for name, measure in MEASURES.items()}
    for metric in ir_measures.iter_calc(list(MEASURES.values()), grades, run):
        found[metric.query_id][names[metric.measure]] = float(metric.value)
    return found


def figures(values: Sequence[Mapping[str, float]], seed: int = SEED) -> dict[str, Figure | None]:
    """Return each measure over questions with its interval; ``values`` are those of ``measured``."""
    return {name: figure([value[name] for value in values], seed=seed) for name in MEASURES}
