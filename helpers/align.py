"""Two texts, or many pairs, laid side by side; and the spans of tokens, sentences and lines that this rests on."""

from helpers.comparison.alignment.align import align, align_pairs, relatedness
from helpers.text.spans import fold, line_spans, sentence_spans, tokenise

__all__ = ["align", "align_pairs", "fold", "line_spans", "relatedness", "sentence_spans", "tokenise"]
