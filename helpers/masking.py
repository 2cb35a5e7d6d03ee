"""A text goes in; the same text comes out with e-mail addresses and telephone numbers masked.

Spun pages carry addresses of people who may have nothing to do with the spinning. The corpus keeps the text as
it was; whatever is shown or exported goes through here first.
"""

import re

EMAIL = re.compile(r"\b[\w.+%-]+@[\w-]+(?:\.[\w-]+)+\b")
# A telephone number has a + or a leading 0 or brackets, seven digits or more, and is no date and no sum of money.
TELEPHONE = re.compile(
    r"(?<![\w.,/-])(?:\+\d{1,3}[\s.-]?|\(0\d+\)[\s.-]?|00?(?=[1-9])|\(\d{3}\)\s?)(?:\d[\s./-]?){6,12}\d(?![\w%])"
)
MASKED_EMAIL, MASKED_TELEPHONE = "[e-mail address masked]", "[telephone number masked]"


def mask(text: str) -> str:
    """Return the text with e-mail addresses and telephone numbers masked.

    >>> mask("Write to a.b@site.example or +44 20 7946 0018 in 2025.")
    'Write to [e-mail address masked] or [telephone number masked] in 2025.'
    """
    return TELEPHONE.sub(MASKED_TELEPHONE, EMAIL.sub(MASKED_EMAIL, text))
