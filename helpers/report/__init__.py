"""Reports on sites: a page each with its pictures, PDF, Markdown and data, and an index of all."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
