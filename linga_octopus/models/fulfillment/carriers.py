"""The carriers that a user may choose from: those in Odoo, and the latest ones of the store."""

MAX_CARRIERS = 30


def carrier_names(accounts):
    """Return names of carriers: those in Odoo, then those used before, the latest first.

    :param accounts: the stores, in the environment of the user
    """
    env, names = accounts.env, []
    if "delivery.carrier" in env:
        # The names only; who packs need not see delivery methods.
        carriers_sudo = env["delivery.carrier"].sudo()
        domain = of_companies(accounts.company_id)
        names = carriers_sudo.search(domain, limit=MAX_CARRIERS).mapped("name")
    used = env["octopus.fulfillment"]._read_group(
        [("account_id", "in", accounts.ids), ("carrier", "!=", False)],
        ["carrier"],
        ["shipped_at:max"],
        order="shipped_at:max desc",
        limit=MAX_CARRIERS,
    )
    return list(dict.fromkeys([*names, *(carrier for carrier, _latest in used)]))


def of_companies(companies):
    """Return the domain of the carriers that these companies use."""
    return [("company_id", "in", [False, *companies.ids])]


def latest_carrier(accounts):
    """Return the carrier that this user chose last for these stores, or False."""
    latest = accounts.env["octopus.fulfillment"].search(
        [
            ("account_id", "in", accounts.ids),
            ("user_id", "=", accounts.env.user.id),
            ("carrier", "!=", False),
        ],
        order="shipped_at desc, id desc",
        limit=1,
    )
    return latest.carrier
