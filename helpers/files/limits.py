"""How much is read before it is called too much: every limit on input from outside, in one place.

They are far above what an honest article, page or table has, and low enough that a hostile one costs a minute and
some gigabytes at the worst. A file over a limit is an error with a mend; nothing is cut silently.
"""

MB = 1_000_000

# What one article may have.
MOST_PAGE = 20 * MB  # bytes of a web page; the longest honest ones have about 5 MB, nearly all of it script
MOST_TEXT = 50 * MB  # bytes of a text file
MOST_DEPTH = 250  # elements within elements in a page; libxml2 silently drops what lies deeper than 256
MOST_TAGS = 100_000  # in a page; honest ones have some thousands. trafilatura took 31 s for so many, on a busy machine
MOST_FACT = 10_000  # characters of a title, a byline, an address
MOST_ADDRESSES = 5_000  # links, and pictures, kept of one page
MOST_FRAMES = 20  # frames of a page that are looked at, frames within frames included

# What one file may have.
MOST_FILE = 20_000 * MB  # bytes; web archives are read as a stream, so that it costs time alone
MOST_TABLE = 2_000 * MB  # bytes of a CSV, TSV, JSONL or Excel file; read as a stream
MOST_WHOLE = 100 * MB  # bytes of what must be in memory whole: MHTML, JSON, RSS, Atom, sitemaps
MOST_UNPACKED = 4_000 * MB  # bytes that come out of a compressed file
MOST_RATIO = 200  # to one, from 100 MB on: text shrinks to a tenth or so, a bomb to a thousandth
MOST_PHRASES = 200 * MB  # bytes of memory for a table of phrases, which is held whole; public lists take some 2 MB
MOST_SHARED = 500 * MB  # bytes of a shared mapping table; a million decisions take some 250 MB
MOST_COLUMNS = 1_000  # of a table
MOST_LINE = 50 * MB  # characters of one line of a table
MOST_ROWS = 10_000_000  # of a table
MOST_MEMBERS = 1_000_000  # files in a folder or a ZIP

# What is kept of what a file says; the rest is counted.
MOST_PROBLEMS = 1_000  # of one file; nobody reads more
MOST_PROBLEMS_TOGETHER = 10_000
HOPELESS = 100_000  # problems in one file, with fewer than a tenth as many articles: it is given up
MOST_SKIPPED = 1_000  # lines on what was passed over
MOST_HELD = 4_000 * MB  # bytes of memory for all articles of one reading; larger corpora are read by at_scale
ARTICLE_COSTS = 5_000  # bytes of memory besides its text
MOST_NAMED = 1_000_000  # pages that a sitemap and its fellows name; they take 0.5 kB each

# What reading one article may cost; it happens in a process of its own, which is ended when it costs more.
SECONDS = 60  # for one article
STARTING = 60.0  # seconds that a process has to start, besides
MEMORY = 3_000 * MB  # of address space
