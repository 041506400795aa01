"""The answers to bulk calls: which item succeeded, which failed, and why.

Answers are matched by our correlation id, never by position. How Octopus reports the failure of
one item is undocumented, so every plausible shape of ``errors`` is understood.
"""

import re
from dataclasses import dataclass, field
from typing import NamedTuple

from .const import MAX_MESSAGE
from .errors import OctopusBadAnswer
from .parsing import as_own_ref, as_text, first_ref, lower_keys

NO_ID = "Octopus returned no id for it."
NO_VARIANT_ID = "Octopus returned no id for its variant %s."
NOT_CONFIRMED = "Octopus did not confirm it."


@dataclass(frozen=True)
class BulkKind:
    """One bulk endpoint: where, under what name, and under which keys the ids are."""

    path: str
    entity_type: str
    correlation: str
    id_keys: tuple = ()  # in the answer, lower case, the best first; none: there is no id
    variants: bool = False


PRODUCTS = BulkKind(
    "BulkProduct/bulkpost.json",
    "Products",
    "SV_Temp_ProductId",
    ("productid", "product_id", "id"),
    variants=True,
)
COLLECTIONS = BulkKind(
    "bulkcustom_collections.json",
    "category",
    "sv_temp_id",
    ("id", "custom_collection_id", "collection_id", "collectionid", "category_id", "categoryid"),
)
COLLECTS = BulkKind(
    "bulkcollects.json", "Collects", "sv_temp_id", ("id", "collect_id", "collectid")
)
LEVELS = BulkKind("bulkinventory_levels/bulkset.json", "Inventory_Levels", "sv_temp_id")
VARIANT_CORRELATION = "SV_Temp_variantId"
VARIANT_ID_KEYS = ("variantid", "variant_id", "id")
# Keys under which a complaint may hold its sentence.
MESSAGE_KEYS = ("message", "error", "errors", "detail", "description", "reason")


@dataclass(frozen=True)
class VariantRef:
    """The ids that a variant got."""

    octopus_ref: str
    inventory_item_ref: str | None


@dataclass(frozen=True)
class BulkItem:
    """What became of one item. A failed item may have a ref: created, but not wholly right."""

    ref: str
    octopus_ref: str | None = None
    error: str | None = None
    variants: dict[str, VariantRef] = field(default_factory=dict)
    raw: dict = field(default_factory=dict, repr=False, compare=False)


@dataclass(frozen=True)
class BulkResult:
    """What became of every item that was sent, by correlation id."""

    items: dict[str, BulkItem]

    @property
    def ok(self):
        return [item for item in self.items.values() if item.error is None]

    @property
    def failed(self):
        return [item for item in self.items.values() if item.error is not None]


class Echo(NamedTuple):
    """What an answer says of one item."""

    octopus_ref: str | None = None
    data: dict = {}


NO_ECHO = Echo()


def read_bulk(kind, sent, data):
    """Return the BulkResult for an answer.

    :param sent: the items that were sent, by correlation id
    :raise OctopusBadAnswer: not a bulk answer
    """
    found, errors = _read_echoes(kind, data)
    complaints = Complaints(kind.correlation, sent)
    complaints.take(errors)
    for ref, echo in found.items():
        complaints.take_from_echo(ref, echo.data)
    # Without ids to look for, silence about an item is consent, but not in an answer to others.
    if not kind.id_keys and found.keys() - {None} and not found.keys() & sent.keys():
        raise OctopusBadAnswer("The answer to a bulk call is about other items.", maybe_done=True)
    judge = _item_with_id if kind.id_keys else _item_without_id
    return BulkResult(
        {ref: judge(kind, ref, sent[ref], found.get(ref, NO_ECHO), complaints) for ref in sent}
    )


def _read_echoes(kind, data):
    """Return the echoes of an answer by correlation id, and its errors.

    Of repeated echoes the first with an id counts. Echoes of what was never sent may be among
    them: nobody asks for those.
    """
    echoes, errors, known = data, None, isinstance(data, list)
    if isinstance(data, dict):
        data = lower_keys(data)
        echoes, errors = data.get("items") or [], data.get("errors")
        known = isinstance(echoes, list) and ("items" in data or "errors" in data)
    if not known:
        raise OctopusBadAnswer("The answer to a bulk call has no items.", maybe_done=True)
    found = {}
    for echo in echoes:
        if not isinstance(echo, dict):
            continue  # an item that is not found otherwise counts as failed
        echo = lower_keys(echo)
        ref = as_own_ref(echo.get(kind.correlation.lower()))
        octopus_ref = first_ref(echo, kind.id_keys)
        if ref not in found or not found[ref].octopus_ref:
            found[ref] = Echo(octopus_ref, echo)
    return found, errors


def _item_with_id(kind, ref, item, echo, complaints):
    error = complaints.about(ref, quoted=echo.octopus_ref is None)
    if echo.octopus_ref is None:
        return BulkItem(ref, None, error or complaints.else_say(NO_ID), {}, echo.data)
    variants = {}
    if kind.variants:
        variants, missing = _variants(item, echo.data)
        if missing and error is None:
            error = NO_VARIANT_ID % ", ".join(missing)
    return BulkItem(ref, echo.octopus_ref, error, variants, echo.data)


