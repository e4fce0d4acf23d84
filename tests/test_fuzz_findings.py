"""What fuzzing once found stays mended; `make fuzz` looks for more.

What is timed, `shapes`, is no part of the default run: no test there depends on how fast the machine is.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

FUZZ = Path(__file__).parent / "fuzz"
sys.path.insert(0, str(FUZZ))

from seeds import FINDINGS, seeds  # noqa: E402
from targets import TARGETS  # noqa: E402

FOUND = sorted(file for file in FINDINGS.rglob("*") if file.is_file())


@pytest.mark.parametrize("file", FOUND, ids=lambda file: str(file.relative_to(FINDINGS)))
def test_what_was_found_stays_mended(file: Path) -> None:
    TARGETS[file.parent.name](file.read_bytes())


@pytest.mark.parametrize(
    "target", [pytest.param(target, marks=pytest.mark.long if target == "shapes" else ()) for target in TARGETS]
)
def test_every_target_takes_what_fuzzing_starts_from(target: str) -> None:
    for seed in seeds(target)[::7]:
        TARGETS[target](seed)
