"""Rules about values: each returns ``(field, message)`` for the first rule broken, or None."""

MAX_TITLE = 255
MAX_OPTIONS = 3
MAX_ATTRIBUTE_NAMES = 20
DEFAULT_OPTION = "Default Title"


def title_problem(title):
    """Check that there is a title and that it is not too long."""
    if not title.strip():
        return "title", "Title is required."
    if len(title) > MAX_TITLE:
        return "title", f"Title is too long (maximum is {MAX_TITLE} characters)."
    return None


def variant_problem(variant):
    """Check the sent fields of a variant: SKU, money, attributes."""
    if "sku" in variant and not (variant["sku"] or "").strip():
        return "sku", "SKU is required."
    if "price" in variant and variant["price"] is None:
        return "price", "Price is required."
    for field in ("price", "compare_at_price", "cost_price", "sales_price", "weight"):
        if float(variant.get(field) or 0) < 0:
            return field, "Must not be negative."
    names = [entry["attribute_name"] for entry in variant.get("custom_attributes") or ()]
    if len(names) != len(set(names)):
        return "custom_attributes", "An attribute name may occur once."
    return None


def options_problem(options, variants, sent):
    """Check that the variants have values for the product's options.

    :param options: the product's options, empty when it has none
    :param variants: every variant of the product as it will be stored
    :param sent: the variants that this call writes
    """
    if len(options) > MAX_OPTIONS:
        return "options", f"A product has at most {MAX_OPTIONS} options."
    for variant in sent:
        if problem := _choice_problem(options, _chosen(variant)):
            return problem
    seen = set()
    for chosen in map(_chosen, variants):
        if chosen in seen:
            return "variants", f"Two variants have the same options {chosen}."
        seen.add(chosen)
    return None


def _chosen(variant):
    return tuple(variant[key] or None for key in ("option1", "option2", "option3"))


def _choice_problem(options, chosen):
    if not options:
        if chosen not in ((DEFAULT_OPTION, None, None), (None, None, None)):
            return "options", "A variant has option values but the product has no options."
        return None
    for position, value in enumerate(chosen):
        field = f"option{position + 1}"
        if position >= len(options):
            if value:
                return field, "There is no such option on the product."
        elif not value:
            return field, "A value is required for each option of the product."
        elif options[position].get("values") and value not in options[position]["values"]:
            return field, f"{value!r} is not among the values of the option."
    return None


def product_problem(product, variants, sent):
    """Check a product as it will be stored; `sent` are the variants that this call writes."""
    if problem := title_problem(product["title"]):
        return problem
    if not variants:
        return "variants", "A product has at least one variant."
    for position, variant in enumerate(sent):
        if problem := variant_problem(variant):
            return f"variants[{position}].{problem[0]}", problem[1]
    return options_problem(product["options"], variants, sent)
