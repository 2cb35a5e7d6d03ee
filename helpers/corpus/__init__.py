"""Articles in: load a corpus, add to it, import files of any form, paste, fetch, collect, find what is there twice."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
