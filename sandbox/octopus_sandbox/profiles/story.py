"""One order from its first version to its last, and what is true of it."""

import random
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from decimal import Decimal

from .changes import CHANGES
from .channels import PROFILES, Channel
from .draft import NOTHING, Draft, later
from .odd import make_odd
from .traits import TRAITS

FIRST_DAY = datetime(2026, 11, 20, 15, tzinfo=timezone.utc)
MOST_LINES = 30  # ids of the lines are multiples of the order's
CUSTOMERS = (
    ("Ada", "Lovelace", "ada@example.com", "+1 555 0100"),
    ("José", "Núñez", "jose@example.com", ""),
    ("小明", "王", "", "0000000000"),
    ("", "", "noreply@marketplace.example.com", ""),
)


@dataclass(frozen=True)
class Goods:
    """What a store sells."""

    sku: str
    title: str
    price: Decimal
    variant: dict | None = field(default=None, compare=False)  # as the catalog has it


@dataclass
class Story:
    """An order: its versions as Octopus sends them, and what is true of it.

    ``leaves``: the pieces by SKU that are out of this store in the end; ``explained``: the parts
    of the first version's total; ``odd``: see `odd_fields`; ``then``: a last version, which is as
    if the changes had not been
    """

    channel: Channel
    goods: list
    traits: tuple = ()
    versions: list = field(default_factory=list)
    leaves: dict = field(default_factory=dict)
    explained: dict = field(default_factory=dict)
    customer: dict | None = None
    pickup: str | None = None
    pickup_due: datetime | None = None  # where the shop is, without a zone
    pickup_code: str | None = None
    location_id: int | str = 0
    moment: datetime = FIRST_DAY
    step: timedelta = timedelta(hours=1)  # between two versions
    is_test: bool = False
    odd: tuple | None = None
    then: dict | None = None


def tell(profile, seed, goods, *, only=None, order_id=None, number=None, line_ids=None, **story):
    """Return the Story of an order.

    :param goods: the `Goods` to choose from
    :param only: the traits that it has, instead of those that the dice choose
    :param line_ids: ids for MOST_LINES lines; ids are made from profile and seed by default
    :param story: other attributes of the Story
    """
    channel = PROFILES[profile]
    dice = random.Random(f"{profile} {seed}")
    story = Story(channel=channel, goods=list(goods), **story)
    story.customer = dict(
        zip(("first_name", "last_name", "email", "phone"), dice.choice(CUSTOMERS), strict=True)
    )
    draft = Draft(dice, channel, story, dice.choice(channel.currencies))
    _choose_goods(draft, goods)
    story.traits = tuple(_chosen(dice, channel) if only is None else only)
    for name in story.traits:
        if place := TRAITS[name][1]:
            place(draft)
    order_id = order_id or 7_000_000 + sorted(PROFILES).index(profile) * 100_000 + seed
    line_ids = line_ids or range(order_id * MOST_LINES, (order_id + 1) * MOST_LINES)
    order = draft.build(
        order_id=order_id,
        number=number or 1000 + seed,
        line_ids=line_ids[: len(draft.lines)],
        moment=story.moment,
    )
    order["location_id"] = story.location_id or ""
    story.versions.append(order)
    _live_on(story, dice)
    if story.is_test or channel.is_elsewhere:
        story.leaves.clear()
    if story.odd:
        if story.is_test:  # it stays one
            story.odd[0].pop("test", None)
        for version in story.versions:
            make_odd(version, *story.odd)
    return story


def _choose_goods(draft, goods):
    """Put one to three of the goods on the order."""
    dice = draft.dice
    for item in dice.sample(list(goods), min(len(goods), dice.randint(1, 3))):
        quantity = dice.randint(1, 3)
        draft.lines.append(
            {
                "variant": item.variant,
                "title": item.title,
                "sku": item.sku,
                "quantity": quantity,
                "price": Decimal(item.price),
                "discount": NOTHING,
                "fields": {"variant_title": "Red / L", "name": f"{item.title} - Red / L"},
            }
        )
        draft.story.leaves[item.sku] = quantity


def _chosen(dice, channel):
    """Return some traits of the channel, one of a group at most, in a fixed order."""
    names = dice.sample(channel.traits, min(len(channel.traits), dice.randint(0, 4)))
    groups = {}
    for name in names:
        groups.setdefault(TRAITS[name][0], name)
    order = list(TRAITS)
    return sorted(groups.values(), key=order.index)


def _live_on(story, dice):
    """Add the later versions of the order."""
    for name in story.traits:
        if name not in CHANGES:
            continue
        story.moment += story.step
        version = later(deepcopy(story.versions[-1]), story.moment)
        CHANGES[name][1](version, story, dice)
        story.versions.append(version)
    if story.then:
        story.moment += story.step
        story.versions.append(later(story.then, story.moment))
