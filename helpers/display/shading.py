"""A text and what speaks against its words go in; the text comes out with those words shaded, the darker the surer.

In the manner of GLTR (Gehrmann, Strobelt and Rush 2019), which shades the words of machine-made texts. Nothing is told
by colour alone: surer words are underlined more heavily, and in grey they are darker (on a dark page: brighter); why a
word is shaded is read at a pointer over it, and for the surest in numbered notes below.
"""

import re
import textwrap
from bisect import bisect_right
from html import escape
from math import exp

import pandas as pd

from helpers.display.exhibits import Mark, segments
from helpers.display.masking import mask
from helpers.display.shown import Shown
from helpers.display.visible import visible
from helpers.text.spans import Span, line_spans

STEPS = (0.05, 0.15, 0.3, 0.4)  # what a word adds to the log odds: 1.05, 1.2, 1.3 and 1.5 times the odds
GAPS = re.compile(r"\n(?:[^\S\n]*\n){2,}")  # between paragraphs, wider than one reads over
SURE = (0.5, 0.7, 0.9, 0.97)  # the probability of a change
MOST_NOTES = 12
WIDE = 110  # characters of a line of plain text

# Each shade with ink that stands out from it, on pages that say they are light and on those that say they are dark.
STYLE = """
.unspun-shaded { --s1: light-dark(#fdefd8, #33281a); --s2: light-dark(#f9d49a, #5b4017);
  --s3: light-dark(#e59a3c, #8a570d); --s4: light-dark(#8a3b00, #ffc46b); --i: light-dark(#161616, #f6f2ea);
  --i4: light-dark(#fff, #161616); --edge: light-dark(#8a3b00, #ffc46b);
  line-height: 1.75; max-width: 46em; overflow-wrap: anywhere }
.unspun-shaded .text { white-space: pre-wrap }
.unspun-shaded.two { max-width: none }
.unspun-shaded mark { background: var(--s1); color: var(--i); padding: .05em .1em; border-radius: 2px }
.unspun-shaded mark.s2 { background: var(--s2); border-bottom: 1px solid var(--edge) }
.unspun-shaded mark.s3 { background: var(--s3); border-bottom: 2px solid var(--edge) }
.unspun-shaded mark.s4 { background: var(--s4); color: var(--i4); font-weight: 700;
  border-bottom: 2px solid var(--edge) }
.unspun-shaded mark.was { background: none; color: inherit; text-decoration: underline dotted; padding: 0 }
.unspun-shaded sup, .unspun-shaded small { font-size: .72em; line-height: 0 }
.unspun-shaded .key { font-size: .9em; max-width: 46em }
.unspun-shaded ol { font-size: .9em; line-height: 1.45; margin: .4em 0 .4em 1.6em; padding: 0 }
.unspun-shaded table { border-collapse: collapse; table-layout: fixed !important; width: 100%; margin: 0 !important;
  font-size: inherit; border: 0 }
.unspun-shaded caption { text-align: left; font-weight: 600; caption-side: top; padding: .3em 0 }
.unspun-shaded table th, .unspun-shaded table td { text-align: left !important; vertical-align: top !important;
  white-space: normal; border: 0; border-bottom: 1px solid rgba(128, 128, 128, .45);
  padding: .4em .8em .4em 0; line-height: 1.6 }
[data-jp-theme-light="true"] .unspun-shaded, .vscode-light .unspun-shaded { color-scheme: light }
[data-jp-theme-light="false"] .unspun-shaded, .vscode-dark .unspun-shaded, .vscode-high-contrast .unspun-shaded {
  color-scheme: dark }
"""


def shaded(text: str, signs: pd.DataFrame, caption: str = "", paragraphs: int | None = None) -> Shown:
    """Return a text with the words shaded that speak for its being spun.

    `signs` is the evidence of `spun_score`: `start`, `end` (characters), `weight` (what it adds to the log odds) and
    `words` (what it says). What is said of the same words is added up; of two shaded places that overlap the surer
    stays. Words that add little are not shaded. Addresses are masked, whatever is marked. `paragraphs` bounds how
    many are shown.
    """
    end = max([0, *(end for _, end in line_spans(text)[:paragraphs])])
    places, caption = _places(signs[signs["end"] <= end]), mask(caption)
    marks: list[Mark] = [(start, end, why) for start, end, _, why in places]
    level = {start: _level(weight, STEPS) for start, _, weight, _ in places}
    noted = sorted(sorted(places, key=lambda place: -place[2])[:MOST_NOTES])
    number = {place[0]: at for at, place in enumerate(noted, 1) if level[place[0]] > 2}
    pieces = segments(text, (0, end), marks)
    body = "".join(_piece(words, why, start, level, number) for words, why, start in pieces)
    notes = "".join(f"<li>{_seen(why)}</li>" for start, _, _, why in noted if start in number)
    html = f'<p class="key">{_key()}</p><div class="text">{body}</div>{f"<ol>{notes}</ol>" if notes else ""}'
    head = f"<p><strong>{_seen(caption)}</strong></p>" if caption else ""
    plain = "".join(words if why is None else f"[{words}]{level[start]}" for words, why, start in pieces)
    said = [f"{at}. {why}" for at, why in enumerate((why for start, _, _, why in noted if start in number), 1)]
    return Shown(_page(head + html), _folded([caption, *GAPS.sub("\n\n", plain).split("\n"), *said]))


