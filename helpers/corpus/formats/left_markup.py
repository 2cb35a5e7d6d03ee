"""A text in which a program left its markup goes in; the words come out, and what was taken off.

HTML and its entities in a cell that should hold text, and the escapes of e-mail (quoted-printable). Only what cannot be
the article's own words is touched.
"""

import quopri
import re
from html import unescape

from helpers.corpus.formats.web_page import fragment_text

# Elements that come in pairs, of which one is opened and closed; or a line's end.
PAIRED = re.compile(
    r"<(p|div|h[1-6]|ul|ol|li|blockquote|article|section|span|strong|em)\b[^<>]{0,500}>.*?</\1\s*>", re.S
)
LINE_END = re.compile(r"<br\s*/?>", re.I)
ENTITY = re.compile(r"&(?:#\d{2,6}|#[xX][0-9a-fA-F]{2,5}|amp|quot|apos|nbsp|[lr][sd]quo|[mn]dash|hellip);")
ESCAPES = re.compile(rb"(?:=[0-9A-F]{2}){2,}")
NO_ESCAPE = re.compile(rb"=(?![0-9A-F]{2}|[ \t]*\r?\n|[ \t]*\Z)")


def without_markup(text: str) -> tuple[str, list[str]]:
    """Return a cell's text without the HTML that was left in it, and in words what was done.

    >>> without_markup("<p>It&#8217;s late.</p><p>So 3 < 4.</p>")
    ('It’s late.\\nSo 3 < 4.', ['HTML taken out of the text'])
    >>> without_markup("It&#8217;s AT&T"), without_markup("if a<b and c>d")
    (('It’s AT&T', ['entities of HTML read']), ('if a<b and c>d', []))
    """
    if "<" in text and (PAIRED.search(text) or len(LINE_END.findall(text)) > 1):
        return fragment_text(text)[0], ["HTML taken out of the text"]
    if "&" in text and ENTITY.search(text):
        return unescape(text), ["entities of HTML read"]
    return text, []


def without_escapes_of_mail(content: bytes) -> tuple[bytes, list[str]]:
    """Return a text file's bytes without the escapes of e-mail, if all that looks like them is, and what was done.

    >>> without_escapes_of_mail(b"It=E2=80=99s late, =\\nshe said.")
    (b'It\\xe2\\x80\\x99s late, she said.', ['quoted-printable undone'])
    """
    if not content.isascii() or not ESCAPES.search(content) or NO_ESCAPE.search(content):
        return content, []
    found = quopri.decodestring(content)
    try:
        return (content, []) if found.decode().isascii() else (found, ["quoted-printable undone"])
    except UnicodeDecodeError:
        return content, []
