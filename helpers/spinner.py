"""A spinner with known truth, to measure with."""

from helpers.evaluation.spinner import Spinner

__all__ = ["Spinner"]
