"""Was this text spun, and where? The suspected words shaded."""

from helpers.detection.spun_score import spun_passages, spun_score
from helpers.display.shading import shaded

__all__ = ["shaded", "spun_passages", "spun_score"]
