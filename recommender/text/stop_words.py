"""Words that say nothing by themselves, folded (no case, no accents), by language."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

_SPANISH = """
    a al algo algun alguna algunas algunos ante antes aquel aquella aun aunque bajo bien cada como
    con contra cual cuales cuando cuya cuyo de del desde donde dos durante e el ella ellas ellos en
    entre era eran es esa esas ese eso esos esta estan estar estas este esto estos fue fueron ha
    hace hacer hacia han hasta hay la las le les lo los mas me mediante mi mis mismo mucha muchas
    mucho muchos muy nada ni no nos nosotras nosotros nuestra nuestras nuestro nuestros o os otra
    otras otro otros para pero poco por porque puede pueden puedan que quien quienes se sea sean
    segun ser si sido sin sobre solo somos son soy su sus tal tambien tan tanto te tiene tienen
    tenemos toda todas todo todos tras tu tus u un una unas uno unos usted y ya yo
"""
_ENGLISH = """
    a about after all also am an and any are as at be because been before being between both but by
    can could did do does doing down during each for from further had has have having he her here
    hers him his how i if in into is it its just like may me more most my no nor not of off on once
    only or other our ours out over own same she should so some such than that the their them then
    there these they this those through to too under until up us very was we were what when where
    which while who whom whose why will with would you your
"""
# How a need is put forward, whatever it is a need of
_ASKING_SPANISH = """
    busca buscamos buscan busco desea deseamos desean deseo necesita necesitamos necesitan necesito
    queremos quiere quieren quiero quisiera quisieramos
"""
_ASKING_ENGLISH = """
    looking need needs seek seeking seeks want wanting wants wish wishes wishing
"""

STOP_WORDS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "es": frozenset((_SPANISH + _ASKING_SPANISH).split()),
        "en": frozenset((_ENGLISH + _ASKING_ENGLISH).split()),
    }
)
ALL_STOP_WORDS = frozenset().union(*STOP_WORDS.values())
