"""Whose dictionaries are alike, what is typical of each, and who shares one; what changed on a site."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
