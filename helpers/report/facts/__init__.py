"""What a report states: articles, quotations, names, numbers, timeline, leftovers of the source."""
