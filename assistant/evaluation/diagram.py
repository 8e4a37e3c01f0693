"""Draws a reliability diagram as SVG: where the points lie on the diagonal, the judge's probabilities are true."""

from assistant.evaluation.reliability import BINS, Bin, Reliability

_LEFT, _TOP, _SIDE = 70, 60, 400
_INK, _FAINT, _BAR, _POINT, _LIMIT = "#1a1a1a", "#d9d9d9", "#b7d3ea", "#0b4f8a", "#a33a00"


def svg(reliability: Reliability) -> str:
    """The diagram of ten bins: bars and points at the share observed, with the number of questions above each bar."""
    told = f"{reliability.questions} questions"
    told += f", calibration error {reliability.calibration_error:.3f}, Brier score {reliability.brier:.3f}"
    width, height = _LEFT + _SIDE + 30, _TOP + _SIDE + 60
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" aria-labelledby="title">',
        f'<title id="title">How far the judge can be believed: {told}</title>',
        f'<rect width="{width}" height="{height}" fill="#fff"/>',
        f'<g font-family="sans-serif" font-size="13" fill="{_INK}">',
        _text(_LEFT, 24, "How far the judge can be believed", 'font-size="16" font-weight="bold"'),
        _text(_LEFT, 44, told),
        *(_tick(number / BINS) for number in range(0, BINS + 1, 2)),
        *(_bar(one) for one in reliability.bins),
        _line(0, 0, 1, 1, f'stroke="{_INK}" stroke-dasharray="6 4"'),
        *_threshold(reliability.threshold),
        *(_point(one) for one in reliability.bins),
        _text(_x(0.5), height - 14, "probability given by the judge", 'text-anchor="middle"'),
        _text(-_y(0.5), 22, "share that has an answer", 'text-anchor="middle" transform="rotate(-90)"'),
        "</g>",
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _x(value: float) -> float:
    return round(_LEFT + value * _SIDE, 1)


def _y(value: float) -> float:
    return round(_TOP + (1 - value) * _SIDE, 1)


def _text(x: float, y: float, text: str, look: str = "") -> str:
    return f'<text x="{x}" y="{y}" {look}>{text}</text>'


def _line(x1: float, y1: float, x2: float, y2: float, look: str) -> str:
    return f'<line x1="{_x(x1)}" y1="{_y(y1)}" x2="{_x(x2)}" y2="{_y(y2)}" {look}/>'


def _tick(value: float) -> str:
    return "\n".join([
        _line(0, value, 1, value, f'stroke="{_FAINT}"'),
        _text(_x(value), _y(0) + 20, f"{value:.1f}", 'text-anchor="middle"'),
        _text(_x(0) - 8, _y(value) + 4, f"{value:.1f}", 'text-anchor="end"'),
    ])  # fmt: skip


def _bar(one: Bin) -> str:
    if one.observed is None:
        return ""
    width, height = _SIDE / BINS - 4, one.observed * _SIDE
    return f'<rect x="{_x(one.low) + 2}" y="{_y(one.observed)}" width="{width}" height="{height:.1f}" fill="{_BAR}"/>'


def _point(one: Bin) -> str:
    if one.observed is None or one.predicted is None:
        return ""
    # Above a bar that reaches the top there is no room.
    above = max(_y(one.observed) - 9, _TOP + 14)
    count = _text(_x((one.low + one.high) / 2), above, str(one.questions), 'text-anchor="middle" font-size="11"')
    return f'<circle cx="{_x(one.predicted)}" cy="{_y(one.observed)}" r="4" fill="{_POINT}"/>\n{count}'


def _threshold(value: float) -> list[str]:
    label = min(max(_x(value), _LEFT + 40), _LEFT + _SIDE - 15)
    return [
        _line(value, 0, value, 1, f'stroke="{_LIMIT}" stroke-width="1.5"'),
        _text(label, _TOP - 3, f"threshold {value:.2f}", f'fill="{_LIMIT}" font-size="11" text-anchor="middle"'),
    ]
