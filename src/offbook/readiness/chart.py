"""The chart of a company, as SVG: what will be known day by day until the interview."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from html import escape

from offbook.interview import spoken
from offbook.readiness import Readiness
from offbook.readiness.forecast import Curve

WIDTHS = (760, 320)
"""Of the chart on a wide screen and on a phone: letters keep their size, so it is drawn for each."""
_HEIGHT, _TOP, _BOTTOM, _LEFT = 240, 18, 30, 34
_MOST_POINTS = 120  # days that tell their numbers under the mouse


@dataclass(frozen=True, slots=True)
class _Frame:
    """Where numbers are on the drawing."""

    width: int
    right: int
    days: int
    cards: int

    def x(self, day: float) -> float:
        return round(_LEFT + (self.right - _LEFT) * day / max(1, self.days), 1)

    def y(self, cards: float) -> float:
        return round(_HEIGHT - _BOTTOM - (_HEIGHT - _BOTTOM - _TOP) * cards / max(1, self.cards), 1)


def charts(ready: Readiness) -> str:
    """Return the charts, one for each width; nothing where no day lies ahead."""
    if not ready.days:
        return ""
    return "".join(_chart(ready, width) for width in WIDTHS)


def _chart(ready: Readiness, width: int) -> str:
    frame = _Frame(width, width - 92, len(ready.stopped) - 1, len(ready.cards))
    said = (
        f"{ready.company}: of {len(ready.cards)} cards {ready.stopped[-1]:.0f} will be known on "
        f"{spoken(_end(ready))} if you stop now, {ready.kept_up[-1]:.0f} if you keep up."
    )
    parts = [
        *_grid(ready, frame),
        _area(ready.stopped, frame),
        _line("stopped", ready.stopped, frame),
        _line("kept-up", ready.kept_up, frame),
        *_names(ready, frame),
        *_points(ready, frame),
    ]
    kind = "wide" if width == WIDTHS[0] else "narrow"
    return (
        f'<svg class="chart {kind}" viewBox="0 0 {width} {_HEIGHT}" width="{width}" height="{_HEIGHT}" role="img" '
        f'aria-label="{escape(said)}">{"".join(parts)}</svg>'
    )


def _end(ready: Readiness) -> date:
    """Return the last day of the chart: the interview's, or the farthest that is looked ahead."""
    return ready.today + timedelta(days=len(ready.stopped) - 1)


def _grid(ready: Readiness, frame: _Frame) -> Iterator[str]:
    """Yield lines for no card, half of them and all, and the first and last day below."""
    for number in sorted({0, frame.cards // 2, frame.cards}):
        y = frame.y(number)
        yield f'<line class="rule" x1="{_LEFT}" x2="{frame.right}" y1="{y}" y2="{y}"/>'
        yield f'<text class="scale" x="{_LEFT - 8}" y="{y + 4}" text-anchor="end">{number}</text>'
    yield f'<text class="scale" x="{_LEFT}" y="{_HEIGHT - 8}">today</text>'
    last = spoken(_end(ready))
    yield f'<text class="scale" x="{frame.right}" y="{_HEIGHT - 8}" text-anchor="end">{last}</text>'


def _path(curve: Curve, frame: _Frame) -> str:
    return "M" + "L".join(f"{frame.x(day)} {frame.y(cards)}" for day, cards in enumerate(curve))


def _line(kind: str, curve: Curve, frame: _Frame) -> str:
    return f'<path class="line {kind}" d="{_path(curve, frame)}"/>'


def _area(curve: Curve, frame: _Frame) -> str:
    floor = frame.y(0)
    return f'<path class="area" d="{_path(curve, frame)}L{frame.x(frame.days)} {floor}L{frame.x(0)} {floor}Z"/>'


def _names(ready: Readiness, frame: _Frame) -> Iterator[str]:
    """Yield the names at the lines' ends, with room between them."""
    upper, lower = frame.y(ready.kept_up[-1]), frame.y(ready.stopped[-1])
    middle, apart = (upper + lower) / 2, max(34.0, lower - upper)
    lowest = _HEIGHT - _BOTTOM - 14
    second = min(middle + apart / 2, lowest)
    for kind, name, number, y in (
        ("kept-up", "keep up", ready.kept_up[-1], second - apart),
        ("stopped", "stop now", ready.stopped[-1], second),
    ):
        x = frame.right + 8
        yield (
            f'<text class="name {kind}" x="{x}" y="{max(_TOP - 6.0, y):.1f}">{number:.0f}'
            f'<tspan class="what" x="{x}" dy="14">{name}</tspan></text>'
        )


def _points(ready: Readiness, frame: _Frame) -> Iterator[str]:
    """Yield a strip for each day that says its numbers under the mouse."""
    days: Sequence[int] = range(len(ready.stopped))
    if len(days) > _MOST_POINTS:
        return
    half = (frame.right - _LEFT) / max(1, frame.days) / 2
    for day in days:
        said = (
            f"{spoken(ready.today + timedelta(days=day))}: {ready.stopped[day]:.1f} if you stop now, "
            f"{ready.kept_up[day]:.1f} if you keep up"
        )
        yield (
            f'<rect class="day" x="{frame.x(day) - half:.1f}" y="{_TOP}" width="{2 * half:.1f}" '
            f'height="{_HEIGHT - _TOP - _BOTTOM}"><title>{escape(said)}</title></rect>'
        )
