"""Where was this taken from? An index of references, search queries, and the templates behind many comments."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