def _places(signs: pd.DataFrame) -> list[tuple[int, int, float, str]]:
    """Start, end, weight and reasons of the places to shade, in reading order; none overlaps another."""
    heavy = signs[signs["weight"] > 0].sort_values("weight", ascending=False, kind="stable")
    places = heavy.groupby(["start", "end"], sort=False).agg(weight=("weight", "sum"), words=("words", "; ".join))
    places = places[places["weight"] >= STEPS[0]].sort_values("weight", ascending=False, kind="stable")
    kept: list[tuple[int, int, float, str]] = []
    taken: set[int] = set()
    for (start, end), weight, words in places.itertuples(name=None):
        if taken.isdisjoint(range(start, end)):
            taken.update(range(start, end))
            kept.append((int(start), int(end), float(weight), mask(words)))
    return sorted(kept)


def _level(value: float, steps: tuple[float, ...]) -> int:
    """How dark: 1 to 4."""
    return max(1, bisect_right(steps, value))


def _piece(words: str, why: str | None, start: int, level: dict[int, int], number: dict[int, int]) -> str:
    """A piece of the text as HTML."""
    if why is None:
        return GAPS.sub("\n\n", _seen(words))
    note = f"<sup>{number[start]}</sup>" if start in number else ""
    return f'<mark class="s{level[start]}" data-start="{start}" title="{_seen(why)}">{_seen(words)}</mark>{note}'


def _key() -> str:
    """What the shades mean."""
    each = (f'<mark class="s{at}">{exp(step):.2g}×</mark>' for at, step in enumerate(STEPS, 1))
    return f"Each shaded word makes the odds that the text was spun at least so many times as high: {' '.join(each)}"


def beside(text: str, restored: str, changes: pd.DataFrame, caption: str = "", paragraphs: int | None = None) -> Shown:
    """Return a text and its restoration side by side, a row a paragraph, with each change and how probable it is.

    `restored` and `changes` are those of `restore`; `paragraphs` bounds how many are shown. A pointer over a
    change reads its reason.
    """
    changes, caption = changes.sort_values("spun_start"), mask(caption)
    rows, plain = [], [caption]
    for left, right in _paragraphs(text, changes)[:paragraphs]:
        old = segments(text, left, _marks(changes, "spun", "now: " + changes["original"]))
        new = segments(restored, right, _marks(changes, "restored", changes["reason"]))
        sure = dict(zip(changes["restored_start"], changes["probability"], strict=True))
        was = "".join(_seen(words) if why is None else _was(words, why) for words, why, _ in old)
        now = "".join(_seen(words) if why is None else _now(words, why, sure[at]) for words, why, at in new)
        rows.append(f"<tr><td>{was}</td><td>{now}</td></tr>")
        said = "".join(words if why is None else f"[{words} {_percent(sure[at])}]" for words, why, at in new)
        plain += ["", "".join(words for words, _, _ in old), f"→ {said}"]
    html = (
        f"<table><caption>{_seen(caption)}</caption>"
        '<thead><tr><th scope="col">As published</th><th scope="col">Restored, with the probability of each change'
        f"</th></tr></thead><tbody>{''.join(rows)}</tbody></table>"
    )
    return Shown(_page(html, " two"), _folded(plain))


def _paragraphs(text: str, changes: pd.DataFrame) -> list[tuple[Span, Span]]:
    """The paragraphs of a text and of its restoration; two that a change runs across are one."""
    starts, ends = changes["spun_start"], changes["spun_end"].tolist()
    changed = {at for start, end in zip(starts, ends, strict=True) for at in range(start, end)}
    shifts = [0, *(changes["restored_end"] - changes["spun_end"])]
    spans: list[Span] = []
    for start, end in line_spans(text):
        if start - 1 in changed:
            start = spans.pop()[0]
        spans.append((start, end))
    moved = [[at + shifts[bisect_right(ends, at)] for at in span] for span in spans]
    return [(span, (start, end)) for span, (start, end) in zip(spans, moved, strict=True)]


def _marks(changes: pd.DataFrame, side: str, tips: pd.Series) -> list[Mark]:
    return sorted(zip(changes[f"{side}_start"], changes[f"{side}_end"], tips.map(mask), strict=True))


def _was(words: str, why: str) -> str:
    return f'<mark class="was" title="{_seen(why)}">{_seen(words)}</mark>'


def _now(words: str, why: str, sure: float) -> str:
    level = _level(sure, SURE)
    return f'<mark class="s{level}" title="{_seen(why)}">{_seen(words)}</mark><small>&nbsp;{_percent(sure)}</small>'


def _percent(sure: float) -> str:
    """A probability; none is a certainty."""
    return ">99%" if sure > 0.99 else f"{sure:.0%}"


def _seen(words: str) -> str:
    """Words that are masked already, as HTML that shows everything and does nothing."""
    return escape(visible(words))


def _page(html: str, kind: str = "") -> str:
    return f'<style>{STYLE}</style><div class="unspun-shaded{kind}">{html}</div>'


def _folded(lines: list[str]) -> str:
    """Lines of plain text, none too wide."""
    return "\n".join(textwrap.fill(visible(line), WIDE) for line in lines).strip("\n")
