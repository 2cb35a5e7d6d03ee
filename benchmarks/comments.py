"""A seed goes in; made-up comments come out: from hidden templates, with slips and senders' own words, and honest ones.

The honest ones are chains of words: each follows one word before it, or two, as in what people wrote here or in the
news that gensim carries. So honest texts share words, turns of phrase and subject, with each other and with what the
templates say, and no two are alike. Some quote a sentence of a template in full, as people who argue do.

The templates are those of `hidden_templates.py`.
"""

import random
import re
from collections import defaultdict
from functools import cache
from typing import NamedTuple

import numpy as np
import pandas as pd

from benchmarks.honest import news
from benchmarks.testsets import held_out
from helpers.sources.spintax import expand

SLIPS, MOST_SLIPS = 0.15, 3  # share of a template's texts with typing errors; how many at most
OWN_WORDS = 0.25  # share of a template's texts with words of the sender's own
QUOTING = 0.05  # share of honest texts that quote a template
ONE_BEFORE = 0.45  # of an honest text's words follow the one word before, the others two
WORDS = (25, 140)  # of an honest text
DEAR = ["Dear FCC,", "Hello,", "To whom it may concern:", "Dear Mr. Chairman,", "Hi there,", "Good evening.", "Sirs,"]
YOURS = ["Sincerely, {}", "Thanks, {}", "– {}", "{}", "Yours truly, {}", "Respectfully submitted by {}"]
FIRST = "Ada Ben Cora Dov Edna Finn Gwen Hal Ines Jude Kit Lena Moss Nell Otis Pia Quinn Rhea Saul Tess Una Vic".split()
LAST = "Abbot Birk Crane Dale Esker Frome Garner Holt Irwin Jessop Kemble Lusk Marl Noyes Orme Pell Rudd Stroud".split()

# What honest people might write: to be chained with the news and with articles written for this project.
SAID = """
I have used the same provider for eleven years because there is no other where I live, and they know it.
My son takes his classes online three days a week and our connection is already slow enough.
Please do not let the cable companies decide what I can watch and what I can read.
I am a retired nurse and I talk to my grandchildren over the internet every Sunday.
The internet was paid for by the public and it should stay open to the public.
I don't understand why the commission wants to change something that works.
We run a small bakery and half of our orders come through the website.
Competition would fix this, but there is none in our county.
I think that less regulation is good for investment and I support the chairman.
The government should keep its hands off the internet, it grew up without any rules at all.
Nobody asked for this. Nobody I know wants to pay more for the same thing.
I read the whole proposal and I still can't find a single benefit for customers.
If you repeal the rules, companies will slow down the sites of their competitors.
Title II was written for telephones in the thirties and it makes no sense for the internet of today.
As a software engineer I can tell you that treating all traffic alike is not hard to do.
You work for us, not for the companies that you used to work for.
My library is the only place in town with a fast connection and we are all worried.
Free speech depends on being able to reach people without asking anyone for permission.
I am writing to you because my representative told me that this was the place to complain.
The prices went up twice last year and the service got worse each time.
I live on a farm and we get our weather and our prices over a satellite link.
Small businesses like mine can't afford to pay for a fast lane.
The rules of 2015 were a mistake and should be undone as soon as possible.
Please keep net neutrality. That is all I have to say.
I urge you to think about the students who have no other way to learn.
The room was clean and the staff were friendly, but the air conditioning rattled all night.
I bought this kettle in March and by June the lid would no longer close.
Great value for the money, it arrived two days early and well packed.
The instructions were useless, but my daughter put it together in an hour.
We waited forty minutes for our food and then it was cold.
Best headphones I ever had, though the left one crackles when it rains.
I would buy it again, only in another color.
It does what it says and nothing more, which is fine with me.
The battery lasts about four hours, not the ten that they promise.
Our guide knew everything about the castle and made the children laugh.
They refused to give me a refund until I wrote to the bank.
The mattress is softer than I expected and my back is thankful.
I have told all my neighbors not to go there.
The soup was the best I have eaten in years and the waiter remembered us.
Delivery was late and nobody answered the phone.
This is about whether a few firms may pick winners and losers.
I worked in telecommunications for thirty years and I have seen how they think.
Let the market decide, it always has.
What happens to my clinic when patients cannot load the booking page?
I am disabled and the internet is how I shop, bank and see my friends.
Rural customers like us were promised a lot of things and got none of them.
There must be someone with some common sense left in Washington.
Do your job and protect consumers from monopolies.
My comment was filed under my name by somebody else, please remove it.
I vote in every election and I will remember this one.
"""


