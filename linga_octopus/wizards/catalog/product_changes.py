"""What a sync of products would change in Octopus, in words, record by record."""

from decimal import Decimal, InvalidOperation


def product_changes(batch, env):
    """Yield (product id, "create" or "change", text) of the products that would be sent.

    Octopus's titles, SKUs and prices are known as they were sent last; of everything else it is
    only known that something differs.

    :param batch: a ProductBatch that has been compared
    :param env: in the language of the reader
    """
    for template_id, item, known, variants in batch.changes():
        if not known.get("octopus_ref"):
            yield template_id, "create", ", ".join(variant.sku for variant in item.variants)
            continue
        texts = _title_change(env, item, known) + [
            text for variant, row in variants for text in _variant_changes(env, variant, row)
        ]
        if known.get("is_archived"):
            texts.insert(0, env._("Active again"))
        yield (
            template_id,
            "change",
            "\n".join(texts) or env._("Description, attributes, tax or other details"),
        )


def _title_change(env, item, known):
    if not known.get("name") or known["name"] == item.title:
        return []
    return [env._("Title: %(old)s → %(new)s", old=known["name"], new=item.title)]


def _variant_changes(env, variant, row):
    if not row.get("octopus_ref"):
        return [env._("New variant: %s", variant.sku)]
    texts = []
    if row["sku"] and row["sku"] != variant.sku:
        texts.append(env._("SKU: %(old)s → %(new)s", old=row["sku"], new=variant.sku))
    if row["price"] and _number(row["price"]) != _number(variant.price):
        texts.append(
            env._(
                "Price of %(sku)s: %(old)s → %(new)s",
                sku=variant.sku,
                old=row["price"],
                new=variant.price,
            )
        )
    return texts


def _number(text):
    try:
        return Decimal(text)
    except InvalidOperation:
        return text
