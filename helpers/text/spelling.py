"""A word or phrase goes in; its bare letters come out: what stays the same however it is written.

Two phrases with the same letters are one phrase spelled in two ways: with or without hyphens, accents, the dots of
initialisms, a space in front of a unit or between thousands.
"""

import re
import unicodedata
from functools import lru_cache
from itertools import chain

from helpers.text.dates_hours import SHORT, SHORT_DAYS
from helpers.text.spans import PLAIN, fold

LONGEST = 200  # characters; what is longer is no phrase, and its spelling is not asked for
# Accents, and the signs that other scripts may set or leave out: the points of Hebrew, the vowels, hamzas and drawn-out
# lines of Arabic, the dots of Indian letters. Vowels of Indian scripts and of Thai are no such signs.
ACCENTS = re.compile(
    r"[\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670"
    r"\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u093c\u09bc\u0a3c]"
)
ACUTE = "\u0301"
NOT_DECOMPOSED = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d", "ĳ": "ij"}
)
# How German and the Scandinavian languages write their letters where there are no others: Schroeder, Aarhus.
IN_TWO_LETTERS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe"})
THOUSANDS = re.compile(r"(?<=\d)[,' ](?=\d{3}(?!\d))|(?<=\d),(?=\d\d,)")  # 12,000, 12 000, 12'000, 1,00,000
SET_LOW = re.compile("(?<=[^\\W\\d_])[\u2080-\u2089²³¹\u2074-\u2079]")  # H₂O, CO², m²; but 10² is not 102
SIGNS = re.compile(r"(?<!\d)[-.' ]|[-.' ](?!\d)")  # between two digits each of them says something
# Words that no rule of AMERICAN knows, each with its American spelling; for some that is only the more frequent one.
BRITISH = """
    tyre=tire plough=plow snowplough=snowplow aluminium=aluminum paediatric=pediatric paediatrician=pediatrician
    orthopaedic=orthopedic anaesthetic=anesthetic anaesthesia=anesthesia anaesthetist=anesthetist foetus=fetus
    foetal=fetal haemorrhage=hemorrhage haemoglobin=hemoglobin leukaemia=leukemia anaemia=anemia anaemic=anemic
    oestrogen=estrogen diarrhoea=diarrhea oesophagus=esophagus gynaecology=gynecology gynaecologist=gynecologist
    archaeology=archeology archaeologist=archeologist archaeological=archeological mediaeval=medieval
    encyclopaedia=encyclopedia paedophile=pedophile paedophilia=pedophilia aesthetic=esthetic amoeba=ameba
    judgement=judgment acknowledgement=acknowledgment ageing=aging jewellery=jewelry sceptic=skeptic
    sceptical=skeptical sceptically=skeptically scepticism=skepticism kerbside=curbside kerbstone=curbstone
    skilful=skillful skilfully=skillfully wilful=willful wilfully=willfully fulfil=fulfill fulfilment=fulfillment
    enrol=enroll enrolment=enrollment instalment=installment instil=instill distil=distill appal=appall pyjamas=pajamas
    pyjama=pajama cosy=cozy cosily=cozily yoghurt=yogurt yoghourt=yogurt manoeuvre=maneuver manoeuvred=maneuvered
    manoeuvring=maneuvering manoeuvrable=maneuverable learnt=learned burnt=burned spelt=spelled misspelt=misspelled
    dreamt=dreamed leapt=leaped leant=leaned spoilt=spoiled smelt=smelled spilt=spilled dwelt=dwelled okay=ok
    alright=allright cheque=check chequebook=checkbook moustache=mustache mould=mold mouldy=moldy smoulder=smolder
    sulphur=sulfur artefact=artifact doughnut=donut omelette=omelet liquorice=licorice whisky=whiskey
    practise=practice fibre=fiber calibre=caliber sabre=saber sombre=somber meagre=meager ochre=ocher centring=centering
    councillor=councilor pencilled=penciled stencilled=stenciled tranquilliser=tranquilizer marvellous=marvelous
    woollen=woolen chilli=chili mollusc=mollusk racoon=raccoon cypher=cipher enquiry=inquiry enquire=inquire
    focussed=focused focussing=focusing benefitted=benefited biassed=biased worshipped=worshiped phoney=phony
    titbit=tidbit likeable=likable sizeable=sizable gramme=gram advisor=adviser tsar=czar
"""


