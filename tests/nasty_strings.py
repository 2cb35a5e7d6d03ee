# ruff: noqa: E501 - lists of strings, as many on a line as are of one kind
"""Strings that would do harm on a page, in a table or in a file name if they were taken for anything but text."""

HTML = [
    "<script>hit()</script>", "<SCRIPT SRC=//evil.example/x.js></SCRIPT>", "<img src=x onerror=hit()>",
    "<svg onload=hit()>", "<svg><script>hit()</script></svg>", "<iframe src=javascript:hit()>", "<body onload=hit()>",
    '"><script>hit()</script>', "'><script>hit()</script>", "</title><script>hit()</script>",
    "</style><script>hit()</script>", "</textarea><script>hit()</script>", "--><script>hit()</script>",
    "<!--", "-->", "<![CDATA[", "]]>", "<?php echo 1 ?>", "<!DOCTYPE html>", "</body></html>", "</main>", "</table>",
    "</td></tr></table>", "<td>", "<a href=javascript:hit()>x</a>", '" onmouseover="hit()', "' onfocus='hit()' autofocus '",
    '" autofocus onfocus=hit() x="', "<style>*{display:none}</style>", "<link rel=stylesheet href=//evil.example>",
    "<meta http-equiv=refresh content=0;url=//evil.example>", "<base href=//evil.example>", "<object data=//evil.example>",
    "<embed src=//evil.example>", "<form action=//evil.example><input type=submit>", "<math><mi xlink:href=javascript:hit()>",
    "<video><source onerror=hit()></video>", "<details open ontoggle=hit()>", "<marquee onstart=hit()>", "<x onclick=hit()>y",
    "<mark>", "</mark>", "<b>bold</b>", "<plaintext>", "<noscript><p title='</noscript><img src=x onerror=hit()>'>",
    "&lt;script&gt;hit()&lt;/script&gt;", "&#60;script&#62;hit()&#60;/script&#62;", "&amp;", "&", "<", ">", "\"", "'",
    "&nbsp;&shy;&zwnj;", "&#0;", "&#x202E;abc", "&NotAnEntity;", "<<<<>>>>", "<3", "a<b>c", "x&y=z",
]  # fmt: skip
TEMPLATES = [
    "{{ 7*7 }}", "{% raw %}", "{# comment #}", "${7*7}", "#{7*7}", "<%= 7*7 %>", "{{ config }}", "{{ ''.__class__ }}",
    "%s%n%d", "{0}", "{site}", "$x^2$", r"\frac{1}{2}", r"$\input{/etc/passwd}$", "%(name)s",
]  # fmt: skip
MARKDOWN = [
    "[x](javascript:hit())", "![x](//evil.example/x.png)", "`code`", "**bold**", "# heading", "| a | b |", "> quote",
    "- item", "***", "~~~", "[ref]: //evil.example", "<javascript:hit()>", "1. one",
]  # fmt: skip
FORMULAS = [
    "=1+1", "=HYPERLINK(\"//evil.example\")", "+1+1", "-1+1", "@SUM(1)", "=cmd|' /C calc'!A0", "=IMPORTXML(1)", "-2+3+cmd",
]  # fmt: skip
SHELL = [
    "; rm -rf x",
    "$(hit)",
    "`hit`",
    "| hit",
    "&& hit",
    "../../etc/passwd",
    "..\\..\\x",
    "CON",
    "file:///etc/passwd",
]
HUGE = ["W" * 3000, "слово" * 400, "漢" * 2000, "a" * 500 + "<b>" + "c" * 500, "💥" * 400, "e" + "\u0301" * 300]
UNICODE = [
    "שלום עולם", "مرحبا بالعالم", "ﷺ", "𝓗𝓮𝓵𝓵𝓸", "Ⅷ", "ǅ", "İstanbul", "ﬃ", "①", "½", "😀", "👩‍👩‍👧", "🇩🇪", "￿x"[1:], "Ω≈ç√∫",
]  # fmt: skip
# What cannot be seen; `articles.csv` does not take control characters, a text may have them.
UNSEEN = [
    "\u202egpj.exe", "\u2066abc\u2069", "\u200babc", "a\u200db", "\ufeffabc", "\u2028abc", "\u2029abc", "soft\u00adhyphen",
    "\u061cabc", "\u206aabc", "\U000e0041abc", "\ufffeabc", "\uffffabc", "\ufdd0abc", "\U0001ffffabc",
]  # fmt: skip
CONTROL = [
    "\x01abc",
    "\x07bell",
    "\x08back",
    "\x0bvt",
    "\x0cff",
    "\x1b[31mred",
    "\x1fabc",
    "\x7fdel",
    "\x85nel",
    "\x9bcsi",
]
IN_TABLES = [*HTML, *TEMPLATES, *MARKDOWN, *FORMULAS, *SHELL, *HUGE, *UNICODE, *UNSEEN]
ALL = [*IN_TABLES, *CONTROL]
