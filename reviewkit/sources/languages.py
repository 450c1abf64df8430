"""Languages by their English names, and the codes by which databases know them."""

from typing import NamedTuple

from reviewkit.errors import UnknownLanguage


class Codes(NamedTuple):
    """Codes of one language: ISO 639-1, and MARC as MEDLINE uses it."""

    short: str  # "en"
    marc: str  # "eng"


_CODES = {
    "afrikaans": "af afr", "albanian": "sq alb", "arabic": "ar ara", "armenian": "hy arm", "basque": "eu baq",
    "bengali": "bn ben", "bosnian": "bs bos", "bulgarian": "bg bul", "catalan": "ca cat", "chinese": "zh chi",
    "croatian": "hr hrv", "czech": "cs cze", "danish": "da dan", "dutch": "nl dut", "english": "en eng",
    "estonian": "et est", "finnish": "fi fin", "french": "fr fre", "galician": "gl glg", "georgian": "ka geo",
    "german": "de ger", "greek": "el gre", "hebrew": "he heb", "hindi": "hi hin", "hungarian": "hu hun",
    "icelandic": "is ice", "indonesian": "id ind", "irish": "ga gle", "italian": "it ita", "japanese": "ja jpn",
    "korean": "ko kor", "latin": "la lat", "latvian": "lv lav", "lithuanian": "lt lit", "macedonian": "mk mac",
    "malay": "ms may", "norwegian": "no nor", "persian": "fa per", "polish": "pl pol", "portuguese": "pt por",
    "romanian": "ro rum", "russian": "ru rus", "serbian": "sr srp", "slovak": "sk slo", "slovenian": "sl slv",
    "spanish": "es spa", "swahili": "sw swa", "swedish": "sv swe", "tamil": "ta tam", "thai": "th tha",
    "turkish": "tr tur", "ukrainian": "uk ukr", "urdu": "ur urd", "vietnamese": "vi vie", "welsh": "cy wel",
}  # fmt: skip
_BY_CODE = {code: Codes(*codes.split()) for codes in _CODES.values() for code in codes.split()}


def language_codes(name: str, database: str) -> Codes:
    """Return the codes of a language by its English name or by either code.

    Raises:
        UnknownLanguage: it is none of those known here.
    """
    key = " ".join(name.casefold().split())
    if key in _CODES:
        return Codes(*_CODES[key].split())
    if key in _BY_CODE:
        return _BY_CODE[key]
    raise UnknownLanguage(name=name, database=database)


def same_language(one: str, other: str) -> bool:
    """Return True where two names or codes, "eng" and "English", are those of one language that is known here."""
    codes = [_known(name) for name in (one, other)]
    return None not in codes and codes[0] == codes[1]


def _known(name: str) -> Codes | None:
    try:
        return language_codes(name, "")
    except UnknownLanguage:
        return None
