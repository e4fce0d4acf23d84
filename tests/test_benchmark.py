"""The benchmark runs, and notices what an export lacks; how long exports take is told by `make bench`."""

from __future__ import annotations

from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).parent.parent / "benchmarks"


@pytest.fixture(autouse=True)
def _importable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(BENCHMARKS))


@pytest.mark.long
def test_the_benchmark_finds_every_card(capsys: pytest.CaptureFixture[str]) -> None:
    from run import main

    assert main(["--sizes", "60", "--runs", "1", "--large"]) == 0
    _, *rows = capsys.readouterr().out.splitlines()
    measured = ["first export", "one note edited", "nothing edited"]
    people, generated = [f"as people keep it  {60:>9}"] * 3, [f"generated          {60:>9}"] * 3
    large = [f"generated          {600:>9}"] * 4
    assert [row[:28] for row in rows] == [*people, *generated, *large]
    assert [row[29:45].strip() for row in rows] == [*measured * 3, "largest process"]


def test_what_an_export_lacks_is_a_fault(tmp_path: Path) -> None:
    from generated import write_generated
    from measure import Bench

    bench = Bench(tmp_path, write_generated, 20)
    (file,) = bench.notes.rglob("00000 *.md")
    file.write_text(file.read_text("utf-8").replace("end3.", "here."), "utf-8")
    bench.first_export()
    assert bench.faults() == ["end3"]


def test_an_open_question_that_is_not_found_is_a_fault(tmp_path: Path) -> None:
    from measure import Bench
    from people import write_people

    bench = Bench(tmp_path, write_people, 90)
    (file,) = bench.notes.rglob("more to study.md")
    first = next(line for line in file.read_text("utf-8").splitlines() if line.startswith("1. "))
    file.write_text(file.read_text("utf-8").replace(f"{first}\n", ""), "utf-8")
    assert bench.faults() == [first.rstrip("?").split()[-1]]


def test_a_vault_as_people_keep_it_is_mostly_prose_and_open_questions(tmp_path: Path) -> None:
    from people import write_people

    asked = write_people(tmp_path / "one", 900)
    assert sorted([*asked.answered, *asked.open]) == list(range(900))
    assert len(asked.open) > 3 * len(asked.answered)
    files = sorted((tmp_path / "one").rglob("*.md"))
    assert sum(file.stem.startswith("2026-") for file in files) > 0.7 * len(files)
    write_people(tmp_path / "two", 900)
    again = sorted((tmp_path / "two").rglob("*.md"))
    assert [file.read_bytes() for file in again] == [file.read_bytes() for file in files]
