"""A name goes in; its sort comes out: organisation, title, event, date or plain name, by the words in it."""

from helpers.numbers_changed import DAYS, MONTHS
from helpers.text.spans import fold

ORGANISATION = frozenset(
    """
    agency academy army association authority bank board bureau college commission committee company congress
    corporation council court department federation force forces foundation fund government group institute
    laboratory league liberation ministry museum navy network observatory office organisation organization parliament
    party police press senate service society station trust union university
    """.split()
)
TITLE = frozenset(
    """
    admiral ambassador captain chairman chancellor chief colonel commissioner count dean director doctor dr duke emperor
    general governor judge king leader lord major marshal mayor minister mr mrs ms officer premier president prime
    prince princess prof professor queen secretary senator speaker
    """.split()
)
EVENT = frozenset("war battle conference congress cup day festival games olympics revolution summit week".split())


def sort_of_name(name: str) -> str:
    """Return the sort of a name, by its words: a title comes first, for “Foreign Minister Wang Yi” is a person.

    >>> [sort_of_name(name) for name in ["Central News Agency", "World War II", "May", "Truth Social"]]
    ['organisation', 'event', 'date', 'name']
    """
    words = set(fold(name).replace(".", "").split())
    for sort, known in (("title", TITLE), ("organisation", ORGANISATION), ("event", EVENT)):
        if words & known:
            return sort
    return "date" if words and words <= {*MONTHS, *DAYS} else "name"
