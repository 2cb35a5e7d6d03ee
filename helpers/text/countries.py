"""A text goes in; it comes out with one word for each country, whether it was named or an adjective: France for French.

The forms of a country stand in one line; the first of them is the one that comes out.
"""

import re
from functools import lru_cache

FORMS = """
Afghanistan Afghan; Albania Albanian; Algeria Algerian; Argentina Argentine Argentinian; Armenia Armenian
Australia Australian; Austria Austrian; Azerbaijan Azerbaijani; Bahrain Bahraini; Bangladesh Bangladeshi
Belarus Belarusian; Belgium Belgian; Bolivia Bolivian; Bosnia Bosnian; Brazil Brazilian; Bulgaria Bulgarian
Cambodia Cambodian; Cameroon Cameroonian; Canada Canadian; Chile Chilean; China Chinese; Colombia Colombian
Congo Congolese; Costa_Rica Costa_Rican; Croatia Croatian; Cuba Cuban; Cyprus Cypriot
Czechia Czech_Republic Czech; Denmark Danish; Ecuador Ecuadorian Ecuadorean; Egypt Egyptian; England English
Estonia Estonian; Ethiopia Ethiopian; Fiji Fijian; Finland Finnish; France French; Georgia Georgian; Germany German
Ghana Ghanaian; Greece Greek; Guatemala Guatemalan; Haiti Haitian; Honduras Honduran; Hungary Hungarian
Iceland Icelandic; India Indian; Indonesia Indonesian; Iran Iranian; Iraq Iraqi; Ireland Irish; Israel Israeli
Italy Italian; Jamaica Jamaican; Japan Japanese; Jordan Jordanian; Kazakhstan Kazakh; Kenya Kenyan; Kosovo Kosovan
Kuwait Kuwaiti; Laos Laotian; Latvia Latvian; Lebanon Lebanese; Libya Libyan; Lithuania Lithuanian
Luxembourg Luxembourgish; Malaysia Malaysian; Mali Malian; Malta Maltese; Mexico Mexican; Moldova Moldovan
Mongolia Mongolian; Montenegro Montenegrin; Morocco Moroccan; Mozambique Mozambican; Myanmar Burma Burmese
Namibia Namibian; Nepal Nepalese Nepali; Netherlands Holland Dutch; New_Zealand; Nicaragua Nicaraguan; Nigeria Nigerian
North_Korea North_Korean; North_Macedonia Macedonian; Norway Norwegian; Oman Omani; Pakistan Pakistani
Palestine Palestinian; Panama Panamanian; Paraguay Paraguayan; Peru Peruvian; Philippines Philippine Filipino
Poland Polish; Portugal Portuguese; Qatar Qatari; Romania Romanian; Russia Russian; Rwanda Rwandan
Saudi_Arabia Saudi_Arabian Saudi; Scotland Scottish; Senegal Senegalese; Serbia Serbian; Singapore Singaporean
Slovakia Slovak; Slovenia Slovenian Slovene; Somalia Somali; South_Africa South_African; South_Korea South_Korean
Spain Spanish; Sri_Lanka Sri_Lankan; Sudan Sudanese; Sweden Swedish; Switzerland Swiss; Syria Syrian
Taiwan Taiwanese; Tanzania Tanzanian; Thailand Thai; Tunisia Tunisian; Turkey Türkiye Turkish; Uganda Ugandan
Ukraine Ukrainian; United_Arab_Emirates UAE Emirati; United_Kingdom Great_Britain Britain British UK U.K.
United_States_of_America United_States US U.S. USA U.S.A. America American; Uruguay Uruguayan; Uzbekistan Uzbek
Venezuela Venezuelan; Vietnam Vietnamese; Wales Welsh; Yemen Yemeni; Zambia Zambian; Zimbabwe Zimbabwean
"""
COUNTRY_OF = {
    form.replace("_", " "): forms[0].replace("_", "-")
    for forms in (line.split() for line in re.split("[;\n]", FORMS))
    for form in forms
}
COUNTRIES = frozenset(country.lower() for country in COUNTRY_OF.values())
FORM = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, sorted(COUNTRY_OF, key=len, reverse=True)))})(?!\w)")


@lru_cache(maxsize=1000)
def with_countries(text: str) -> str:
    """Return a text in which every country is one word and every adjective of a country is the country.

    >>> with_countries("The French president met the U.S. president in South Korea.")
    'The France president met the United-States-of-America president in South-Korea.'
    """
    return FORM.sub(lambda match: COUNTRY_OF[match[0]], text)
