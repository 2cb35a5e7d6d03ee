"""What speaks for a candidate, and how sure may a reconstruction be? Weights for `helpers/sources`, from train sources.

`python -m benchmarks.train_reconstruction` reconstructs the train sources from versions that other dictionaries made
than those of `benchmarks.reconstruct`, with news stories beside them that only teach the dictionaries. It learns what
each of CHOICE_FEATURES is worth (`helpers/sources/choice.py`), a conditional logit over the candidates of each place
whose original is known; then, with these choices, how often such a word is right (`certainty.py`), a logistic
regression. Both with the language model and without. `helpers/sources/reconstruct_model.json` holds all.

It prints, too, how many places the channel alone reads rightly with other weights of English frequency (`FREQUENT` in
`helpers/sources/originals.py`, which was set by that).
"""

import json
from collections.abc import Hashable
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression

from benchmarks.lost_sources import CORPUS, TRAINED, Versions, meant_by, published, stands, with_teaching
from benchmarks.testsets import references, split
from helpers.files.atomic import write_file
from helpers.sources import choice
from helpers.sources.certainty import FEATURES, features, is_seldom_read
from helpers.sources.channel import learn
from helpers.sources.choice import CHOICE_FEATURES, Opinion, as_prior, choice_features
from helpers.sources.decided import Decided, chosen, context_of, learnt_of, with_proposed
from helpers.sources.lost_source import beside, reconstructions
from helpers.sources.originals import FREQUENT, SORTS, log_prior
from helpers.sources.witnesses import GROUP
from helpers.text.spans import tokens

MODEL = Path(__file__).parents[1] / "helpers" / "sources" / "reconstruct_model.json"
STRENGTH = 1.0  # of the regularisation, on features of like size
ROUNDS = 3  # of learning weights, and of what the channel makes of them
FREQUENCIES = (0.25, 0.5, 0.75, 1.0, 1.25)


class Prepared(NamedTuple):
    """A setting as it is before any choice: what the channel learnt, and what the language model says of candidates."""

    versions: Versions
    decided: Decided
    told: np.ndarray


def prepared(setting: str, train: pd.Series, language_model: bool) -> Prepared:
    """Return a setting of the train sources, made ready."""
    versions = published(setting, with_teaching(train))
    decided = learnt_of(beside(versions.articles, GROUP), None, {})
    if not language_model:
        return Prepared(versions, decided, np.full((len(decided.made.phrase), 2), np.nan))
    decided = with_proposed(decided, list(train.index), {})
    return Prepared(versions, decided, context_of(decided, list(train.index)))


def truth(made: Prepared, sources: pd.Series, language_model: bool) -> dict[int, int]:
    """Return the number of the right candidate of each place that is learnt from: place -> candidate."""
    decided, found, number = made.decided, {}, 0
    first = decided.made.witnesses.first_candidate
    for name, story in decided.stories.items():
        if name in sources.index:
            pages = {version.name: made.versions.pages[version.name] for version in story.versions}
            for place, meant in enumerate(meant_by(story, pages, sources[name]), number):
                own = range(first[place], first[place + 1])
                right = [at for at in own if decided.readings.phrases[decided.made.phrase[at]] == meant.key]
                asked = not language_model or not np.isnan(made.told[own.start : own.stop]).all()
                if meant.cut and right and len(own) > 1 and asked:
                    found[place] = right[0]
        number += len(story.places)
    return found


def weighed(parts: list[tuple[np.ndarray, np.ndarray, dict[int, int]]]) -> np.ndarray:
    """Return the weights under which the right candidates are likeliest: (features, first candidates, truth) each."""
    rows, starts, right, at = [], [], [], 0
    for values, first, known in parts:
        for place, candidate in known.items():
            own = values[first[place] : first[place + 1]]
            rows.append(own)
            starts.append(at)
            right.append(at + candidate - first[place])
            at += len(own)
    values = np.concatenate(rows)
    scale = values.std(axis=0) + 1e-9
    values, begin, picked = values / scale, np.array(starts), np.array(right)
    sizes = np.diff([*starts, at])

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        scores = values @ weights
        scores = scores - np.repeat(np.maximum.reduceat(scores, begin), sizes)
        whole = np.add.reduceat(np.exp(scores), begin)
        shares = np.exp(scores) / np.repeat(whole, sizes)
        slope = values.T @ shares - values[picked].sum(axis=0) + STRENGTH * weights
        return float(np.log(whole).sum() - scores[picked].sum() + STRENGTH / 2 * weights @ weights), slope

    found = minimize(loss, np.zeros(values.shape[1]), jac=True, method="L-BFGS-B").x
    scores = values @ found
    best = [int(scores[a : a + size].argmax()) + a for a, size in zip(starts, sizes.tolist(), strict=True)]
    print(f"  right in {np.mean(np.array(best) == picked):.4f} of {len(picked)} places", flush=True)
    return found / scale


