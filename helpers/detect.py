"""Was this text spun, and where?"""

from helpers.detection.spun_score import spun_passages, spun_score

__all__ = ["spun_passages", "spun_score"]
