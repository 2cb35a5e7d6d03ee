"""The name of a unit goes in; what it measures comes out, and how much of the base unit it is.

So that 10 km, ten kilometres and 10,000 metres are one length, and a year is twelve months.
"""

import re
from functools import cache
from typing import NamedTuple

SPACES = " \u00a0\u2002-\u200a\u202f\u3000"  # any space that is set between thousands, or in front of a unit


class Unit(NamedTuple):
    """What a unit measures, how much of the base unit it is, and whether it is none of the metric system."""

    dimension: str
    factor: float
    imperial: bool = False
    offset: float = 0.0  # of the base unit, where this one is zero: 0 °F are −17.8 °C


# Of each dimension: names that are one unit, and its size. A plural in -s is understood.
METRIC = {
    "length": {"mm millimetre millimeter": 0.001, "cm centimetre centimeter": 0.01, "m metre meter": 1.0,
               "km kilometre kilometer": 1000.0},
    "mass": {"mg milligram milligramme": 1e-6, "g gram gramme": 1e-3, "kg kilo kilogram kilogramme": 1.0,
             "t tonne": 1e3, "ton": 1e3},
    "volume": {"ml millilitre milliliter": 1e-3, "cl centilitre centiliter": 1e-2, "l litre liter": 1.0},
    "area": {"ha hectare": 1e4, "sq_km km² km2 square_kilometre square_kilometer": 1e6,
             "sq_m m² m2 sqm square_metre square_meter": 1.0},
    "speed": {"km/h kmh kph kilometres_per_hour kilometers_per_hour kilometres_an_hour kilometers_an_hour": 1.0},
    "heat": {"°c ºc c degrees_celsius degrees_centigrade celsius": 1.0},
    "time": {"second sec": 1.0, "minute min": 60.0, "hour hr h": 3600.0, "day": 86400.0, "week wk": 604800.0,
             "fortnight": 1209600.0, "month": 30 * 86400.0, "year yr": 365 * 86400.0},
    "calendar": {"month": 1.0, "year yr": 12.0, "decade": 120.0, "century": 1200.0},
    "data": {"kb kilobyte": 1e-6, "mb megabyte": 1e-3, "gb gigabyte": 1.0, "tb terabyte": 1e3},
    "power": {"w watt": 1.0, "kw kilowatt": 1e3, "mw megawatt": 1e6, "gw gigawatt": 1e9},
    "energy": {"kwh kilowatt_hour": 1.0, "mwh megawatt_hour": 1e3, "gwh gigawatt_hour": 1e6},
    "frequency": {"hz hertz": 1.0, "khz kilohertz": 1e3, "mhz megahertz": 1e6, "ghz gigahertz": 1e9},
    "points": {"percentage_point": 1.0, "basis_point bps": 0.01},
    "dollars": {"us$ us_dollar u.s._dollar american_dollar usd $ dollar": 1.0, "cent ¢": 0.01},
    "Australian dollars": {"a$ au$ aud australian_dollar $ dollar": 1.0},
    "Canadian dollars": {"c$ ca$ cad canadian_dollar $ dollar": 1.0},
    "New Zealand dollars": {"nz$ nzd new_zealand_dollar $ dollar": 1.0},
    "Hong Kong dollars": {"hk$ hkd hong_kong_dollar $ dollar": 1.0},
    "Singapore dollars": {"s$ sgd singapore_dollar $ dollar": 1.0},
    "euros": {"€ euro eur": 1.0, "cent": 0.01},
    "pounds": {"£ pound gbp pounds_sterling": 1.0, "p pence penny pennies": 0.01},
    "francs": {"chf swiss_franc franc": 1.0},
    "rupees": {"₹ rs rupee inr": 1.0},
    "yen": {"¥ yen jpy": 1.0},
}  # fmt: skip
FAHRENHEIT = 5 / 9
IMPERIAL = {
    "length": {"inch inches": 0.0254, "ft foot feet": 0.3048, "yd yard": 0.9144, "mi mile": 1609.344},
    "mass": {"oz ounce": 0.02835, "lb pound": 0.4536, "stone": 6.35},
    "volume": {"pint": 0.568, "gallon": 4.546},
    "area": {"acre": 4046.86, "sq_mi square_mile": 2.59e6},
    "speed": {"mph miles_per_hour miles_an_hour": 1.609344},
    "heat": {"°f ºf f degrees_fahrenheit fahrenheit": FAHRENHEIT},
}
PERCENT = "%|per[ -]?cent\\b|pct\\b|p\\.?c\\b|for every cent\\b"
TIMES = frozenset("time calendar".split())