def choice_weights_of(settings: list[Prepared], sources: pd.Series, language_model: bool) -> dict[str, float]:
    """Return what each of CHOICE_FEATURES is worth, the channel asked anew with what was learnt."""
    known = [truth(made, sources, language_model) for made in settings]
    priors = [np.array([log_prior(made.decided.readings.phrases[at]) for at in made.decided.made.phrase.tolist()])
              for made in settings]  # fmt: skip
    learnt = [made.decided.learnt for made in settings]
    weights = np.zeros(len(CHOICE_FEATURES))
    for turn in range(ROUNDS):
        parts = []
        for at, made in enumerate(settings):
            decided = made.decided
            if turn:
                some = ~np.isnan(made.told).all(axis=1) if language_model else np.ones(len(made.told), dtype=bool)
                values = choice_features(decided.readings, decided.made, Opinion(learnt[at], priors[at], made.told))
                base = np.array([log_prior(decided.readings.phrases[one]) for one in decided.made.phrase.tolist()])
                priors[at] = np.where(some, as_prior(values, weights), base)
                sorts = SORTS * (int(decided.readings.dictionary.max()) + 1)
                learnt[at] = learn(decided.made.witnesses, priors[at], len(decided.sites), sorts)
            values = choice_features(decided.readings, decided.made, Opinion(learnt[at], priors[at], made.told))
            parts.append((values, decided.made.witnesses.first_candidate, known[at]))
        weights = weighed(parts)
    return dict(zip(CHOICE_FEATURES, weights.round(4).tolist(), strict=True))


def frequency_tried(settings: list[Prepared], sources: pd.Series) -> None:
    """Print how many places the channel alone reads rightly with other weights of English frequency."""
    for weight in FREQUENCIES:
        right = places = 0
        for made in settings:
            decided, known = made.decided, truth(made, sources, False)
            prior = np.array([log_prior(decided.readings.phrases[at]) for at in decided.made.phrase.tolist()])
            sorts = SORTS * (int(decided.readings.dictionary.max()) + 1)
            chance = learn(decided.made.witnesses, prior * weight / FREQUENT, len(decided.sites), sorts).chance
            first = decided.made.witnesses.first_candidate
            right += sum(int(chance[first[p] : first[p + 1]].argmax()) + first[p] == one for p, one in known.items())
            places += len(known)
        print(f"frequency weighs {weight}: the channel alone is right in {right / places:.4f} of {places}", flush=True)


def rows_of(decided: Decided, language_model: bool, sources: pd.Series) -> tuple[np.ndarray, np.ndarray]:
    """Return the features of the place of every reconstructed word, and whether the word stands in the source."""
    wanted: list[Hashable] = list(sources.index)
    made = reconstructions(decided, language_model, wanted)
    right = stands({name: made[name].text for name in wanted}, sources)
    given, at, rows, found = features(decided), 0, [], []
    for name, story in decided.stories.items():
        if name in right:
            starts = np.array([token.start for token in tokens(made[name].text)])
            rows.append(given[at + made[name].words["place"].to_numpy()])
            found.append(right[name][1][np.searchsorted(starts, made[name].words["start"])])
        at += len(story.places)
    return np.concatenate(rows), np.concatenate(found)


def certainty_of(settings: list[Prepared], sources: pd.Series, language_model: bool) -> dict[str, dict[str, float]]:
    """Return the weights of certainty, learnt from the choices that are now made, places of few dictionaries apart."""
    found = []
    for setting, made in zip(TRAINED, settings, strict=True):
        found.append(rows_of(chosen(made.decided, made.told, language_model), language_model, sources))
        print(setting, f"{found[-1][1].mean():.4f} of {len(found[-1][1])} words right", flush=True)
    rows, right = (np.concatenate(part) for part in zip(*found, strict=True))
    few, learnt = is_seldom_read(rows), {}
    for name, some in (("two dictionaries", few), ("several", ~few)):
        model = LogisticRegression(C=STRENGTH, max_iter=2000).fit(rows[some], right[some])
        chance = model.predict_proba(rows[some])[:, 1]
        for least in (0.9, 0.95, 0.99):
            sure = chance >= least
            print(f"  {name}, at {least}: {right[some][sure].mean():.4f} right of {sure.sum()}", flush=True)
        learnt[name] = dict(zip(FEATURES, model.coef_[0].round(4).tolist(), strict=True))
        learnt[name]["constant"] = round(float(model.intercept_[0]), 4)
    return learnt


def main() -> None:
    """Learn all weights, and write them."""
    train, _ = split(references(CORPUS))
    known: dict[str, dict[str, float]] = json.loads(MODEL.read_text(encoding="utf-8"))
    for name, language_model in (("counted", False), ("asked", True)):
        settings = [prepared(setting, train, language_model) for setting in TRAINED]
        if not language_model:
            frequency_tried(settings, train)
        known[f"choice_{name}"] = choice_weights_of(settings, train, language_model)
        write_file(MODEL, json.dumps(known, indent=1) + "\n")
        choice.choice_weights.cache_clear()
        for kind, weights in certainty_of(settings, train, language_model).items():
            known[f"{name}, {kind}"] = weights
        write_file(MODEL, json.dumps(known, indent=1) + "\n")


if __name__ == "__main__":
    main()
