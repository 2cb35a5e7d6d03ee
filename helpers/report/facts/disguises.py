"""Articles go in; the words that are written to hide from programs come out: look-alike letters, hidden characters."""

import pandas as pd

from helpers.text.disguised import disguised

COLUMNS = ["spun_id", "site", "spun_start", "spun_end", "published", "read", "kind"]


def disguised_words(articles: pd.DataFrame) -> pd.DataFrame:
    """Return the disguised words of the spun articles of a table, in reading order.

    Whoever compares signs does not find such words, and a reader sees nothing of it: it is how a copy hides from
    checkers. Columns: `spun_id`, `site`, `spun_start`, `spun_end` (characters of the stored text), `published` (as it
    is written), `read` (as a reader sees it), `kind` (look-alike letters or hidden characters; see `disguised`).
    """
    spun = articles[articles["role"] == "spun"]
    rows = [
        (spun_id, site, *word)
        for spun_id, site, text in zip(spun.index, spun["site"], spun["text"], strict=True)
        for word in disguised(text)
    ]
    return pd.DataFrame(rows, columns=COLUMNS).astype({"spun_start": int, "spun_end": int})