def _by_name() -> dict[str, tuple[Unit, ...]]:
    found: dict[str, tuple[Unit, ...]] = {}
    for table, imperial in ((METRIC, False), (IMPERIAL, True)):
        for dimension, units in table.items():
            for names, factor in units.items():
                for name in names.replace("century", "century centurie").split():
                    for form in {name, f"{name}s"} if name.isalpha() or "_" in name else {name}:
                        found[form] = (*found.get(form, ()), Unit(dimension, factor, imperial))
                        if factor == FAHRENHEIT:  # a temperature, or how much warmer it grew
                            found[form] = (Unit(dimension, factor, imperial, -32 * factor), *found[form])
    return found


UNITS = _by_name()  # a name may be of two units: a pound, a year
LONGEST_SHORT = 4  # letters of a unit that is written short
WRITTEN_OUT = frozenset(
    "day days week year ton tons tonne foot feet mile yard inch pint acre kilo gram watt yen euro".split()
)
_SIGNS = "$€£₹¥"
_GLUED = "c cs f fs p ps".split()  # 30C, 3p; but no unit stands in “5 F-16 jets”
CURRENCY = re.compile(
    rf"(?:(?:\b(?:US|A|AU|C|CA|NZ|HK|S))?\$|[€£₹¥]"
    rf"|\b(?:USD|EUR|GBP|INR|JPY|CHF|AUD|CAD|NZD|HKD|SGD)[{SPACES}]?|\bRs\.?[{SPACES}]?)$",
    re.IGNORECASE,
)


@cache
def _unit() -> re.Pattern[str]:
    """A unit behind a figure: all their names take long to compile, and few texts that are read ask for one."""
    names = (name for name in sorted(UNITS, key=len, reverse=True) if name[-1] not in _SIGNS and name not in _GLUED)
    written = "|".join(re.escape(name).replace("_", f"[{SPACES}-]") for name in names)
    return re.compile(rf"[{SPACES}]?-?({written}|(?<=\d)(?-i:[CFp])(?!-))(?![\w’'])", re.IGNORECASE)


def unit_at(text: str, place: int) -> re.Match[str] | None:
    """Return the unit that stands at a place of a text, behind a figure: its first group is the name.

    >>> unit_at("10 km off", 2)[1], unit_at("10 boats", 2)
    ('km', None)
    """
    return _unit().match(text, place)


def units_of(name: str) -> tuple[Unit, ...]:
    """Return what a unit as it is written may be: nothing where it is none.

    >>> units_of("kilometres"), [unit.dimension for unit in units_of("£")]
    ((Unit(dimension='length', factor=1000.0, imperial=False, offset=0.0),), ['pounds'])
    """
    bare = re.sub(rf"[{SPACES}-]+", "_", name.strip(f"{SPACES}.-").casefold())
    return UNITS.get(bare) or UNITS.get(bare[-1:] if bare[-1:] in _SIGNS else "", ())


def has_unit_written_short(text: str, start: int, end: int) -> bool:
    """Tell whether the figure at `text[start:end]` has a sign or a short unit beside it, as $5, 5% and 5 min have.

    >>> has_unit_written_short("a 5 min read", 2, 3), has_unit_written_short("a 5 minute read", 2, 3)
    (True, False)
    """
    if CURRENCY.search(text, max(start - 5, 0), start) or re.match(f"[{SPACES}]?%", text[end : end + 2]):
        return True
    unit = unit_at(text, end)
    return unit is not None and len(unit[1]) <= LONGEST_SHORT and unit[1].casefold() not in WRITTEN_OUT
