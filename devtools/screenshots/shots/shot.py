"""The description of a picture of docs/img/."""

from dataclasses import dataclass, replace

from .. import scene

DESKTOP = (1280, 800)
TABLET = (1180, 820)
SMALL = (1024, 768)  # the narrowest with columns
NOTEBOOK = (1366, 768)
PHONE = (390, 844)
ENGLISH = "en_US"
ARABIC = "ar_001"


@dataclass(frozen=True)
class Shot:
    """A picture: page, element to wait for, clicks, size of the window."""

    name: str
    path: str
    wait: str
    clicks: tuple = ()
    fills: tuple = ()  # (input, text) after the clicks
    size: tuple = DESKTOP
    user: str = "login"
    after: str = ""
    show: str = ""  # element to scroll to the middle
    stage: int = scene.DAY
    restaurant: bool = False  # needs one; the id of its POS is {restaurant}
    lang: str = ENGLISH
    day: str = ""  # event of day.Day before the page is opened
    during: str = ""  # event of day.Day while the page is open
    offline: bool = False  # cut the network when the page is open
    paper: bool = False  # show what the page prints


def variants(shot, *names):
    """Return the picture in other languages, sizes and stages."""
    kinds = {
        "arabic": {"lang": ARABIC},
        "arabic-phone": {"lang": ARABIC, "size": PHONE},
        "tablet": {"size": TABLET},
        "small": {"size": SMALL},
        "notebook": {"size": NOTEBOOK},
        "phone": {"size": PHONE},
        "many": {"stage": scene.MANY},
        "one": {"stage": scene.ONE},
    }
    return tuple(replace(shot, name=f"{shot.name}-{name}", **kinds[name]) for name in names)
