"""The widget in which a person decides on the mapping table, row by row."""

from helpers.mapping.review_widget import review, review_table

__all__ = ["review", "review_table"]
