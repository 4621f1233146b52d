"""A line through points, as SVG."""

import html
import math

_WIDTH, _HEIGHT, _MARGIN = 520, 300, 64


def curve(points, x_label, y_label, names=None):
    """A line through points, each marked and named, with its axes, as inline SVG.

    Args:
        points: List of pairs (x, y). Those that are not finite are left out.
        x_label, y_label: Strings.
        names: List of strings, one a point. Default: none.
    """
    names = [""] * len(points) if names is None else names
    kept = [(x, y, name) for (x, y), name in zip(points, names, strict=True) if math.isfinite(x) and math.isfinite(y)]
    if not kept:
        return "<p>There are no finite points to draw.</p>"
    across = _scale([x for x, _, _ in kept], _MARGIN, _WIDTH - _MARGIN)
    up = _scale([y for _, y, _ in kept], _HEIGHT - _MARGIN, _MARGIN // 2)
    line = " ".join(f"{across(x):.1f},{up(y):.1f}" for x, y, _ in kept)
    dots = "".join(
        f'<circle cx="{across(x):.1f}" cy="{up(y):.1f}" r="4"/>{_text(across(x) + 6, up(y) - 6, name)}' for x, y, name in kept
    )
    return (
        f'<svg role="img" aria-label="{html.escape(y_label)} against {html.escape(x_label)}" width="{_WIDTH}" height="{_HEIGHT}" '
        f'viewBox="0 0 {_WIDTH} {_HEIGHT}">{_axes(kept, across, up, x_label, y_label)}<polyline points="{line}"/>{dots}</svg>'
    )


def _scale(values, low, high):
    """A function from values to pixels; a single value goes to the middle."""
    least, most = min(values), max(values)
    if most == least:
        return lambda value: (low + high) / 2
    return lambda value: low + (value - least) / (most - least) * (high - low)


def _axes(points, across, up, x_label, y_label):
    bottom, left = _HEIGHT - _MARGIN + 14, _MARGIN - 14
    lines = f'<path d="M{left} {_MARGIN // 2} V{bottom} H{_WIDTH - _MARGIN}"/>'
    xs, ys = ({min(column), max(column)} for column in list(zip(*points, strict=True))[:2])
    ticks = [_text(across(x), bottom + 16, f"{x:.4g}", "middle") for x in xs]
    ticks += [_text(left - 4, up(y) + 4, f"{y:.4g}", "end") for y in ys]
    titles = _text(_WIDTH / 2, _HEIGHT - 10, x_label, "middle") + _text(left, 12, y_label, "start")
    return lines + "".join(ticks) + titles


def _text(x, y, text, anchor="start"):
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{html.escape(text)}</text>'
