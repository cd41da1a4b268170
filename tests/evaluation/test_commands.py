"""Each command over the small set: figures, predictions and tables as worked out by hand from the fakes."""

import json
import shutil
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from evaluation.predictions import SCHEMA
from evaluation.report import BEGIN, END
from tests.evaluation.conftest import Evaluate
from tests.evaluation.fakes import MEMORY, Builder
from tests.ingest.pdfs import draw, lines


def figures(path: Path, command: str, title: str) -> dict[str, dict[str, dict[str, float]]]:
    found: dict[str, dict[str, dict[str, float]]] = json.loads(path.read_text())["measured"][command]["tables"][title]
    return found


def predictions(path: Path) -> dict[str, dict[str, Any]]:
    schema = json.loads(SCHEMA.read_text())
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    for line in lines:
        jsonschema.validate(line, schema)
    return {line["id"]: line for line in lines}


def test_answers_are_measured_apart_by_scope_and_language(evaluate: Evaluate, tmp_path: Path) -> None:
    assert evaluate("answers", "--json", tmp_path / "out.json") == 0
    whole = figures(tmp_path / "out.json", "answers", "Whole corpus, by language")
    assert set(whole) == {"en", "fr"}
    # en-1: "in 1954" for "1203 millimetres", though its quote holds it; en-3: "at noon" for "noon", F1 2 * 1 / 3.
    assert whole["en"]["exact match"]["value"] == 0.0
    assert whole["en"]["F1"]["value"] == pytest.approx((0 + 2 / 3) / 2, abs=1e-4)
    assert whole["en"]["gold shown"]["value"] == 1.0
    assert whole["en"]["gold in the text"]["value"] == 0.5
    assert whole["en"]["citation precision"] == {"value": 1.0, "low": 1.0, "high": 1.0, "n": 2}
    assert whole["en"]["refused"] == {"value": 1.0, "low": 1.0, "high": 1.0, "n": 1}
    assert whole["en"]["refused: off corpus"]["n"] == 1
    assert whole["fr"]["false refusal"]["value"] == 0.0
    assert whole["fr"]["located"]["value"] == 1.0
    # Sure of both right answers, then of the refusal, which shows no gold answer: 0/1, 0/2, 1/3.
    assert whole["en"]["risk-coverage area"]["value"] == pytest.approx(1 / 9, abs=1e-4)
    ticked = figures(tmp_path / "out.json", "answers", "With the document ticked")
    assert ticked["en"]["answered"]["n"] == 1
    sources = figures(tmp_path / "out.json", "answers", "By source")
    assert {name: column["answered"]["n"] for name, column in sources.items()} == {
        "crossed, en, no source named": 1,
        "crossed, fr, no source named": 1,
        "en, made": 3,
        "fr, made": 3,
        "ticked, en, made": 1,
        "ticked, fr, made": 1,
    }


def test_a_question_without_its_subject_is_asked_of_its_document_alone(evaluate: Evaluate, tmp_path: Path) -> None:
    assert evaluate("answers", "--predictions", tmp_path / "p.jsonl") == 0
    found = predictions(tmp_path / "p.jsonl")
    assert set(found["en-2"]["retrieved"]) == {"en-rain-0", "en-rain-1"}
    assert set(found["en-1"]["retrieved"]) == {"en-rain-0", "en-rain-1", "en-boat-0"}


def test_crossed_questions_are_asked_of_the_other_language(evaluate: Evaluate, tmp_path: Path) -> None:
    assert evaluate("answers", "--json", tmp_path / "out.json", "--predictions", tmp_path / "p.jsonl") == 0
    crossed = figures(tmp_path / "out.json", "answers", "Crossed, by the documents' language")
    assert {name: column["answered"]["n"] for name, column in crossed.items()} == {"en": 1, "fr": 1}
    line = predictions(tmp_path / "p.jsonl")["x-en-3"]
    assert line["language"] == "fr"
    assert line["retrieved"][0] == "en-boat-0"