def _item_without_id(_kind, ref, _item, echo, complaints):
    """Judge a kind whose answers carry no id: without errors all is well; with an error that
    names no item, whoever was not echoed may be meant."""
    error = complaints.about(ref, quoted=True)
    if error is None and echo is NO_ECHO and complaints.unnamed:
        error = complaints.else_say(NOT_CONFIRMED)
    return BulkItem(ref, None, error, {}, echo.data)


def _variants(item, echo):
    """Return the refs of an item's variants, and the correlation ids that got none.

    A variant that was sent with its id needs none in the answer.
    """
    sent = {
        as_own_ref(variant.get(VARIANT_CORRELATION)): variant
        for variant in item.get("variants") or ()
    }
    refs = {}
    echoed = echo.get("variants")
    for variant in echoed if isinstance(echoed, list) else []:
        variant = lower_keys(variant) if isinstance(variant, dict) else {}
        ref = as_own_ref(variant.get(VARIANT_CORRELATION.lower()))
        octopus_ref = first_ref(variant, VARIANT_ID_KEYS)
        if ref in sent and ref not in refs and octopus_ref:
            refs[ref] = VariantRef(octopus_ref, first_ref(variant, ("inventory_item_id",)))
    missing = [ref for ref in sent if ref and ref not in refs and not sent[ref].get("id")]
    return refs, missing


class Complaints:
    """Complaints of one bulk answer, sorted by the item that they name.

    :param correlation: the key of our correlation id
    :param sent: the items that were sent, by correlation id
    """

    def __init__(self, correlation, sent):
        self._keys = (correlation.lower(), "sv_temp_id")
        self._refs = set(sent)
        self._product_of = {
            variant_ref: ref
            for ref, item in sent.items()
            for variant in item.get("variants") or ()
            if (variant_ref := as_own_ref(variant.get(VARIANT_CORRELATION)))
        }
        self._named = {}
        self.unnamed = []  # complaints that point at no item, or only in their wording

    def take(self, errors):
        """Sort in what ``errors`` holds: a text, a list, a dict by item, or one dict."""
        if isinstance(errors, list):
            for entry in errors:
                self.take(entry)
        elif isinstance(errors, dict):
            self._read_dict(errors)
        elif errors and (text := as_text(errors)):
            self.unnamed.append(text)

    def take_from_echo(self, ref, echo):
        """Note what an echoed item says about itself."""
        for key in ("error", "errors"):
            if echo.get(key):
                self._name(ref, _message(echo[key]))

    def about(self, ref, *, quoted):
        """Return the complaint about an item, or None.

        :param quoted: count also complaints that only quote its id in their wording. A number
            in a sentence may be anything, so this is for items that have no other sign of success.
        """
        texts = list(self._named.get(ref, ()))
        if quoted and self.unnamed:
            token = re.compile(rf"(?<![\w.-]){re.escape(ref)}(?![\w-]|\.\d)")
            texts += [text for text in self.unnamed if token.search(text)]
        return "; ".join(texts)[:MAX_MESSAGE] or None

    def else_say(self, sentence):
        """Return a sentence for an item that no complaint names, with what Octopus said at all."""
        said = "; ".join(self.unnamed)
        return (f"{sentence} It said: {said}" if said else sentence)[:MAX_MESSAGE]

    def _read_dict(self, errors):
        lowered = lower_keys(errors)
        if ref := self._named_by(lowered):
            self._name(ref, _message(errors))
        elif any(key in lowered for key in MESSAGE_KEYS):
            self._read_unnamed(lowered, errors)
        else:
            for key, value in errors.items():
                if (ref := as_text(key)) in self._refs:
                    self._name(ref, _message(value))
                else:
                    self.unnamed.append(f"{ref}: {_message(value)}")

    def _read_unnamed(self, lowered, errors):
        nested = lowered.get("errors")
        if isinstance(nested, list | dict) and nested:
            self.take(nested)
        else:
            self.unnamed.append(_message(errors))

    def _named_by(self, lowered):
        """Return the item that a complaint names by our correlation id, or None."""
        for key in self._keys:
            if (ref := as_own_ref(lowered.get(key))) in self._refs:
                return ref
        return self._product_of.get(as_own_ref(lowered.get(VARIANT_CORRELATION.lower())))

    def _name(self, ref, text):
        self._named.setdefault(ref, []).append(text)


def _message(value):
    """Return what a complaint says, for a person."""
    if isinstance(value, list):
        return "; ".join(map(_message, value))
    if not isinstance(value, dict):
        return as_text(value)
    lowered = lower_keys(value)
    said = next((_message(lowered[key]) for key in MESSAGE_KEYS if lowered.get(key)), None)
    if said is None:
        said = ", ".join(f"{key}: {_message(item)}" for key, item in value.items())
    field = as_own_ref(lowered.get("field"))
    return f"{field}: {said}" if field else said
