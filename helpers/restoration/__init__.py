"""The original words put back."""