def test_a_prediction_says_what_was_shown_and_where_it_stands(evaluate: Evaluate, tmp_path: Path) -> None:
    assert evaluate("answers", "--language", "fr", "--predictions", tmp_path / "p.jsonl") == 0
    found = predictions(tmp_path / "p.jsonl")
    assert list(found) == ["fr-1", "fr-2", "fr-3", "fr-4", "x-fr-1"]
    line = found["fr-1"]
    assert line.pop("seconds") >= 0
    assert line == {
        "command": "answers",
        "id": "fr-1",
        "question": "Qui a construit le pont de Varenne ?",
        "language": "fr",
        "status": "answered",
        "answer": "en 1876",
        "text": "en 1876. [1]",
        "citations": [
            {
                "context_id": "fr-pont-0",
                "quote": "Le pont de Varenne fut construit par Louis Tessier en 1876.",
                "support": "supported",
                "located": "located",
            }
        ],
        "retrieved": ["fr-pont-0", "fr-pont-1", "fr-vin-0"],
        "memory_text": None,
    }
    assert (found["fr-4"]["status"], found["fr-4"]["text"], found["fr-4"]["citations"]) == ("not_found", "", [])


def test_memory_is_asked_when_told_to(evaluate: Evaluate, tmp_path: Path) -> None:
    paths = ("--json", tmp_path / "out.json", "--predictions", tmp_path / "p.jsonl")
    assert evaluate("answers", "--memory", "--language", "en", *paths) == 0
    assert {line["memory_text"] for line in predictions(tmp_path / "p.jsonl").values()} == {MEMORY}
    every = figures(tmp_path / "out.json", "answers", "All questions of a language, whole corpus and ticked")
    # Of "1203 millimetres", "Ada Morn" and "noon", memory says one.
    assert every["en"]["gold in memory"]["value"] == pytest.approx(1 / 3, abs=1e-4)


def test_retrieval_ranks_every_set(evaluate: Evaluate, tmp_path: Path) -> None:
    assert evaluate("retrieval", "--json", tmp_path / "out.json", "--predictions", tmp_path / "p.jsonl") == 0
    found = figures(tmp_path / "out.json", "retrieval", "Retrieval")
    assert {name: column["recall@1"]["n"] for name, column in found.items()} == {
        "en": 2,
        "en, document ticked": 1,
        "crossed, en documents": 1,
        "fr": 2,
        "fr, document ticked": 1,
        "crossed, fr documents": 1,
        "retrieval_boats_en": 2,
    }
    sources = figures(tmp_path / "out.json", "retrieval", "Retrieval, by source")
    assert {name: column["recall@1"]["n"] for name, column in sources.items()} == {
        "crossed, en, no source named": 1,
        "crossed, fr, no source named": 1,
        "en, made": 2,
        "fr, made": 2,
        "ticked, en, made": 1,
        "ticked, fr, made": 1,
    }
    ticked = predictions(tmp_path / "p.jsonl")["fr-2"]["retrieved"]
    assert ticked == ["fr-pont-1", "fr-pont-0"], "its document alone is searched"
    assert found["retrieval_boats_en"]["nDCG@10"] == {"value": 1.0, "low": 1.0, "high": 1.0, "n": 2}
    assert found["en"]["recall@1"] == {"value": 1.0, "low": 1.0, "high": 1.0, "n": 2}
    line = predictions(tmp_path / "p.jsonl")["q2"]
    assert (line["status"], line["text"], line["retrieved"]) == (None, None, ["d2", "d1"]), "what was not asked is null"


def test_pdf_checks_pages_and_highlights(evaluate: Evaluate, tmp_path: Path) -> None:
    assert evaluate("pdf", "--json", tmp_path / "out.json", "--predictions", tmp_path / "p.jsonl") == 0
    found = figures(tmp_path / "out.json", "pdf", "PDFs with known pages")
    for language in ("en", "fr"):
        assert found[language]["first citation on the gold page"]["value"] == 1.0
        assert found[language]["page holds the quote"] == {"value": 1.0, "low": 1.0, "high": 1.0, "n": 2}
        assert found[language]["highlight right"]["value"] == 1.0
        assert found[language]["highlight wrong"]["value"] == 0.0
    [citation] = predictions(tmp_path / "p.jsonl")["fr-3"]["citations"]
    assert (citation["document"], citation["page"], citation["located"]) == ("fr/ouvrages.pdf", 3, "located")


def test_pdf_tells_sources_apart_where_a_language_has_several(evaluate: Evaluate, data: Path, tmp_path: Path) -> None:
    folder = tmp_path / "sources"
    shutil.copytree(data, folder)
    path = folder / "qa_fr.jsonl"
    path.write_text(path.read_text(encoding="utf-8").replace('"made"', '"other"', 1), encoding="utf-8")
    for place, sources in ((data, None), (folder, {"en, made": 2, "fr, made": 1, "fr, other": 1})):
        assert evaluate("pdf", "--json", tmp_path / "out.json", folder=place) == 0
        found = json.loads((tmp_path / "out.json").read_text())["measured"]["pdf"]["tables"].get("PDFs, by source")
        assert (found and {name: column["answered"]["n"] for name, column in found.items()}) == sources


