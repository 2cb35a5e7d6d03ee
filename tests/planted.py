"""Addresses in every spelling that a reader understands, and figures that are none: what no output may show, and must.

Each form is made from a number, so that no two plantings are the same; what is looked for in what was made is its
secret, and signs between letters and digits do not count.
"""

import re
import unicodedata
from html import unescape

# {u}: a name of letters that is in no other planting.
EMAILS = [
    "{u}@site.example", "{u} [at] site [dot] example", "{u}[at]site[dot]example", "{u}(at)site.example",
    "{u}(at)site", "{u} (at) site (dot) example", "{u} @ site.example", "{u} @ site . com", "{u}@site . com",
    "{u}@ site.example", "{u} AT site DOT com", "{u} at site dot com", "{u}＠site.example", "{u}﹫site．example",
    "ｊａｎｅ{u}＠ｓｉｔｅ．ｅｘａｍｐｌｅ", "mailto:{u}@site.example", "mailto:{u}%40site.example?subject=hello",
    "https://site.example/write?to={u}%40mail.example", "{u}&#64;site.example", "{u}&#x40;site&#46;example",
    "{u}&commat;site&period;example", "{u}\u200b@\u200bsite.example", "{u}@si\u00adte.exam\u2060ple",
    "{u}{{at}}site{{dot}}example", "{u} <at> site <dot> example", "{u}<at>site.example", "{u}_at_site_dot_example",
    "{u}_at_site.example", "{u} -at- site -dot- example", "{u}(a)site.example", "{u} arroba site punto es",
    "{u} [ät] site.example", "{u}[@]site.example", "\"{u} doe\"@site.example", "{u}@münchen.example",
    "{u}@почта.рф", "почта{u}@сайт.рус", "{u}@site.example, or", "{u}@xn--mnchen-3ya.example", "{u}@[192.168.1.1]",
    "{u}+news@site.co.example", "{u}.doe at gmail.com", "e-mail {u} at site.com", "{u}ATsiteDOTcom",
    "{u}\\u0040site.example", "{u}<!-- x -->@site.example", "<b>{u}</b>@<i>site</i>.example", "{u}%2540site.example",
    "{u}&amp;#64;site.example", "{u} at-sign site dot example", "{u}=40site.example", "{u}@site(dot)example",
    "{u}[dot]doe[at]site[dot]example", "{u}@site。example", "{u} собака сайт точка рф", "{u}⟨at⟩site⟨dot⟩example",
    "{u}@@site.example", "{u} 'at' site 'dot' com", "{u}.doe@site",
]  # fmt: skip
# {a}: three digits, {b}: four digits, which together are in no other planting. Nobody’s numbers: 555 01.., 7946 0...
TELEPHONES = [
    "+44 20 7946 {b}", "+44 (0)20 7946 {b}", "+44(0)2079 46{b}", "+442079 46{b}", "(+44) 20 7946 {b}",
    "0044 20 7946 {b}", "00 44 20 7946 {b}", "00 49 30 {a} {b}", "00-49-30-{a}-{b}", "011 44 20 7946 {b}",
    "1 800 555 {b}", "1-800-555-{b}", "1.800.555.{b}", "+1 800 555 {b}", "+1-800-555-{b}", "+1 (800) 555-{b}",
    "(800) 555-{b}", "(800) 555 {b}", "(800)555-{b}", "800-555-{b}", "800.555.{b}", "800 555 {b}", "800/555-{b}",
    "800·555·{b}", "800_555_{b}", "800–555–{b}", "800—555—{b}", "800‑555‑{b}", "800−555−{b}", "800‒555‒{b}",
    "800－555－{b}", "800\u00a0555\u00a0{b}", "800\u2009555\u2009{b}", "800\u202f555\u202f{b}",
    "030 / {a} {b}", "030/{a}{b}", "030-{a}{b}", "030 {a} {b}", "(030) {a} {b}", "(030) {a}-{b}", "030.{a}.{b}",
    "030 {a}{b}", "0{a}-{b}77", "020 7946 {b}", "(020) 7946 {b}", "0207 946 {b}", "0207946{b}",
    "020-7946-{b}", "020–7946–{b}", "020.7946.{b}", "020\n7946 {b}", "020 7946\n{b}",
    "8 (495) {a}-{b2}-{b1}", "8-495-{a}-{b2}-{b1}", "8(495){a}-{b2}-{b1}", "+7 495 {a}-{b2}-{b1}",
    "+7 (495) {a} {b2} {b1}",
    "8 495 {a} {b2} {b1}", "+33 1 {a} {b}", "+33 1 70 {b2} {b1} {a1}", "01 {b2} {b1} {a1} 89", "01.{b2}.{b1}.{a1}.89",
    "+34 91 {a} {b2} {b1}", "91 {a} {b2} {b1}", "(11) 9{b}-{a}7", "+55 11 9{b}-{a}7", "98{a} {b}1",
    "+91 98{a} {b}1", "+86 138 0{a} {b}", "138 0{a} {b}", "03-3{a}-{b}", "+81 3-3{a}-{b}",
    "０２０ ７９４６ {bw}", "＋４４ ２０ ７９４６ {bw}", "٠٢٠ ٧٩٤٦ {ba}", "+٤٤ ٢٠ ٧٩٤٦ {ba}", "०२० ७९४६ {bd}",
    "tel:+442079 46{b}", "tel:02079 46{b}", "tel:+44-20-7946-{b}", "https://wa.me/44207946{b}", "wa.me/+44207946{b}",
    "https://api.whatsapp.com/send?phone=44207946{b}", "sms:+44207946{b}", "callto:+44207946{b}",
    "+44 20 7946 {b} ext. 12", "020 7946 {b} x12", "800-555-{b} ext. 1234",
    "Tel. {a} {b}", "Tel: {a}{b}", "phone {a}-{b}", "Phone: 20 79 {b2} {b1}", "fax {a}.{b}", "call {a} {b}",
    "WhatsApp 207946{b}", "WhatsApp: 44 20 7946 {b}", "mobile 79{a}{b}", "☎ {a} {b}", "Телефон: {a}-{b2}-{b1}",
    "Tél. 79 {b2} {b1}", "T: {a} {b}", "20 7946 {b} (mobile)", "call us on 7946 {b}", "Tel./Fax {a}/{b}",
    "<b>020</b> <i>7946</i> {b}", "020<br>7946 {b}", "020&nbsp;7946&nbsp;{b}", "020%207946%20{b}",
    "020\u200b7946\u200b{b}", "0\u00ad20 7946 {b}", "020 7946 &#48;{b3}", "555-{b}", "+44.20.7946.{b}",
    "+44/20/7946/{b}",
    "(+44 20) 7946 {b}", "[020] 7946 {b}", "+44 2 0 7 9 4 6 {bs}", "020 ~ 7946 ~ {b}", "𝟎𝟐𝟎 𝟕𝟗𝟒𝟔 {bm}",
    "+44 20 1946 {b}", "(800)555{b}", "1(800)555-{b}", "0049 30 12{b}",
]  # fmt: skip
VANITY = ["1-800-FLOWERS", "1 800 FLOWERS", "0800 FLOWERS", "(800) FLOWERS", "+1-800-GO-FEDEX", "1-800-555-CALL",
          "1-800-flowers",
          "five five five, zero one nine nine", "zero two zero seven nine four six zero nine five eight"]  # fmt: skip

