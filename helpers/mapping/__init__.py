"""The mapping table (spun phrase -> original phrase), the decisions behind it, and what others give or take."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
