"""What `template` found goes in; it comes out to be read: each template with its slots and the shares of their options.

The words of a template that never vary stand as they are; a slot is a box of its options, one below the other, with
the share of the texts that have it. Nothing is told by colour alone, and addresses are masked.
"""

from html import escape

from helpers.display.masking import mask
from helpers.display.shown import Shown
from helpers.display.visible import visible
from helpers.sources.spintax import Parts, Slot, possible, write

MOST_OPTIONS, MOST_TEMPLATES = 12, 8  # that are shown of a slot, of a batch
ASTRONOMIC = 10**12

# A box has a border, so that it is seen in grey and in print.
STYLE = """
.unspun-template { line-height: 1.9; max-width: 56em }
.unspun-template .slot { display: inline-flex; flex-direction: column; vertical-align: middle; margin: .15em .25em;
  border: 1px solid rgba(128, 128, 128, .7); border-radius: 3px; line-height: 1.3; font-size: .93em }
.unspun-template .slot > span { padding: .1em .45em }
.unspun-template .slot > span + span { border-top: 1px dotted rgba(128, 128, 128, .7) }
.unspun-template .link { font-weight: 700 }
.unspun-template small { opacity: .8; font-variant-numeric: tabular-nums }
.unspun-template h4 { margin: 1em 0 .2em }
"""


def shown(sentence: str, found: list[tuple[str, Parts, int, dict[int, list[float]]]]) -> Shown:
    """Return what was found, as HTML and as plain text that says the same.

    `found` has for each template its kind, its parts, the number of its texts, and for each slot, by its identity, the
    share of each option.
    """
    html, plain = [f"<p>{escape(sentence)}</p>"], [sentence]
    for number, (kind, parts, texts, shares) in enumerate(found[:MOST_TEMPLATES], 1):
        head = f"{kind.capitalize()} {number}: {texts:,} texts, {in_words(possible(parts))} possible"
        html.append(f"<h4>{escape(head)}</h4><div>{_html(parts, shares)}</div>")
        plain += ["", head, seen(write(parts).strip())]
    if len(found) > MOST_TEMPLATES:
        html.append(f"<p>… and {len(found) - MOST_TEMPLATES} more</p>")
        plain.append(f"… and {len(found) - MOST_TEMPLATES} more")
    page = f'<style>{STYLE}</style><div class="unspun-template">{"".join(html)}</div>'
    return Shown(page, "\n".join(plain))


def in_words(number: int) -> str:
    """Return a number as one reads it: beyond a million millions its size.

    >>> in_words(1536), in_words(1848842588950364160)
    ('1,536', 'some 10^18')
    """
    return f"{number:,}" if number < ASTRONOMIC else f"some 10^{len(str(number)) - 1}"


def seen(words: str) -> str:
    """Return words masked, with nothing unseen in them."""
    return visible(mask(words))


def _html(parts: Parts, shares: dict[int, list[float]]) -> str:
    return "".join(escape(seen(part)) if isinstance(part, str) else _box(part, shares) for part in parts)


def _box(slot: Slot, shares: dict[int, list[float]]) -> str:
    """A slot as a box, its commonest options first."""
    order = sorted(range(len(slot.options)), key=lambda option: -shares[id(slot)][option])
    link = f'<span class="link">chosen together: {slot.link}</span>' if slot.link else ""
    options = [_html(slot.options[option], shares) or "<em>nothing</em>" for option in order[:MOST_OPTIONS]]
    each = [f"<small>{shares[id(slot)][option]:.0%}</small>" for option in order[:MOST_OPTIONS]]
    rows = "".join(f"<span>{words} {share}</span>" for words, share in zip(options, each, strict=True))
    more = f"<span>… {len(order) - MOST_OPTIONS} more</span>" if len(order) > MOST_OPTIONS else ""
    return f'<span class="slot">{link}{rows}{more}</span>'