HONEST = [
    "2024-11-05", "2024-11-05 10:30", "2024-11-05T10:30:45Z", "2024-11-05T10:30:45.123+01:00", "5 November 2024",
    "November 5, 2024", "05/11/2024", "05.11.2024", "11-05-2024", "5.11.24", "20241105", "2024/11/05", "2024.11.05",
    "1939-1945", "1939–1945", "2019-2020, 2020-2021", "2023/24", "from 1939 to 1945", "1914 1918 1939 1945",
    "05.11.2024-07.11.2024", "2024-11-05 – 2024-12-06", "1 800 555 people", "8,123,456,789 people", "$1,800,555",
    "$1 800 555", "€1.800.555,00", "1 234 567 890 euros", "USD 1800555", "8 849 m", "a population of 8 336 817",
    "37 411 000 inhabitants", "12,345,678.90", "1.234.567 people", "1'234'567 francs", "3-2", "21-19, 19-21, 21-17",
    "6-4, 3-6, 7-5", "10:30", "10:30:45", "at 14:00 49 people left", "10.30–11.45", "52.520008, 13.404954",
    "40.7128° N, 74.0060° W", "-33.8688 151.2093", "3.14159265358979", "0.0277777778", "1.2.3", "10.15.7",
    "v2.10.0-rc.1", "react@18.2.0", "192.168.100.101", "192.168.100.101:8080", "2001:db8::7946:1234",
    "ISBN 978-3-16-148410-0", "978-0-306-40615-7", "0-306-40615-2", "ISBN 0 306 40615 2", "ISSN 0378-5955",
    "doi:10.1000/182.555.0199", "10.1038/s41586-020-2649-2", "arXiv:2301.01234", "PMID 12345678",
    "18 U.S.C. 1030", "18 U.S.C. § 1030(a)(2)", "42 U.S.C. 2000e-2", "1:23-cv-04567", "No. 23-1234", "501(c)(3)",
    "section 4.2.10.3", "Case 2:19-cr-00123-ABC", "Rule 10b-5", "§ 1234-5678",
    "https://x.example/kim/status/1234567890123456789", "https://site.example/2024/11/05/0207946001-story.html",
    "@kim_news", "(@kim_news)", "follow @kim_news", "@kim.news", "https://medium.example/@kim_news/post",
    "dailybrief-news-0123456789", "article 02079460018x", "4111 1111 1111 1111", "DE89 3704 0044 0532 0130 00",
    "550e8400-e29b-41d4-a716-446655440000", "02139-4307", "123-45-6789", "order 0123456789",
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "0207946001820794600182079460018207946001820794600182079460018abc", "2079460018", "5558675309", "1234567890123",
    "meet at noon dot", "look at news.example", "He was [at] home", "Lakers @ Celtics", "3 apples @ 50 cents",
    "work-at-home.example", "the dot com bubble", "look at the dot com bubble", "every dot on the map",
    "visit us at site.com", "available at https://site.example/a", "rule 4(a) applies", "look at.me", "5-4 vote",
    "ten nine eight seven six five four three two one", "one two three four five six seven", "call 911",
    "called 300 000 people", "the call of 1939-1945", "phone sales of 1,234,567", "Nature (2019) 567 305-307",
    "12 345 678 and 23 456 789", "345 678 912 1200 3400", "GPT-4 2024-25", "Boeing 737-800", "Windows 10.0.19045.3693",
    "1/2 + 3/4", "50 000 - 60 000", "100-2000", "7946", "99.95%", "24/7", "2024 020", "a 10-20-30 split",
]  # fmt: skip
SENTENCES = ["{}", "Write to {} now.", "“Ask {}”, she said."]
WIDE, ARABIC, DEVANAGARI, BOLD = "０", "٠", "०", "𝟎"


