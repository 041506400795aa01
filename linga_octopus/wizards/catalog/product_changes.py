"""What a sync of products would change in Octopus, in words, record by record."""

from decimal import Decimal, InvalidOperation

from ...lib.product_details import changed_details


def product_changes(batch, env):
    """Yield (product id, "create" or "change", text) of the products that would be sent.

    Octopus's titles, SKUs and prices are known as they were sent last; of everything else it is
    only known that something differs.

    :param batch: a ProductBatch that has been compared
    :param env: in the language of the reader
    """
    for template_id, item, known, variants in batch.changes():
        if not known.get("octopus_ref"):
            texts = [", ".join(variant.sku for variant in item.variants)]
            texts += [
                text for variant, _row in variants for text in _detail_changes(env, variant, {})
            ]
            yield template_id, "create", "\n".join(texts)
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
    return texts + _detail_changes(env, variant, row.get("details") or {})


def _detail_changes(env, variant, known):
    """Return what changes of the other prices and the custom attributes of a variant.

    :param dict known: the details that Octopus was told last
    """
    labels = {
        "compare_at": env._("Compare-at Price"),
        "msrp": env._("MSRP"),
        "list": env._("List Price"),
        "a": env._("Price A"),
        "b": env._("Price B"),
        "c": env._("Price C"),
    }
    details = variant.details
    prices = changed_details(known.get("prices"), details.get("prices"))
    attributes = changed_details(known.get("attributes"), details.get("attributes"))
    rows = [(labels[name], *values) for name, *values in prices] + list(attributes)
    return [
        env._(
            "%(detail)s of %(sku)s: %(old)s → %(new)s",
            detail=name,
            sku=variant.sku,
            old=old or "–",
            new=new or "–",
        )
        if known
        else env._("%(detail)s of %(sku)s: %(new)s", detail=name, sku=variant.sku, new=new)
        for name, old, new in rows
    ]


def _number(text):
    try:
        return Decimal(text)
    except InvalidOperation:
        return text
