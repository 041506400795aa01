"""How ways of delivery say that the customer comes for the goods, in the languages of the addon."""

import html
import re
import unicodedata

# The patterns match texts in small letters, without accents, with one blank between words.
# Words of the Latin alphabet have edges; others stand among their neighbors without blanks.
_WORD = r"""(?:
    (?<![a-z])(?:
        pick(?:ed|ing)?[ -]?(?:it[ ])?ups?
      | cli(?:ck|quez)\W*(?:and|n|y|et|und)?\W*(?:collect|retirez)
      | (?:store|shop|customer|local|self)[ -]collect(?:ion)?
      | collect(?:ion)?(?=\W*$)
      | collect(?:ion)?(?=[ ](?:in|from|at|on[ ]site|today|tomorrow|free|store|shop)(?![a-z]))
      | curbside | kerbside | will[ ]call
      | recogida | recog(?:er|e|elo) | retir(?:o|ar|a|alo)[ ]en
      | retrait | retirer[ ](?:en|au|a|dans) | a[ ]emporter | enlevement
      | abhol(?:ung|en|ort|markt) | selbstabhol[a-z]*
    )(?![a-z])
  | 自提 | 自取 | 自行提货 | 到店取 | 门店取 | 店内取 | 門市取 | 門店取 | 店內取
  | (?<!عند[ ])(?<!عند[ ]ال)استلام
)"""
# What may stand between a "no" and the word: "not available for store pickup".
_BETWEEN = r"""(?:[ -]?(?:
    available | possible | offered | for | the | a | de | d | la | al | para | en | zur | zum
  | local | store | shop | in-store | supported | 支持 | 可 | 能 | 提供 | 接受 | 到店 | 门店
  | يوجد | يتوفر | متاح | يمكن | ال | لل
)[ ']?)*"""
_NO = r"""(?:
    (?<![a-z])(?:
        no | not | non | never | without | cannot[ ]be
      | sin | sans | pas | aucun[a-z]* | kein[a-z]* | nicht | ohne
    )(?:[ ]|(?='))
  | 不 | 非 | 无 | 無 | 没有 | 沒有
  | (?:لا|بدون|غير|ليس)[ ]
)"""
_UNAVAILABLE = r"""(?:
    unavailable | impossible
  | (?:not|non|no|nicht|pas)[ ](?:available|possible|offered|disponible|moglich|verfugbar)
  | 不可 | 不支持 | 暂停 | غير[ ]مت
)"""
# Another company carries the goods: it collects them here, or the customer there.
_CARRIER = r"""(?<![a-z])(?:
    ups | usps | fedex | dhl | dpd | gls | tnt | hermes | evri | royal[ ]mail | colissimo | aramex
  | chronopost | correos | seur | la[ ]poste | postnl | bpost | mondial[ ]relay | relais | relay
  | (?:parcel[ ]?)?lockers? | parcel | packstation | courier | kurier | coursier | carrier
  | mensajer[a-z]* | transport[a-z]* | spedit[a-z]* | freight
  | a[ ]domicil[a-z]*
)(?![a-z]) | 快递 | 快遞 | 上门 | 上門 | 超商"""

PICKUP = re.compile(_WORD, re.VERBOSE)
NO_PICKUP = re.compile(
    rf"""{_NO}{_BETWEEN}{_WORD}
      | {_WORD}[^.;|]{{0,12}}?{_UNAVAILABLE}
      | {_CARRIER}
      | (?:cash|charges?|shipping|bill(?:ed)?)[ ]collect
      | (?:ship(?:ping)?|deliver[a-z]*)[ ]only | only[ ]ship[a-z]* | nur[ ](?:versand|liefer[a-z]*)
      | (?:livraison|envoi)[ ]uniquement | solo[ ]envio | 仅配送 | 只配送 | 僅配送
    """,
    re.VERBOSE,
)


def says_pickup(way):
    """Return whether a ShippingLine says, as a whole, that the customer comes for the goods."""
    texts = [*map(_plain, (way.title, way.code))]
    return any(map(PICKUP.search, texts)) and not any(map(NO_PICKUP.search, texts))


def _plain(text):
    """Return a text as the patterns take it."""
    letters = unicodedata.normalize("NFKD", html.unescape(text).lower())
    return " ".join("".join(c for c in letters if not unicodedata.combining(c)).split())
