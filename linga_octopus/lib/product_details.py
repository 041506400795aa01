"""Custom attributes of products: their names and values as text."""

import re

# Also those of Arabic and Chinese.
_COMMA = re.compile("[,\u060c\uff0c]")


def split_names(text):
    """Return the names in a text that separates them by commas, each once."""
    names = (part.strip() for part in _COMMA.split(text or ""))
    return list(dict.fromkeys(filter(None, names)))


def property_text(entry, yes, no):
    """Return the value of a property as text, blank when it has none.

    :param dict entry: a property as Odoo reads it, with its definition
    :param yes, no: the words for a checkbox
    """
    kind, value = entry.get("type"), entry.get("value")
    if kind == "boolean":
        return yes if value else no
    if kind in ("separator", "signature") or value is None or value is False or value in ("", []):
        return ""
    if kind == "selection":
        return dict(entry.get("selection") or ()).get(value, "")
    if kind == "tags":
        labels = {tag[0]: tag[1] for tag in entry.get("tags") or ()}
        return ", ".join(labels[tag] for tag in value if tag in labels)
    if kind == "many2one":
        return value[1] or ""
    if kind == "many2many":
        return ", ".join(name for _id, name in value if name)
    if isinstance(value, float):
        return f"{value:.10g}"
    return str(value).strip()


def gathered(pairs):
    """Return ``{name: value}`` of pairs; a name counts once, blank values not at all."""
    details = {}
    for name, value in pairs:
        if (name := name.strip()) and (value := value.strip()):
            details.setdefault(name, value)
    return details


def changed_details(old, new):
    """Yield (name, old value, new value) of what differs between two mappings; None and blank are
    the same."""
    old, new = old or {}, new or {}
    for name in dict.fromkeys((*new, *old)):
        before, after = old.get(name) or "", new.get(name) or ""
        if before != after:
            yield name, before, after
