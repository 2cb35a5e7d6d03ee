"""`python -m helpers.mapping CORPUS`: the proposed rows of a corpus's mapping table, anew."""

import sys

from helpers.mapping.table import main

if __name__ == "__main__":
    main(*sys.argv[1:])
