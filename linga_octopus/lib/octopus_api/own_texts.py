"""What Odoo writes on orders in Octopus for people to read: tags, and lines of the note.

Channels show them as they are, so they are in English.
"""

SHIPPED, HANDED, READY = "Shipped: ", "Handed over: ", "Ready for pickup"
# What begins a tag or a line of a note that Odoo wrote.
OWN_TAGS = ("Odoo: ", SHIPPED, HANDED, READY)
OWN_NOTES = (SHIPPED, HANDED, f"{READY}: ")
# Of goods that the customer came for; the name stays here.
HANDED_OVER = f"{HANDED}at the store"


def shipped_text(carrier, numbers):
    """Return what a tag and a note say of a parcel; a tag must not hold a comma."""
    words = [(carrier or "").replace(",", " "), *numbers]
    return SHIPPED + (" ".join(" ".join(filter(None, words)).split()) or "without tracking number")


def ready_note(code):
    """Return the line of the note that tells a customer to come, with the code to show."""
    return f"{READY}: code {code}"


def cancelled_text(carrier, numbers):
    """Return the tag of a parcel that the channel shows, and that did not leave."""
    return shipped_text(carrier, numbers).replace(SHIPPED, "Odoo: parcel cancelled ")


def told_tags(tags, own):
    """Return the tags of an order with those that Odoo has to say; those of others stay."""
    if isinstance(tags, str):
        tags = tags.split(",")
    stripped = (str(tag).strip() for tag in tags or ())
    kept = [tag for tag in stripped if tag and not tag.startswith(OWN_TAGS)]
    return ", ".join([*kept, *dict.fromkeys(own)])


def told_note(note, own):
    """Return the note of an order with the lines that Odoo has to say below those of others."""
    return "\n".join(filter(None, [foreign_note(note), *dict.fromkeys(own)]))


def foreign_note(note):
    """Return a note without the lines that Odoo wrote in it."""
    lines = (note or "").splitlines()
    if not any(line.startswith(OWN_NOTES) for line in lines):
        return note or ""
    return "\n".join(line for line in lines if not line.startswith(OWN_NOTES)).rstrip()
