# SPDX-License-Identifier: ISC
"""A plot as SVG text: ratios to the responder without state as bars, growth as lines."""

import math
from xml.sax.saxutils import escape

WIDTH = 960
COLOURS = {"sextantd": "#0b6e4f", "kea": "#c8553d", "dhcpd": "#588b8b", "dnsmasq": "#c9a227",
           "null": "#888888", "null-durable": "#b5a7c9"}
FONT = 'font-family="sans-serif" font-size="12" fill="#222"'


def text(x, y, words, anchor="middle", more=""):
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" {FONT} {more}>' \
           f"{escape(words)}</text>"


def line(x1, y1, x2, y2, colour="#ccc", width=1.0):
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" ' \
           f'stroke="{colour}" stroke-width="{width}"/>'


def rect(x, y, width, height, colour):
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" ' \
           f'fill="{colour}"/>'


def legend(names, labels, y):
    parts, x = [], 70.0
    for name in names:
        parts += [rect(x, y - 10, 12, 12, COLOURS[name]),
                  text(x + 18, y, labels[name], anchor="start")]
        x += 40 + 8 * len(labels[name])
    return parts


def bars(ratios, titles, top, height):
    """Groups of bars, one a mode, from 0 to 1; a value is written above each bar."""
    left, right, bottom = 70, WIDTH - 20, top + height
    modes = [mode for mode in titles if any(r.get(mode) is not None for r in ratios.values())]
    parts = [text(left, top - 14, "Rate as a share of a responder without state (1)",
                  anchor="start", more='font-weight="bold"')]
    for tenth in range(0, 11, 2):
        y = bottom - height * tenth / 10
        parts += [line(left, y, right, y), text(left - 8, y + 4, f"{tenth / 10:.1f}", "end")]
    if not modes:
        return parts
    group = (right - left) / len(modes)
    width = group * 0.8 / max(len(ratios), 1)
    for i, mode in enumerate(modes):
        x = left + group * (i + 0.1)
        parts.append(text(left + group * (i + 0.5), bottom + 18, mode))
        for name, values in ratios.items():
            value = values.get(mode)
            if value is not None:
                tall = max(height * min(value, 1.05), 1)
                parts += [rect(x, bottom - tall, width - 2, tall, COLOURS[name]),
                          text(x + width / 2, bottom - tall - 4, f"{value:.2g}",
                               more='style="font-size:9px"')]
            x += width
    return parts


def lines(growth, key, title, box):
    """Rates over leases, both on logarithmic scales."""
    left, top, right, bottom = box
    points = {name: [(max(row["leases"], 1000), row[key]) for row in levels if row.get(key)]
              for name, levels in growth.items()}
    rates = [rate for series in points.values() for _, rate in series]
    parts = [text(left, top - 14, title, anchor="start", more='font-weight="bold"')]
    if not rates:
        return parts
    low, high = math.floor(math.log10(min(rates))), math.ceil(math.log10(max(rates)))
    high = max(high, low + 1)

    def place(leases, rate):
        return (left + (right - left) * (math.log10(leases) - 3) / 3.2,
                bottom - (bottom - top) * (math.log10(rate) - low) / (high - low))

    for power in range(low, high + 1):
        y = place(1000, 10 ** power)[1]
        parts += [line(left, y, right, y), text(left - 8, y + 4, f"{10 ** power:,}", "end")]
    for power, words in ((3, "none"), (4, "10,000"), (5, "100,000"), (6, "1,000,000")):
        parts.append(text(place(10 ** power, 10 ** low)[0], bottom + 18, words))
    for name, series in points.items():
        places = [place(leases, rate) for leases, rate in series]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{COLOURS[name]}" '
                     'stroke-width="2"/>')
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{COLOURS[name]}"/>'
                  for x, y in places]
    return parts


def draw(ratios, growth, labels, titles):
    names = list(dict.fromkeys(list(ratios) + list(growth)))
    height = 720 if growth else 400
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
             f'width="{WIDTH}" height="{height}">', rect(0, 0, WIDTH, height, "#ffffff")]
    parts += legend(names, labels, 24)
    parts += bars(ratios, titles, 70, 270)
    if growth:
        parts += lines(growth, "four", "New leases a second, on top of so many leases",
                       (90, 430, 470, 670))
        parts += lines(growth, "renew", "Renewals a second, of so many leases",
                       (570, 430, 940, 670))
    return "\n".join(parts + ["</svg>", ""])