def test_memory_stands_beside_the_sources_by_popularity(evaluate: Evaluate, tmp_path: Path) -> None:
    assert evaluate("memory", "--json", tmp_path / "out.json", "--predictions", tmp_path / "p.jsonl") == 0
    closed = figures(tmp_path / "out.json", "memory", "Memory, closed book")
    assert list(closed) == ["en, rare (< 1,000 views)", "en, popular (≥ 10,000)", "fr, quiz"]
    # Memory always says the founder and the capital. The sources answer the first with another number of the station.
    timeless = [name for name in closed["fr, quiz"] if not name.startswith("seconds")]
    assert {name: [column[name]["value"] for column in closed.values()] for name in timeless} == {
        "memory: gold in the text": [1.0, 1.0, 0.0],
        "sources: gold in the text": [0.0, 0.0, 0.0],
        "sources: gold in the text or its quotes": [0.0, 0.0, 0.0],
        "sources: refused": [0.0, 1.0, 1.0],
    }
    beside = figures(tmp_path / "out.json", "memory", "Memory beside sources, answerable questions")
    assert beside["en"]["memory: gold in the text"]["value"] == 0.0
    assert beside["en"]["sources: gold in the text"]["value"] == 0.5
    assert beside["en"]["sources: gold in the text or its quotes"]["value"] == 1.0
    assert predictions(tmp_path / "p.jsonl")["c-1"]["memory_text"] == MEMORY


