"""What one picture of docs/img/ is."""

from dataclasses import dataclass, replace

from .. import scene

DESKTOP = (1280, 800)
TABLET = (1180, 820)
PHONE = (390, 844)
ENGLISH = "en_US"
ARABIC = "ar_001"


@dataclass(frozen=True)
class Shot:
    """One picture: where to go, what to wait for and click, how large the window is."""

    name: str
    path: str
    wait: str
    clicks: tuple = ()
    size: tuple = DESKTOP
    user: str = "login"
    after: str = ""
    show: str = ""  # scrolled to the middle
    stage: int = scene.DAY
    restaurant: bool = False  # its till is {restaurant}
    lang: str = ENGLISH
    day: str = ""  # an event of day.Day that happens before
    during: str = ""  # the same, while the page is open
    offline: bool = False  # the network goes once the page is open
    paper: bool = False  # the page becomes what it prints


def variants(shot, *names):
    """The same picture in other languages, sizes and stages."""
    kinds = {
        "arabic": {"lang": ARABIC},
        "arabic-phone": {"lang": ARABIC, "size": PHONE},
        "tablet": {"size": TABLET},
        "phone": {"size": PHONE},
        "many": {"stage": scene.MANY},
        "one": {"stage": scene.ONE},
    }
    return tuple(replace(shot, name=f"{shot.name}-{name}", **kinds[name]) for name in names)
