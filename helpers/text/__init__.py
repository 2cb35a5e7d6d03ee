"""Spans, names, English, counts of words, the language model, compiled code: what is known of a text by itself."""
