"""Units of measurement as French and English write them, after a number or (currencies) before it."""

import re

# Canonical unit to its spellings; a spelling in (?-i:...) counts only in that case.
_SPELLINGS = {
    "km/h": r"km/h|kmh|kilom[eè]tres?(?: par | à l['’]|-)heure|kilomet(?:re|er)s? per hour|kph",
    "mph": r"mph|miles? per hour",
    "m/s": r"m/s|m[eè]tres? par seconde|met(?:re|er)s? per second",
    "km2": r"km²|km2|kilom[eè]tres? carr[ée]s?|square kilomet(?:re|er)s?|sq km",
    "m2": r"m²|m2|m[eè]tres? carr[ée]s?|square met(?:re|er)s?",
    "mi2": r"square miles?|sq mi",
    "m3": r"m³|m3|m[eè]tres? cubes?|cubic met(?:re|er)s?",
    "km": r"km|kilom[eè]tres?|kilomet(?:re|er)s?",
    "cm": r"cm|centim[eè]tres?|centimet(?:re|er)s?",
    "mm": r"mm|millim[eè]tres?|millimet(?:re|er)s?",
    "um": r"[µμ]m|microm[eè]tres?|micromet(?:re|er)s?|microns?",
    "nm": r"nm|nanom[eè]tres?|nanomet(?:re|er)s?",
    "m": r"(?-i:m)|m[eè]tres?|met(?:re|er)s?",
    "mi": r"miles?|(?-i:mi)",
    "ft": r"ft|feet|foot|pieds?",
    "in": r"inch(?:es)?|pouces?",
    "yd": r"yards?|yd",
    "ha": r"ha|hectares?",
    "acre": r"acres?",
    "kg": r"kg|kilos?|kilogrammes?|kilograms?",
    "mg": r"(?-i:mg)|milligrammes?|milligrams?",
    "g": r"(?-i:g)|grammes?|grams?",
    "t": r"(?-i:t)|tonnes?|metric tons?",
    "ton": r"tons?",
    "lb": r"lbs?",
    "ml": r"ml|millilitres?|milliliters?",
    "cl": r"cl|centilitres?|centiliters?",
    "l": r"(?-i:[lL])|litres?|liters?",
    "kWh": r"kwh|kilowatt-?heures?|kilowatt[- ]hours?",
    "GW": r"(?-i:GW)|gigawatts?",
    "MW": r"(?-i:MW)|m[ée]gawatts?",
    "kW": r"(?-i:kW)|kilowatts?",
    "W": r"(?-i:W)|watts?",
    "V": r"(?-i:V)|volts?",
    "J": r"(?-i:J)|joules?",
    "kJ": r"(?-i:kJ)|kilojoules?",
    "hPa": r"hpa|hectopascals?",
    "Pa": r"(?-i:Pa)|pascals?",
    "bar": r"bars?",
    "GHz": r"ghz|gigahertz",
    "MHz": r"(?-i:MHz)|m[ée]gahertz",
    "kHz": r"khz|kilohertz",
    "Hz": r"hz|hertz",
    "KB": r"(?-i:[kK][oB])|kilo-?octets?|kilobytes?",
    "MB": r"(?-i:M[oB])|m[ée]ga-?octets?|megabytes?",
    "GB": r"(?-i:G[oB])|giga-?octets?|gigabytes?",
    "TB": r"(?-i:T[oB])|t[ée]ra-?octets?|terabytes?",
    "byte": r"octets?|bytes?",
    "bit": r"bits?",
    "°C": r"°\s?c|degr[ée]s? celsius|degrees? celsius",
    "°F": r"°\s?f|degr[ée]s? fahrenheit|degrees? fahrenheit",
    "°": r"°|degr[ée]s?|degrees?",
    "K": r"kelvins?",
    "%": r"%|％|pour[- ]cent|pourcent|per ?cent|percents?",
    "‰": r"‰|pour mille|per mill?e",
    "€": r"€|euros?|EUR",
    "$": r"\$|us\$|(?:us )?dollars?|USD",
    "£": r"£|livres? sterling|pounds? sterling|GBP",
    "¥": r"¥|yens?",
    "franc": r"francs?",
    "century": r"si[eè]cles?|centur(?:y|ies)",
    "decade": r"d[ée]cennies?|decades?",
    "year": r"ans?|ann[ée]es?|years?(?:-old)?",
    "month": r"mois|months?",
    "week": r"semaines?|weeks?",
    "day": r"jours?|days?|journ[ée]es?",
    "h": r"(?-i:h)|heures?|hours?|hrs?",
    "min": r"min|minutes?",
    "ms": r"(?-i:ms)|millisecond(?:e)?s?",
    "s": r"(?-i:s)|secondes?|seconds?|sec",
}
_GROUPS = list(_SPELLINGS)
_BODY = "|".join(f"(?P<u{place}>{_SPELLINGS[unit]})" for place, unit in enumerate(_GROUPS))
_AFTER = re.compile(rf"[ \u00a0\u202f\u2009\n-]?(?:(?:de|of|us) |d['’])?(?:{_BODY})(?![\w²³°/'’]|-\w)", re.IGNORECASE)
_CURRENCY = {"€": "€", "$": "$", "£": "£", "¥": "¥"}


def unit_after(text: str, at: int) -> tuple[str, int]:
    """Return the unit written right after ``text[:at]`` and where it ends; ("", at) when there is none."""
    match = _AFTER.match(text, at)
    if match is None:
        return "", at
    place = next(int(name[1:]) for name, found in match.groupdict().items() if found)
    return _GROUPS[place], match.end()


def currency_before(text: str, at: int) -> tuple[str, int]:
    """Return the currency sign right before ``text[at:]`` and where it starts; ("", at) when there is none."""
    start = at - 1 if at and text[at - 1] in " \u00a0\u202f" else at
    return (_CURRENCY[text[start - 1]], start - 1) if start and text[start - 1] in _CURRENCY else ("", at)