def test_all_runs_everything_with_one_set_of_models(
    evaluate: Evaluate, builder: Builder, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    readme = tmp_path / "README.md"
    readme.write_text(f"# Figures\n\n{BEGIN}\nold\n{END}\n\nThe rest.\n")
    assert evaluate("all", "--json", tmp_path / "out.json", "--table", readme) == 0
    assert len(builder.built) == 1
    report = json.loads((tmp_path / "out.json").read_text())
    assert set(report["measured"]) == {"retrieval", "answers", "pdf", "memory", "robustness"}
    assert report["measured"]["answers"]["curves"]["en"]["risk_coverage"][-1][0] == 1.0
    assert report["command"] == "python -m evaluation all --data DIR --seed 1"
    out = capsys.readouterr().out
    assert "| Whole corpus, by language" in out
    assert readme.read_text() == f"# Figures\n\n{BEGIN}\n{out.strip()}\n{END}\n\nThe rest.\n"


def test_every_line_of_all_says_which_command_asked_it(evaluate: Evaluate, tmp_path: Path) -> None:
    path = tmp_path / "p.jsonl"
    assert evaluate("all", "--language", "fr", "--predictions", path) == 0
    predictions(path)
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    said = [(line["command"], line["status"]) for line in lines if line["id"] == "fr-1"]
    assert said == [("retrieval", None), ("answers", "answered"), ("pdf", "answered"), ("memory", "answered")]
    assert len({(line["command"], line["id"]) for line in lines}) == len(lines)


def test_a_prediction_has_no_seconds_where_readings_are_kept(evaluate: Evaluate, tmp_path: Path) -> None:
    for readings, timed in (((), True), (("--readings", tmp_path / "readings"), False)):
        assert evaluate("all", "--language", "fr", *readings, "--predictions", tmp_path / "p.jsonl") == 0
        found = predictions(tmp_path / "p.jsonl").values()
        assert {line["seconds"] is not None for line in found} == {timed}


def test_all_leaves_out_what_a_folder_does_not_hold(
    evaluate: Evaluate, data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "less"
    folder.mkdir()
    for name in ("contexts_fr.jsonl", "qa_fr.jsonl"):
        (folder / name).write_bytes((data / name).read_bytes())
    assert evaluate("all", "--json", tmp_path / "out.json", folder=folder) == 0
    left_out = capsys.readouterr().err
    assert all(f"{name} is left out" in left_out for name in ("pdf", "robustness"))
    assert set(figures(tmp_path / "out.json", "answers", "Whole corpus, by language")) == {"fr"}


def test_all_plants_orders_where_the_folder_has_pdfs_with_them(evaluate: Evaluate, data: Path, tmp_path: Path) -> None:
    folder = tmp_path / "hostile"
    (folder / "pdfs_hostile").mkdir(parents=True)
    page = draw(lines("L'évaporation demande de l'énergie, qui vient du soleil."))
    (folder / "pdfs_hostile" / "made_injection_visible_fr.pdf").write_bytes(page)
    options = ("--language", "fr", "--json", tmp_path / "out.json", "--predictions", tmp_path / "p.jsonl")
    assert evaluate("all", *options, folder=folder) == 0
    kinds = figures(tmp_path / "out.json", "robustness", "Orders by kind")["attack success"]
    assert kinds["PDF"] == {"value": 0.0, "low": 0.0, "high": 0.0, "n": 1}
    assert predictions(tmp_path / "p.jsonl")["made_injection_visible_fr"]["language"] == "fr"


def test_a_limit_chooses_the_same_questions_for_the_same_seed(evaluate: Evaluate, tmp_path: Path) -> None:
    chosen = []
    for name, seed in (("a", 1), ("b", 1), ("c", 2), ("d", 3), ("e", 4)):
        assert evaluate("answers", "--limit", 2, "--seed", seed, "--predictions", tmp_path / name) == 0
        found = predictions(tmp_path / name)
        assert len(found) == 2 + 2 + 2, "two of each language and the crossed ones, which are fewer"
        chosen.append(tuple(found))
    assert chosen[0] == chosen[1]
    assert len(set(chosen)) > 1


def test_a_report_names_the_command_that_makes_it_again(evaluate: Evaluate, tmp_path: Path) -> None:
    def told(command: str, *options: Any) -> str:
        assert evaluate(command, "--language", "fr", *options, "--json", tmp_path / "out.json") == 0
        return str(json.loads((tmp_path / "out.json").read_text())["command"])

    usual = "--data DIR --seed 1 --language fr"
    assert told("retrieval") == f"python -m evaluation retrieval {usual}"
    assert told("pdf") == f"python -m evaluation pdf {usual} --limit 100"
    assert told("pdf", "--limit", 0) == f"python -m evaluation pdf {usual} --limit 0"
    assert told("answers", "--memory") == f"python -m evaluation answers {usual} --memory"
    assert told("all", "--limit", 0, "--memory") == f"python -m evaluation all {usual} --limit 0 --memory"


@pytest.mark.parametrize("limit, asked", [((), 100), (("--limit", 0), 101)])
def test_all_takes_some_questions_of_slow_commands_and_with_limit_0_every_one(
    limit: tuple[Any, ...], asked: int, evaluate: Evaluate, tmp_path: Path
) -> None:
    folder = tmp_path / "many"
    folder.mkdir()
    rows = [{"id": str(n), "question": f"{n} et {n} ?", "answers": [str(2 * n)], "lang": "fr"} for n in range(101)]
    (folder / "closed_book.jsonl").write_text("".join(json.dumps({**row, "source": "sommes"}) + "\n" for row in rows))
    assert evaluate("all", *limit, "--json", tmp_path / "out.json", folder=folder) == 0
    [column] = figures(tmp_path / "out.json", "memory", "Memory, closed book").values()
    assert column["memory: gold in the text"]["n"] == asked


def test_a_run_that_was_ended_goes_on_with_the_rest(evaluate: Evaluate, builder: Builder, tmp_path: Path) -> None:
    broken = Builder(ends_after=3)
    with pytest.raises(KeyboardInterrupt):
        evaluate("answers", "--language", "en", build=broken)
    assert evaluate("answers", "--language", "en", "--predictions", tmp_path / "p.jsonl") == 0
    assert broken.asked + builder.asked == [line["question"] for line in predictions(tmp_path / "p.jsonl").values()]
    assert len(broken.asked) == 3
    assert builder.built[0].embedder.seen == [], "the documents are embedded once"
    again = Builder()
    assert evaluate("answers", "--language", "en", build=again) == 0
    assert again.asked == []


def test_questions_and_documents_that_changed_are_asked_again(
    evaluate: Evaluate, data: Path, tmp_path: Path, builder: Builder
) -> None:
    folder = tmp_path / "changed"
    folder.mkdir()
    for name in ("contexts_en.jsonl", "qa_en.jsonl"):
        (folder / name).write_bytes((data / name).read_bytes())
    assert evaluate("answers", folder=folder) == 0
    asked = len(builder.asked)
    path = folder / "qa_en.jsonl"
    path.write_text(path.read_text().replace("Who was its founder?", "Who founded it?"))
    assert evaluate("answers", folder=folder) == 0
    assert builder.asked[asked:] == ["Who founded it?"]
    path = folder / "contexts_en.jsonl"
    path.write_text(path.read_text().replace("noon", "midnight"))
    assert evaluate("answers", folder=folder) == 0
    assert len(builder.asked) == 2 * asked + 1
