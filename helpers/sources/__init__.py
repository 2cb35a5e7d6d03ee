"""Where was this taken from? An index of references, and the queries to paste into a search engine."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
