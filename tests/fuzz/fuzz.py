"""Feeds a target with ever new bytes, led by which lines of the program they reach.

    python tests/fuzz/fuzz.py TARGET [SECONDS]

Needs atheris (`make fuzz` installs it). What it learns stays in `.fuzz/TARGET/corpus`; input that a target fails at
is written to `.fuzz/TARGET/`, prints a traceback and ends the run. Mend it, and keep the input in
`tests/fuzz/findings/TARGET/`.
"""

from __future__ import annotations

import random
import sys
from pathlib import Path

import atheris
from seeds import MARKS, seeds

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

with atheris.instrument_imports(include=["offbook", "markdown_it", "mdit_py_plugins", "latex2mathml"]):
    from targets import TARGETS

_SLOWEST = 60  # seconds for one input of a few kilobytes, of which tracing takes nearly all
_LARGEST = 6_000  # bytes


def mutate(data: bytes, max_size: int, seed: int) -> bytes:
    """Change bytes as libFuzzer does, or lines and marks, as a writer would: bytes alone seldom make Markdown."""
    chance = random.Random(seed)
    if chance.random() < 0.3:
        return bytes(atheris.Mutate(data, max_size))
    lines = data.split(b"\n")
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(lines) + 1)
        line = lines[at] if at < len(lines) else b""
        match chance.randrange(9):
            case 0:
                lines.insert(at, chance.choice(LINES))
            case 1 if len(lines) > 1:
                del lines[at : at + chance.randint(1, 3)]
            case 2:
                lines[at : at + 1] = [chance.choice((b"> ", b"- ", b"    ", b"\t", b"1. ", b"# ", b"| ")) + line]
            case 3:
                place = chance.randrange(len(line) + 1)
                lines[at : at + 1] = [line[:place] + chance.choice(MARKS) + line[place:]]
            case 4:
                lines[at : at + 1] = [line * chance.randint(2, 6)]
            case 5:
                lines[at:at] = lines[at : at + 3] * chance.randint(1, 8)
            case 6:
                other = chance.choice(LINES)
                lines[at : at + 1] = [
                    line[: chance.randrange(len(line) + 1)] + other[chance.randrange(len(other) + 1) :]
                ]
            case 7:
                mark = chance.choice(MARKS)
                lines[at : at + 1] = [mark + line + mark]
            case _:
                chance.shuffle(lines[at : at + 6])
                lines[at : at + 2] = [b"".join(lines[at : at + 2])]
    return b"\n".join(lines)[:max_size]


def main(name: str, seconds: str = "120") -> None:
    """Run one target."""
    place = Path(".fuzz") / name
    corpus = place / "corpus"
    corpus.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(seeds(name)):
        (corpus / f"seed-{number}").write_bytes(seed)
    arguments = [f"-max_total_time={seconds}", f"-timeout={_SLOWEST}", "-rss_limit_mb=4096", f"-max_len={_LARGEST}"]
    arguments += [f"-artifact_prefix={place}/", "-print_final_stats=1", str(corpus)]
    atheris.Setup([sys.argv[0], *arguments], TARGETS[name], custom_mutator=mutate)
    atheris.Fuzz()


if __name__ == "__main__":
    LINES = [line for seed in seeds("notes") for line in seed.split(b"\n") if line]
    main(*sys.argv[1:])