def _american_words() -> dict[str, str]:
    """The words of BRITISH and their forms in -s, -ed and -ing; of kerb, which is no verb, only the noun's."""
    words = {"kerb": "curb", "kerbs": "curbs"}
    for pair in BRITISH.split():
        british, american = pair.split("=")
        words |= {british: american, british + "s": american + "s", british + "es": american + "es"}
        if british.endswith("e") and american.endswith("e"):
            words |= {british + "d": american + "d", british[:-1] + "ing": american[:-1] + "ing"}
        elif not british.endswith("e"):
            words |= {british + "ed": american + "ed", british + "ing": american + "ing"}
        if british.endswith("y") and american.endswith("y"):
            words |= {british[:-1] + ending: american[:-1] + ending for ending in ("ies", "ied", "ier", "iest")}
    return words


AMERICAN_WORDS = _american_words()
AMERICAN = [
    (re.compile(british), american)
    for british, american in [
        ("isation", "ization"),
        ("ogue", "og"),
        ("(def|off|lic|pret)ence", r"\1ense"),
        (r"([aeiouy][^aeiou]*[ea]l)l(ed|ing|ers?|ors?)$", r"\1\2"),  # travelled, not filled and filed
        (r"(?<=[a-z][a-z])our", "or"),
        (r"is(e[sdr]?|ers|ing)$", r"iz\1"),
        (r"lys(e[sdr]?|ers|ing)$", r"lyz\1"),
        (r"tre(s?)$", r"ter\1"),
        (r"tred$", "tered"),
        ("grey", "gray"),
        (r"programme(s?)$", r"program\1"),
    ]
]
# Cheap: whether any of these may be there.
PERHAPS_BRITISH = re.compile("isation|ogue|ence|ll(?:ed|ing|er|or)|[iy]s(?:e|ing)|our|tre|grey|programme")
# Words with customary short forms; a full stop behind it is no part of it. “St.” is a street, or a saint.
SHORT_FORMS = """
    mr=mister mrs=missus mrs=missis dr=doctor prof=professor gov=governor sen=senator rep=representative pres=president
    hon=honourable rev=reverend gen=general col=colonel maj=major capt=captain lt=lieutenant sgt=sergeant cpl=corporal
    adm=admiral cmdr=commander supt=superintendent jr=junior sr=senior st=saint mt=mount ft=fort st=street ave=avenue
    rd=road blvd=boulevard dept=department govt=government intl=international natl=national assn=association
    univ=university inst=institute corp=corporation inc=incorporated ltd=limited co=company bros=brothers
    approx=approximately no=number vs=versus fig=figure figs=figures p=page pp=pages vol=volume etc=etcetera
    km=kilometres km=kilometre kg=kilograms kg=kilogram %=percent
    ala=alabama ariz=arizona ark=arkansas calif=california colo=colorado conn=connecticut del=delaware fla=florida
    ga=georgia ill=illinois ind=indiana kan=kansas ky=kentucky la=louisiana md=maryland mass=massachusetts mich=michigan
    minn=minnesota miss=mississippi mo=missouri mont=montana neb=nebraska nev=nevada nh=newhampshire nj=newjersey
    nm=newmexico ny=newyork nc=northcarolina nd=northdakota okla=oklahoma ore=oregon pa=pennsylvania ri=rhodeisland
    sc=southcarolina sd=southdakota tenn=tennessee tex=texas vt=vermont va=virginia wash=washington wva=westvirginia
    wis=wisconsin wyo=wyoming
    us=unitedstates usa=unitedstates usa=unitedstatesofamerica uk=unitedkingdom eu=europeanunion un=unitednations
"""


def _shortened_words() -> dict[str, frozenset[str]]:
    """Of every customary short form what it is short for, as America spells it."""
    words = {short: {full} for short, full in {**SHORT, **SHORT_DAYS}.items()}
    for pair in SHORT_FORMS.split():
        short, full = pair.split("=")
        words.setdefault(short, set()).add(american(full))
    return {short: frozenset(full) for short, full in words.items()}


