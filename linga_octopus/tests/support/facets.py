"""What a list shows that an action opens: its domain, and the filters that its context sets."""

from lxml import etree

from odoo.fields import Domain
from odoo.tools.safe_eval import safe_eval


def opened(env, action, button_context=None):
    """Return the records of the list that an action opens, as the web client finds them.

    Filters without a separator between them are alternatives; everything else is joined.
    """
    context = action.get("context") or {}
    context = safe_eval(context) if isinstance(context, str) else context
    domain = Domain(safe_eval(str(action.get("domain") or "[]")))
    model = env[action["res_model"]]
    view = action.get("search_view_id")
    arch = model.get_view(view and view[0], view_type="search")["arch"]
    for group in _chosen(etree.fromstring(arch), {**(button_context or {}), **context}):
        domain &= group
    return model.search(domain)


def _chosen(search, context):
    """Yield a domain for each group of filters, and each field, that the context sets."""
    chosen = {
        name.removeprefix("search_default_"): value
        for name, value in context.items()
        if name.startswith("search_default_") and value
    }
    group = []
    for node in [*search, etree.Element("separator")]:
        name = node.get("name")
        if node.tag == "filter":
            group += [Domain(safe_eval(node.get("domain")))] if name in chosen else []
        else:
            if group:
                yield Domain.OR(group)
            group = []
            if node.tag == "field" and name in chosen:
                yield Domain(name, "=", chosen[name])
        chosen = {key: value for key, value in chosen.items() if key != name}
    assert not chosen, f"the search view has no {', '.join(chosen)}"
