"""Spun versions of a source go in, the source not among them; the lost source comes out, word by word, with evidence."""

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.sources.backbone import backbones
from helpers.sources.channel import learn
from helpers.sources.in_context import context_gains
from helpers.sources.originals import (
    SORTS, Made, Readings, gathered, learnt_pairs, log_prior, made, own_candidates, with_learnt,
)
from helpers.sources.places import places, reading_key
from helpers.sources.versions import GROUP, Version, as_articles, stories_of
from helpers.sources.written import Story, assembled, surface


def stories_beside(versions):
    spines = backbones(versions)
    found = {}
    for name, group in versions.items():
        there, where = places(spines[name], group)
        found[name] = Story(group, spines[name], there, where)
    return found


def read_of(stories, site_numbers):
    read = []
    for story in stories.values():
        keys = [[None if w is None else reading_key(w) for w in story.read(p)] for p in story.places]
        for row in keys:
            read.append([(site_numbers[v.site], k) for v, k in zip(story.versions, row) if k])
    return read
