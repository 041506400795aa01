"""Functions that the routers share."""

from ..answer import JsonAnswer, now, spell_bulk_time
from ..errors import invalid


def sent(model):
    """Return the fields that the caller sent, as plain data."""
    return model.model_dump(exclude_unset=True)


def bulk_items(body):
    """Return the items of a bulk call, after checking their count."""
    if body.entity_count != len(body.items):
        raise invalid(
            "entity_count", f"entity_count is {body.entity_count}, items are {len(body.items)}."
        )
    return sent(body)["items"]


def bulk_answer(body, items, errors):
    """Return the envelope of a bulk answer: the echoed items and the errors."""
    return JsonAnswer(
        {
            "entity_type": body.entity_type,
            "entity_count": len(items),
            "created_at": spell_bulk_time(now()),
            "items": items,
            "errors": errors,
        }
    )


def id_list(field, text):
    """Return the ids of a comma-separated query value; anything that is no id matches nothing."""
    if text is None:
        return None
    ids = []
    for part in text.split(","):
        if not part.strip().isdigit():
            raise invalid(field, "Comma-separated ids are expected.")
        ids.append(int(part))
    return ids