def emails() -> list[tuple[str, str]]:
    """Each form of e-mail address with its secret."""
    names = [f"qz{_letters(number)}" for number in range(len(EMAILS))]
    return [(form.format(u=name), name) for form, name in zip(EMAILS, names, strict=True)]


def telephones() -> list[tuple[str, str]]:
    """Each form of telephone number with its secret: its digits."""
    planted = []
    for number, form in enumerate(TELEPHONES):
        a, b = f"{231 + number}", f"{100 + number:04}"
        parts = {
            "a": a, "a1": a[:2], "b": b, "b1": b[2:], "b2": b[:2], "b3": b[1:], "bs": " ".join(b), "bw": _in(b, WIDE),
            "ba": _in(b, ARABIC), "bd": _in(b, DEVANAGARI), "bm": _in(b, BOLD),
        }  # fmt: skip
        planted.append((form.format(**parts), _number(form.format(**parts))))
    return planted


def _number(form: str) -> str:
    """The digits of a number, without its extension."""
    spoken = re.sub(r"%20|ext\. \d+|x\d+$", " ", form)
    return re.sub(r"\D", "", bare(spoken))


def vanity() -> list[tuple[str, str]]:
    """Each form of number with letters, which is its own secret."""
    return [(form, bare(form)) for form in VANITY]


def everything() -> list[tuple[str, str]]:
    """Every form with its secret."""
    return [*emails(), *telephones(), *vanity()]


def shown_in(text: str) -> list[str]:
    """The secrets that a text shows; pictures in it and fingerprints are not read."""
    read = bare(re.sub(r"[A-Za-z0-9+/]{200,}={0,2}|\b[0-9a-f]{40,}\b", " ", text))
    return [secret for _, secret in everything() if secret in read]


def forms() -> list[str]:
    """Every planted form."""
    return [*(form for form, _ in [*emails(), *telephones()]), *VANITY]


def _letters(number: int) -> str:
    return "".join("bcdfghjklm"[int(digit)] for digit in f"{number:03}")


def _in(digits: str, zero: str) -> str:
    return "".join(chr(ord(zero) + int(digit)) for digit in digits)


def bare(text: str) -> str:
    """A text as it is searched: without signs, tags and case, digits of all scripts alike."""
    text = unescape(unescape(text)) if "&amp;#" in text else text
    plain = unicodedata.normalize("NFKC", unescape(re.sub(r"<[^<>]*>", "", text)))
    return "".join(str(unicodedata.decimal(sign, sign)) for sign in plain.casefold() if sign.isalnum())
