from .changes import new_indicators as new_indicators
from .dictionary_test import shared_dictionary_test as shared_dictionary_test
from .distances import furniture_fingerprint as furniture_fingerprint
from .distances import site_distances as site_distances
from .distances import site_replacements as site_replacements
from .distances import typical_replacements as typical_replacements
from .watching import Watched as Watched
from .watching import watch as watch
