"""`python -m helpers.report CORPUS REPORTS [SITE…]`: the reports on a corpus's sites, as `unspun report` makes them."""

import sys

from helpers.report.build import main

if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except (ValueError, OSError, RuntimeError) as error:  # what went wrong and the mend; the rest is of no use here
        sys.exit(str(error))
