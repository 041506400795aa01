"""The orders that the benchmark of the lists looks for, and those among which it looks."""

from odoo.tools import SQL

# What people type to find an order, by the column that shows it; found in both sizes.
TEXTS = {
    "third_party_name": ("amazon", "walm"),
    "third_party_order_no": ("114-5550123-8839201", "5550123"),
    "aggregator_order_no": ("49007777",),
    "transaction_time": ("2026-06-01", "June 2026"),
    "customer_name": ("radia perlman", "radia perl"),
    "check_total": ("73.45",),
    "status": ("cancel",),
}
FIRST = [
    "Ada",
    "Alan",
    "Amira",
    "Anna",
    "Barbara",
    "Carlos",
    "Chen",
    "David",
    "Donald",
    "Edsger",
    "Elena",
    "Emma",
    "Fatima",
    "Fred",
    "Grace",
    "Hana",
    "Ivan",
    "James",
    "Jean",
    "John",
    "Jose",
    "Julia",
    "Kurt",
    "Laila",
    "Lars",
    "Linus",
    "Lucy",
    "Margaret",
    "Maria",
    "Mark",
    "Mohammed",
    "Nadia",
    "Niklaus",
    "Olga",
    "Omar",
    "Paul",
    "Peter",
    "Priya",
    "Robert",
    "Rosa",
    "Sara",
    "Sofia",
    "Stephen",
    "Thomas",
    "Tim",
    "Wei",
    "William",
    "Yuki",
]
LAST = [
    "Ander",
    "Berg",
    "Bern",
    "Black",
    "Brad",
    "Carl",
    "Chan",
    "Clark",
    "Dal",
    "Eriks",
    "Fern",
    "Fried",
    "Gold",
    "Grand",
    "Green",
    "Hals",
    "Hart",
    "Hoff",
    "Holm",
    "Hopp",
    "Jens",
    "John",
    "Karl",
    "Kell",
    "Knut",
    "Lamp",
    "Lind",
    "Love",
    "Mad",
    "Mart",
    "Mill",
    "Nor",
    "Olds",
    "Park",
    "Perl",
    "Peter",
    "Rich",
    "Rob",
    "Rosen",
    "Sand",
    "Silver",
    "Stall",
    "Sten",
    "Thomp",
    "Tor",
    "Tur",
    "Wald",
    "West",
    "Wil",
    "Wood",
]
ENDINGS = [
    "son",
    "sen",
    "berg",
    "man",
    "field",
    "ez",
    "ovic",
    "er",
    "ing",
    "ton",
    "ski",
    "ley",
    "dottir",
    "mann",
    "stein",
    "wood",
]


CHANNELS = (
    ["SHOPIFY"] * 9 + ["AMAZON"] * 5 + ["WOOCOMMERCE"] * 3 + ["BIGCOMMERCE", "EBAY", "WALMART"]
)

COLUMNS = SQL(
    """account_id, company_id, currency_id, channel_id, third_party_name, third_party_order_no,
       aggregator_order_no, transaction_time, transaction_day, customer_name, check_total, status,
       stock_state, needs_mapping, is_oversold, received_at"""
)


def make_orders(env, account, count):
    """Fill the table with `count` orders of two years, the latest ones still to be acted on.

    A bigger shop has more customers and more orders a day, not more orders of a customer: five.
    Numbers look like those of the channels, names repeat the parts that names have in common,
    most amounts are small, and all of it is the same in each run.
    """
    env.cr.execute(
        SQL(
            """
            SELECT setseed(0.19);
            INSERT INTO octopus_order (%(columns)s)
            SELECT %(account)s, %(company)s, %(currency)s,
                   (SELECT id FROM octopus_channel
                     WHERE account_id = %(account)s AND source = channel),
                   channel,
                   CASE channel
                       WHEN 'AMAZON' THEN (111 + number %% 4) || '-'
                           || lpad((number * 7919 %% 10000000)::text, 7, '0')
                           || '-' || lpad((number * 104729 %% 10000000)::text, 7, '0')
                       WHEN 'EBAY' THEN '12-' || lpad((number * 31 %% 100000)::text, 5, '0')
                           || '-' || lpad((number * 7919 %% 100000)::text, 5, '0')
                       WHEN 'WALMART' THEN (200000000000000 + number * 15485863)::text
                       ELSE '#' || (1000 + number)
                   END,
                   (40000000 + number)::text,
                   moment, moment::date,
                   name, total,
                   CASE WHEN number <= 200 THEN 'take_action'
                        WHEN number %% 50 = 0 THEN 'cancelled' ELSE 'completed' END,
                   CASE WHEN number %% 50 = 0 THEN 'restored' ELSE 'deducted' END,
                   FALSE, FALSE, now()
              FROM generate_series(%(count)s::bigint, 1, -1) number,
                   LATERAL (
                       SELECT '2026-11-20'::timestamp
                              - number * (interval '730 days' / %(count)s) AS moment
                   ) AS placed,
                   LATERAL (
                       SELECT (%(channels)s)[1 + floor(random() * 20 + 0 * number)] AS channel,
                              round((6 - 40 * ln(1 - random() + 0 * number))::numeric, 2) AS total
                   ) AS drawn,
                   LATERAL (
                       SELECT (%(first)s)[1 + number / 15 %% %(firsts)s] || ' '
                              || (%(last)s)[1 + number / 5 * 7919 %% %(lasts)s]
                              || (%(endings)s)[1 + number / 250 %% %(ends)s] AS name
                   ) AS named;
            """,
            **_store(account),
            count=count,
            channels=CHANNELS,
            first=FIRST,
            firsts=len(FIRST),
            last=LAST,
            lasts=len(LAST),
            endings=ENDINGS,
            ends=len(ENDINGS),
        )
    )
    _make_wanted(env, account)


def _make_wanted(env, account):
    """Five orders that a customer of both sizes placed on a summer's day."""
    env.cr.execute(
        SQL(
            """
            INSERT INTO octopus_order (%(columns)s)
            SELECT %(account)s, %(company)s, %(currency)s,
                   (SELECT id FROM octopus_channel
                     WHERE account_id = %(account)s AND source = 'AMAZON'),
                   'AMAZON',
                   '114-5550123-' || (8839200 + number), (49007776 + number)::text,
                   '2026-06-01 10:00'::timestamp + number * interval '1 hour', '2026-06-01',
                   'Radia Perlman', 73.45, 'completed', 'deducted', FALSE, FALSE, now()
              FROM generate_series(1, 5) number
            """,
            **_store(account),
        )
    )


def make_old_orders(env, account, count):
    """Store `count` closed orders of a store that has had no others for two years."""
    env.cr.execute(
        SQL(
            """
            INSERT INTO octopus_order (%(columns)s)
            SELECT %(account)s, %(company)s, %(currency)s,
                   (SELECT id FROM octopus_channel
                     WHERE account_id = %(account)s AND source = 'SHOPIFY'),
                   'SHOPIFY', '#' || number, (10000000 + number)::text,
                   '2024-11-20'::timestamp + number * interval '1 hour',
                   '2024-11-20'::date + (number / 24)::int, 'Jean Sammet', 20,
                   'completed', 'deducted', FALSE, FALSE, now()
              FROM generate_series(1, %(count)s::bigint) number
            """,
            **_store(account),
            count=count,
        )
    )


def _store(account):
    company = account.company_id
    return {
        "columns": COLUMNS,
        "account": account.id,
        "company": company.id,
        "currency": company.currency_id.id,
    }
