"""Real near texts to measure with: how they are read, that none stands twice, that a spin is as heavy as it says."""

import random

import pandas as pd

from benchmarks.near_sources import heavily, joined
from benchmarks.near_texts import TEST, TRAIN, _roff, counts, distinct
from benchmarks.testsets import references
from helpers.sources import SourceIndex
from helpers.sources.index import content_words

PAGE = r""".\" a comment
.TH "KNOT" "1"
.SH "NAME"
.sp
.nf
knot [\-\-tight] <rope>
.fi
.PP
The \fBknot\fR command ties a rope to another one, and says \(lqtied\(rq when it
.B holds
under the load that was asked for\&.
.PP
Short.
"""


def test_a_manual_page_is_read_as_paragraphs_without_its_marks_and_synopsis():
    assert _roff(PAGE) == [
        "The knot command ties a rope to another one, and says “tied” when it holds under the load that was asked for."
    ]


def test_a_text_that_stands_twice_is_kept_once(corpus):
    texts = references(corpus)
    copy = "A new first line. " + texts.iloc[0]
    assert distinct(pd.concat([texts, pd.Series({"copy": copy})])).index.tolist() == texts.index.tolist()


def test_only_the_news_are_for_both_training_and_measuring():
    assert set(TRAIN) & set(TEST) == {"news"}


def test_where_no_family_is_installed_there_is_nothing_to_count():
    assert counts({}).empty


def test_a_spin_changes_the_share_of_content_words_that_it_says(corpus):
    text = references(corpus).iloc[0]
    words = [word for sentence in content_words(text) for word, _ in sentence]
    book = pd.DataFrame({"original": sorted(set(words)), "spun": [f"put{n}" for n in range(len(set(words)))]})
    spun = [word for sentence in content_words(heavily(text, book, 0.5, 1)) for word, _ in sentence]
    assert 0.45 < sum(word.startswith("put") for word in spun) / len(words) < 0.55


def test_indexes_that_were_joined_answer_like_one_of_all_their_articles(corpus):
    texts = references(corpus)
    apart = [SourceIndex(texts[[name]]) for name in random.Random(1).sample(list(texts.index), len(texts))]
    asked = texts.iloc[2][:800]
    one, other = SourceIndex(texts).find(asked, top=1), joined(apart).find(asked, top=1)
    assert one["article_id"].tolist() == other["article_id"].tolist()
    assert abs(one["score"][0] - other["score"][0]) < 1e-6
