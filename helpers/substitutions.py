"""What was replaced by what, how often, and how well that is found."""

from helpers.comparison.compare_corpus import compare_corpus
from helpers.comparison.frequency import substitution_frequency
from helpers.comparison.substitutions import find_substitutions
from helpers.evaluation.scores import gold_tables, read_gold, score_substitutions, score_table

__all__ = [
    "compare_corpus",
    "find_substitutions",
    "gold_tables",
    "read_gold",
    "score_substitutions",
    "score_table",
    "substitution_frequency",
]
