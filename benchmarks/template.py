"""placeholder"""
import re
from collections import Counter

import numpy as np
import pandas as pd
from scipy.optimize import linear_sum_assignment

from benchmarks.comments import Made
from helpers.sources.spintax import Parts, Slot, everything, parse, possible
from helpers.sources.templates import Template

FLAT = 6
TOKEN = re.compile(r"[\w’']+|[^\w\s]")


def options_of(spintax: str) -> list[set[str]]:
    """Return the slots of spintax, each as the set of its options, in one form for every way to write the same texts.

    Options with few wordings are written out; what all options of a slot begin or end with stands outside; where an
    option has slots of its own, a sign stands in their place, and they follow as slots.
    """
    found: list[set[str]] = []

    def strip(parts):
        return [token for part in parts for token in ([part] if isinstance(part, Slot) else TOKEN.findall(part))]

    def normal(parts):
        out = []
        for part in strip(parts):
            if not isinstance(part, Slot):
                out.append(part)
                continue
            options = []
            for option in part.options:
                inner = normal(option)
                if any(isinstance(x, Slot) for x in inner) and (len(inner) == 1 or count(inner) <= FLAT):
                    options += flat(inner) if len(inner) > 1 else inner[0].options
                else:
                    options.append(inner)
            unique = []
            for option in options:
                if option not in unique:
                    unique.append(option)
            head = []
            while all(unique) and not isinstance(unique[0][0], Slot) and len({str(o[0]) for o in unique}) == 1 and len(unique) > 1:
                head.append(unique[0][0]); unique = [o[1:] for o in unique]
            tail = []
            while all(unique) and not isinstance(unique[0][-1], Slot) and len({str(o[-1]) for o in unique}) == 1 and len(unique) > 1:
                tail.insert(0, unique[0][-1]); unique = [o[:-1] for o in unique]
            if len(unique) == 1:
                out += unique[0]
            else:
                out += head + [Slot(unique, part.link)] + tail
        return out

    def count(parts):
        n = 1
        for p in parts:
            if isinstance(p, Slot):
                n *= sum(count(o) for o in p.options)
        return n

    def flat(parts):
        if not parts:
            return [[]]
        rest = flat(parts[1:])
        first = [[parts[0]]] if not isinstance(parts[0], Slot) else [f for o in parts[0].options for f in flat(o)]
        return [f + r for f in first for r in rest]

    def walk(parts):
        for part in parts:
            if isinstance(part, Slot):
                found.append({" ".join("◊" if isinstance(x, Slot) else x for x in o) for o in part.options})
                for o in part.options:
                    walk(o)

    walk(normal(parse(spintax)))
    return found


def match(true, got):
    both = np.array([[len(a & b) for b in got] for a in true]) if true and got else np.zeros((len(true), len(got)))
    rows, columns = linear_sum_assignment(-both)
    return both, rows, columns


def score(found: Template, made: Made, templates: list[str], verbose=False) -> dict:
    kind, number = found.texts["kind"].to_numpy(), found.texts["template"].to_numpy()
    claimed = kind == "template"
    out = {"claimed": int(claimed.sum())}
    real = made.template > 0
    hits = nt = ng = ts = fs = 0
    right = np.zeros(len(real), bool)
    taken = set()
    for at, spintax in enumerate(templates, 1):
        here = Counter(number[(made.template == at) & claimed].tolist())
        true = options_of(spintax)
        nt += sum(map(len, true)); ts += len(true)
        if not here:
            continue
        best = here.most_common(1)[0][0]
        if best in taken: continue
        taken.add(best)
        right |= (made.template == at) & (number == best)
        got = options_of(found.templates.set_index("template").loc[best, "spintax"])
        ng += sum(map(len, got))
        both, rows, columns = match(true, got)
        hits += both[rows, columns].sum()
        pair = dict(zip(rows, columns))
        fs += sum(r in pair and both[r, pair[r]] * 2 > len(true[r]) for r in range(len(true)))
        if verbose:
            for r in range(len(true)):
                g = got[pair[r]] if r in pair else set()
                if true[r] != g: print("  TRUE-", true[r] - g, " FOUND+", g - true[r])
            for c in set(range(len(got))) - set(columns.tolist()): print("  EXTRA", got[c])
    for extra in set(found.templates.loc[found.templates.kind == "template", "template"]) - taken:
        ng += sum(map(len, options_of(found.templates.set_index("template").loc[extra, "spintax"])))
    out |= {"templates": int((found.templates.kind == "template").sum()), "precision": hits / max(ng, 1), "recall": hits / max(nt, 1)}
    out["F1"] = 2 * hits / max(1, nt + ng)
    out["slots"] = fs / max(1, ts)
    out["honest_right"] = 1 - claimed[~real].mean() if (~real).any() else np.nan
    out["member_recall"] = right.sum() / max(1, real.sum())
    out["member_precision"] = right.sum() / max(1, claimed.sum())
    return out
