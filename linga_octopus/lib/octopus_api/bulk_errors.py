"""Who is meant by the ``errors`` of a bulk answer, whose shape nothing documents."""

import re

from .parsing import as_own_ref, as_text, lower_keys

MAX_MESSAGE = 1000
_MESSAGE_KEYS = ("message", "error", "errors", "detail", "description", "reason")
_VARIANT_KEY = "sv_temp_variantid"


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
            if (variant_ref := as_own_ref(variant.get("SV_Temp_variantId")))
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
        elif any(key in lowered for key in _MESSAGE_KEYS):
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
        return self._product_of.get(as_own_ref(lowered.get(_VARIANT_KEY)))

    def _name(self, ref, text):
        self._named.setdefault(ref, []).append(text)


def _message(value):
    """Return what a complaint says, for a person."""
    if isinstance(value, list):
        return "; ".join(map(_message, value))
    if not isinstance(value, dict):
        return as_text(value)
    lowered = lower_keys(value)
    said = next((_message(lowered[key]) for key in _MESSAGE_KEYS if lowered.get(key)), None)
    if said is None:
        said = ", ".join(f"{key}: {_message(item)}" for key, item in value.items())
    field = as_own_ref(lowered.get("field"))
    return f"{field}: {said}" if field else said
