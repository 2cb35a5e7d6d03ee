"""Nothing goes in; the names of the columns of Unspun's tables come out, and the values that their cells may have.

They stand by themselves: what checks a table (see `schemas`) takes half a second to load.
"""

ROLES = ["spun", "reference"]
# Where a text is from: as it was published; put together again from what was made of it; made by our own spinner.
PUBLISHED, RECONSTRUCTED, SIMULATED = PROVENANCES = ["published", "reconstructed", "simulated"]
DATES = ["published", "retrieved"]
# The columns of `articles.csv`: those that it must have, and those that it may have.
NEEDED = [
    "article_id", "role", "site", "url", "title", "byline", "published", "retrieved", "reference_id", "licence",
    "note", "file",
]  # fmt: skip
OPTIONAL = ["provenance", "canonical", "raw", "raw_sha256", "record", "repaired", "addresses"]
# The columns of the table of articles, in this order.
ARTICLE_COLUMNS = [
    "article_id", "role", "site", "url", "title", "byline", "published", "retrieved", "reference_id", "licence",
    "provenance", "note", "text", "links", "file", "sha256", "images", "canonical", "raw", "raw_sha256", "record",
    "repaired",
]  # fmt: skip
LISTS = ["links", "images"]  # their cells are lists of addresses
OPS = ["equal", "substitute", "insert", "delete", "move"]
KINDS = [
    "name", "number", "phrase", "synonym", "function", "inflection", "contraction", "spelling", "order", "rewritten",
    "boilerplate",
]  # fmt: skip
