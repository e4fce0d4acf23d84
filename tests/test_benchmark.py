"""The benchmark's vault is exported whole; how long that takes is told by `make bench`."""

from __future__ import annotations

from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).parent.parent / "benchmarks"


def test_the_benchmark_finds_every_card(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    from run import main

    assert main(["--cards", "60", "--runs", "1", "--large"]) == 0
    printed = capsys.readouterr().out
    assert "first export" in printed
    assert "600 cards:" in printed


def test_a_missing_card_is_a_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    from run import Bench

    bench = Bench(tmp_path, 20)
    (file,) = bench.notes.rglob("00000 *.md")
    file.write_text(file.read_text("utf-8").replace("end3.", "here."), "utf-8")
    bench.export("first export")
    assert bench.faults() == ["end3"]
