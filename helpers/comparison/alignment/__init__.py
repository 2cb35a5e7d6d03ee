"""Two texts, or many pairs of texts, laid side by side: passages, anchors, segments, the cheapest reading, rows."""
