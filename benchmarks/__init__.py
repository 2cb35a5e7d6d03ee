"""Accuracy and speed of the comparison, side by side with what a user would take instead."""