class Made(NamedTuple):
    """Comments, with what is known of them: the template's number (0: honest), whether anything was changed in them."""

    texts: pd.Series
    template: np.ndarray
    changed: np.ndarray


@cache
def _chain() -> tuple[list[list[str]], dict[str, list[str]], dict[tuple[str, str], list[str]]]:
    """Sentences of honest texts, and which words follow one word, and two."""
    prose = " ".join([SAID * 4, *held_out(), *news()[1]])
    sentences = [part.split() for part in re.split(r"(?<=[.!?])\s+", prose) if 3 < len(part.split()) < 40]
    one, two = defaultdict(list), defaultdict(list)
    for words in sentences:
        for at, word in enumerate(words):
            if at > 0:
                one[words[at - 1]].append(word)
            if at > 1:
                two[words[at - 2], words[at - 1]].append(word)
    return sentences, one, two


def sentence(chance: random.Random) -> str:
    """Return a sentence that nobody wrote, of turns that people use."""
    sentences, one, two = _chain()
    words = list(chance.choice(sentences)[:1])
    while len(words) < 35 and words[-1][-1] not in ".!?":
        after = two.get(tuple(words[-2:])) if len(words) > 1 and chance.random() > ONE_BEFORE else None
        after = after or one.get(words[-1])
        if not after:
            break
        words.append(chance.choice(after))
    return " ".join(words) if words[-1][-1] in ".!?" else " ".join(words) + "."


def honest(chance: random.Random, quoted: str = "") -> str:
    """Return an honest comment; with a sentence of a template in it, where one is given."""
    least = chance.randint(*WORDS)
    said = [sentence(chance)]
    while sum(len(part.split()) for part in said) < least:
        said.append(sentence(chance))
    if quoted:
        said.insert(chance.randrange(len(said) + 1), quoted)
    return " ".join(said)


def slip(text: str, chance: random.Random) -> str:
    """Return a text with a letter left out, doubled, or two that changed places."""
    places = [at for at in range(1, len(text) - 1) if text[at].isalpha() and text[at + 1].isalpha()]
    at = chance.choice(places)
    kind = chance.randrange(3)
    if kind == 2 and text[at] != text[at + 1]:
        return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    return text[:at] + text[at + 1 :] if kind == 0 else text[: at + 1] + text[at:]


def with_own_words(text: str, chance: random.Random) -> str:
    """Return a text with a salutation, a signature or a sentence of the sender's own."""
    kind = chance.randrange(4)
    if kind == 0:
        return f"{chance.choice(DEAR)} {text}"
    if kind == 1:
        return f"{text} {chance.choice(YOURS).format(f'{chance.choice(FIRST)} {chance.choice(LAST)}')}"
    if kind == 2:
        return f"{text} {sentence(chance)}"
    ends = [match.end() for match in re.finditer(r"[.!?] ", text)] or [0]
    at = chance.choice(ends)
    return f"{text[:at]}{sentence(chance)} {text[at:]}"


def comments(templates: list[str], made: int, honest_ones: int, seed: int, shares: list[float] | None = None) -> Made:
    """Return so many comments from these templates, in equal or given shares, and so many honest ones, mixed."""
    chance = random.Random(seed)
    numbers = chance.choices(range(1, len(templates) + 1), shares, k=made) if templates else []
    rows = []
    for number in numbers:
        text = expand(templates[number - 1], chance)
        before = text
        if chance.random() < SLIPS:
            for _ in range(chance.randint(1, MOST_SLIPS)):
                text = slip(text, chance)
        if chance.random() < OWN_WORDS:
            text = with_own_words(text, chance)
        rows.append((text, number, text != before))
    for _ in range(honest_ones):
        quoted = ""
        if templates and chance.random() < QUOTING:
            quoted = chance.choice(re.split(r"(?<=[.!?])\s+", expand(chance.choice(templates), chance)))
        rows.append((honest(chance, quoted), 0, False))
    chance.shuffle(rows)
    texts, numbers, changed = zip(*rows, strict=True)
    index = pd.Index([f"comment-{at:06d}" for at in range(len(rows))], name="text_id")
    return Made(pd.Series(texts, index), np.array(numbers), np.array(changed))
