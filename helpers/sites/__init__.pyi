from .dictionary_test import shared_dictionary_test as shared_dictionary_test
from .distances import furniture_fingerprint as furniture_fingerprint
from .distances import site_distances as site_distances
from .distances import site_replacements as site_replacements
from .distances import typical_replacements as typical_replacements
from .indicators import indicators as indicators