@lru_cache(maxsize=200_000)
def bare_letters(phrase: str) -> str:
    """Return the letters and figures of a phrase: no accents, hyphens, apostrophes, spaces, nor dots of initialisms.

    >>> [bare_letters(words) for words in ["co-operate", "N.A.T.O.", "Málaga", "10 km", "12,000", "3.5", "2-1"]]
    ['cooperate', 'nato', 'malaga', '10km', '12000', '3.5', '2-1']
    """
    if PLAIN.fullmatch(phrase):
        return phrase.lower().replace(" ", "")
    if not phrase.isascii():
        phrase = SET_LOW.sub(lambda digit: unicodedata.normalize("NFKC", digit[0]), phrase)
    letters = ACCENTS.sub("", unicodedata.normalize("NFD", fold(phrase))).translate(NOT_DECOMPOSED)
    return SIGNS.sub("", THOUSANDS.sub("", letters))


def same_letters(one: str, other: str) -> bool:
    """Tell whether two phrases are written with the same letters; both must have one.

    >>> same_letters("long-term", "longterm"), same_letters("U.K.", "UK"), same_letters("mail", "email")
    (True, True, False)
    """
    if max(len(one), len(other)) > LONGEST:
        return False
    letters = bare_letters(one)
    if letters == bare_letters(other):
        return any(map(str.isalnum, letters))
    return not (one + other).isascii() and _in_two_letters(one) == _in_two_letters(other)


def _in_two_letters(phrase: str) -> str:
    """The bare letters of a phrase, those with an umlaut as they are written without: schroeder."""
    return bare_letters(fold(phrase).translate(IN_TWO_LETTERS))


def with_an_acute(one: str, other: str) -> bool:
    """Tell whether one of two phrases has an acute accent, set on the letter before, where the other has an apostrophe.

    >>> with_an_acute("It\u0301s", "It’s"), with_an_acute("do\u0144t", "don't"), with_an_acute("its", "it's")
    (True, True, False)
    """
    if max(len(one), len(other)) > LONGEST:
        return False
    letters, others = (unicodedata.normalize("NFD", fold(phrase)) for phrase in (one, other))
    return letters != others and letters.replace(ACUTE, "'") == others.replace(ACUTE, "'")


def shortened(one: str, other: str) -> bool:
    """Tell whether one of two words is the customary short form of the other.

    >>> shortened("Sept.", "September"), shortened("sept", "october"), shortened("March", "march")
    (True, False, False)
    """
    if max(len(one), len(other)) > LONGEST:
        return False
    letters, others = bare_letters(one), bare_letters(other)
    if letters == others or not (letters in SHORTENED or others in SHORTENED):
        return False
    return not _in_full(letters).isdisjoint(_in_full(others))


def _in_full(letters: str) -> frozenset[str]:
    """What a word may be short for; the word itself where it is no short form."""
    return SHORTENED.get(letters) or frozenset((american(letters),))


def has_variants(word: str) -> bool:
    """Tell whether a folded word may have a customary short form, or be one, or be spelled otherwise in America.

    >>> has_variants("colour"), has_variants("sept"), has_variants("army")
    (True, True, False)
    """
    return word in VARIED or PERHAPS_BRITISH.search(word) is not None


@lru_cache(maxsize=100_000)
def american(letters: str) -> str:
    """Return a word in American spelling, as far as a few rules and words know it; what is too long as it is.

    >>> american("colour"), american("organise"), american("travelled"), american("tyres"), american("filled")
    ('color', 'organize', 'traveled', 'tires', 'filled')
    """
    if letters in AMERICAN_WORDS:
        return AMERICAN_WORDS[letters]
    if len(letters) <= LONGEST and PERHAPS_BRITISH.search(letters):
        for british, other in AMERICAN:
            letters = british.sub(other, letters)
    return letters


SHORTENED = _shortened_words()
VARIED = frozenset((*SHORTENED, *chain.from_iterable(SHORTENED.values()), *AMERICAN_WORDS))
