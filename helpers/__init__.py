"""Unspun: find what a content spinner changed, word for word."""

__version__ = "0.1.0"
