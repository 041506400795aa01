"""A run over the products of a store. Its phases: find those that Octopus has already, send those
that differ, archive those that no longer belong there, and two phases of `octopus_collect`."""

from dataclasses import asdict, dataclass, fields, replace
from itertools import islice

from odoo.fields import Domain
from odoo.tools import SQL

from ...const import CALLS_PER_BATCH
from ...lib.octopus_api import BULK_LIMIT
from ...lib.octopus_api.items import PRODUCT_KEY
from ..sync.bulk_sender import BulkSender
from . import image_queries, octopus_collect
from .batch import ProductBatch, batch_size
from .kits import combo_reason
from .octopus_collect import CollectCursor, CollectPhases, UncollectCursor
from .remote_match import RemoteMatch
from .scope import CatalogScope

# How often a batch is sent again because something was missing in Octopus: enough to find all of
# it, and an end where Octopus calls missing what it has.
MAX_REPEATS = BULK_LIMIT // CALLS_PER_BATCH
ANALYZE_AFTER = (1, 4, 16, 64)  # batches

# The moments of the last change of what belongs to one product alone: its variants, and what only
# some products have. PostgreSQL knows how many products have variants, but not of a union; so it is
# another query.
VARIANT_MOMENTS = "SELECT product_tmpl_id AS template, write_date AS moment FROM product_product"
OTHER_MOMENTS = """
    SELECT product_tmpl_id AS template, write_date AS moment FROM product_template_attribute_line
    UNION ALL
    SELECT product_tmpl_id, write_date FROM product_template_attribute_value
    UNION ALL
    SELECT s.product_tmpl_id, greatest(s.write_date, r.write_date) FROM product_supplierinfo s
    JOIN res_partner r ON r.id = s.partner_id
"""
# Their number and sum. Not the latest moment: a transaction that began earlier may end later.
SUMS = """
    SELECT template, count(*) AS number, sum((date_part('epoch', moment) * 1000000)::int8) AS total
    FROM (%s) moments %s GROUP BY template
"""
# The same of the packagings, which few products have, as one text: read once, and not for each
# product.
PACKAGING_STAMPS = """
    SELECT p.product_tmpl_id, concat(
        '/', count(*), ':', sum((extract(epoch FROM u.write_date) * 1000000)::int8)
    ) AS stamp
    FROM product_uom u JOIN product_product p ON p.id = u.product_id GROUP BY p.product_tmpl_id
"""
# All of it as one text.
STAMP = """
    SELECT concat(
        1 + coalesce(v.number, 0) + coalesce(o.number, 0), ':',
        (date_part('epoch', t.write_date) * 1000000)::int8
            + coalesce(v.total, 0) + coalesce(o.total, 0),
        u.stamp
    ) AS stamp
"""


# === CURSOR === #


@dataclass(frozen=True)
class MatchCursor:
    """The place in the list of all products that Octopus has."""

    since: str | None = None  # id of the last product that was read


@dataclass(frozen=True)
class SendCursor:
    """The place among the products to send."""

    after: int = 0  # id of the last product that is settled
    is_full: bool = False  # look at all products, not only at those that may have changed
    is_matched: bool = False  # this run has read all products that Octopus has
    repeats: int = 0  # of the present batch
    batches: int = 0


@dataclass(frozen=True)
class ArchiveCursor:
    """The place among the bindings of products that no longer belong in Octopus."""

    after: int = 0  # id of the last binding that was sent


@dataclass(frozen=True)
class ProductCursor:
    """The place of a run over the products: the phase, and the place in each phase."""

    signature: str  # CatalogScope.signature() at the start
    phase: str
    match: MatchCursor = MatchCursor()
    send: SendCursor = SendCursor()
    archive: ArchiveCursor = ArchiveCursor()
    collect: CollectCursor = CollectCursor()
    uncollect: UncollectCursor = UncollectCursor()

    @classmethod
    def phases(cls):
        """Return the names of the phases in their order."""
        return [field.name for field in fields(cls)[2:]]

    @classmethod
    def from_json(cls, data):
        defaults = {field.name: field.default for field in fields(cls)}
        parts = {name: type(defaults[name])(**data[name]) for name in cls.phases()}
        return cls(data["signature"], data["phase"], **parts)

    def to_json(self):
        return asdict(self)

    def at_next_phase(self):
        """Return the cursor at the beginning of the next phase; None after the last."""
        following = self.phases()[self.phases().index(self.phase) + 1 :]
        return replace(self, phase=following[0]) if following else None


# === RUN === #


def start_run(run):
    """Choose what a run looks at, and return how many products that are.

    While nothing changed that many products depend on, the products whose own records were not
    changed since the last run are not compared again.
    """
    account = run.account_id
    scope = CatalogScope(account)
    scope.currency()
    eligible = scope.count_eligible()
    combos = run.env["product.template"].search(scope.combo_domain())
    signature = scope.signature()
    is_full = signature != account.catalog_signature
    candidates = eligible if is_full else count_candidates(scope)
    to_archive = count_to_archive(scope)
    phase = "match"
    if account.is_catalog_matched:
        phase = "send" if candidates else "archive"
    cursor = ProductCursor(signature, phase, send=SendCursor(is_full=is_full))
    run.write({"done": eligible - candidates, "cursor": cursor.to_json()})
    for combo in combos:
        run._add_issue(combo, combo_reason(run.env), "warning")
    return eligible + to_archive


class ProductRun:
    """What `octopus.sync.run` does for the kind "products".

    :param run: the `octopus.sync.run`
    :param client: the open client of the store
    """

    def __init__(self, run, client):
        self.run = run
        self.client = client
        self.env = run.env
        self.account = run.account_id
        self.scope = CatalogScope(self.account)
        self.bindings = self.env["octopus.product"]

    def do_batch(self):
        """Do one batch of the present phase; return whether there is more to do."""
        cursor = ProductCursor.from_json(self.run.cursor)
        if cursor.phase in ("collect", "uncollect"):
            phases = CollectPhases(self.run, self.client, self.scope)
            steps = {"collect": phases.collect, "uncollect": phases.uncollect}
        else:
            steps = {"match": self._match, "send": self._send, "archive": self._archive}
        following = steps[cursor.phase](cursor) or cursor.at_next_phase()
        if following:
            self.run.cursor = following.to_json()
            return True
        self._finish(cursor)
        return False

    def _finish(self, cursor):
        fix_waiting_issue(self.run)
        self._unlink_unsold()
        self.account.catalog_signature = cursor.signature
        if image_queries.has_changes(self.scope):
            self.env["octopus.sync.run"]._queue(self.account, "images", at_once=False)

    # Each phase returns the cursor after its batch, or None when it has nothing left to do.

    # === PHASE: MATCH === #

    def _match(self, cursor):
        """Compare one page of Octopus's products with those of Odoo."""
        since = cursor.match.since
        page = list(islice(self.client.iter_products(since_id=since), BULK_LIMIT))
        match = RemoteMatch(self.scope)
        if not since:
            match.clear_conflicts()
        match.bind_page(page)
        if len(page) == BULK_LIMIT:
            return replace(cursor, match=MatchCursor(page[-1].ref))
        match.clear_attempts()
        self.account.is_catalog_matched = True
        return replace(
            cursor,
            phase="send",
            match=MatchCursor(),
            send=replace(cursor.send, is_matched=True),
        )

    # === PHASE: SEND === #

    def _send(self, cursor):
        """Compare the next products with what Octopus has, and send those that differ."""
        place = cursor.send
        candidates = next_candidates(
            self.scope, after=place.after, is_full=place.is_full, limit=BULK_LIMIT
        )
        if not candidates:
            return None
        size = batch_size(self.run)
        batch = ProductBatch(self.scope, dict(candidates), self.run)
        batch.compare()
        batch.shorten(size)
        unsure = batch.unsure(is_matched=place.is_matched)
        if len(unsure) > CALLS_PER_BATCH:
            return replace(cursor, phase="match")
        if unsure:
            RemoteMatch(self.scope).look_up(self.client, unsure, self.run._got_through)
            batch.reload()
            batch.compare()
            batch.shorten(size)
        batch.find_gone(self.client)
        batch.replace_or_delete_gone(self.client)
        batch.attempt()
        self.run._checkpoint()
        settled, was_deleted_remotely = batch.send(self.client)
        if was_deleted_remotely and place.repeats < MAX_REPEATS:
            following = replace(place, repeats=place.repeats + 1)
        else:
            following = self._after_batch(batch, settled, place)
        return replace(cursor, send=following)

    def _after_batch(self, batch, settled, place):
        """Report the settled products of a batch; return the place of the next batch."""
        batches = place.batches + 1
        if batches in ANALYZE_AFTER:
            self._analyze()
        failed = settled.filtered(lambda template: template.id in batch.failed)
        self.run.done += len(settled)
        self.run.sent += len(batch.sent.intersection((settled - failed).ids))
        self.run.failed += len(failed)
        for template in failed:
            self.run._add_issue(template, batch.failed[template.id])
        self.run._fix_issues(settled - failed)
        return replace(place, after=settled[-1:].id or place.after, batches=batches, repeats=0)

    def _analyze(self):
        """Have PostgreSQL learn that the tables have grown.

        A first run fills empty tables in one session: checks of foreign keys that were planned
        for an empty table would read all of it for each row.
        """
        for model in ("octopus.product", "octopus.variant"):
            self.env.cr.execute(SQL("ANALYZE %s", SQL.identifier(self.env[model]._table)))

    # === PHASE: ARCHIVE === #

    def _archive(self, cursor):
        """Archive products in Octopus that were archived, excluded or deleted in Odoo."""
        if unanswered := unanswered_variants(self.scope):
            for variant in unanswered:
                variant._find_sent(self.client)
                self.run._got_through()
            return cursor
        bindings = next_to_archive(
            self.scope, after=cursor.archive.after, limit=batch_size(self.run)
        )
        if not bindings:
            return None
        items = [binding._archive_item() for binding in bindings]
        sent = failed = self.bindings
        sender = BulkSender(self.run, self.client, self.client.bulk_products, items, PRODUCT_KEY)
        while results := sender.send_next():
            for ref, result in results.items():
                binding = self.bindings.browse(int(ref))
                binding._save_archived(result.error)
                sent |= binding
                failed |= binding if result.error else failed
            self.run._checkpoint()
        for binding in failed:
            self.run._add_issue(binding.product_tmpl_id or binding, binding.error)
        self.run._fix_issues((sent - failed).product_tmpl_id)
        self.run._fix_issues(sent - failed)
        self.run.done += len(sent)
        self.run.sent += len(sent - failed)
        self.run.failed += len(failed)
        return replace(cursor, archive=ArchiveCursor(max(sent.ids)))

    # === STEPS === #

    def _unlink_unsold(self):
        """Unlink the bindings of products that left the catalog before Octopus had them, and close
        the issues of everything that left the catalog."""
        self.bindings.search(
            [
                ("account_id", "=", self.account.id),
                ("octopus_ref", "=", False),
                ("product_tmpl_id", "not in", self.scope.eligible()),
            ]
        ).unlink()
        # No run looks at their images any more either.
        kinds, sold = ("products", "images"), self.scope.sold_domain()
        self.run._fix_issues_of_others(self.env["product.template"], sold, kinds)
        of_sold = Domain("product_tmpl_id", "any", sold)
        self.run._fix_issues_of_others(self.env["product.product"], of_sold, kinds)


# === QUERIES: WHICH PRODUCTS A RUN LOOKS AT === #


def has_changes(scope):
    """Tell whether a run would have anything to do, other than what failed before."""
    return scope.account.catalog_signature != scope.signature() or bool(
        next_candidates(scope, after=0, is_full=False, limit=1, with_errors=False)
        or next_to_archive(scope, after=0, limit=1, with_errors=False)
        or unanswered_variants(scope)
        or octopus_collect.has_changes(scope)
    )


def next_candidates(scope, *, after, is_full, limit, with_errors=True):
    """Return ``[(template id, stamp)]`` of the next products to compare, by id.

    :param int after: the last id that was looked at
    :param bool is_full: all products, not only those that may have changed
    :param bool with_errors: also those whose last attempt failed and that did not change since
    """
    return scope.env.execute_query(
        SQL(
            "SELECT t.id, s.stamp %s ORDER BY t.id LIMIT %s",
            _candidates(scope, after, is_full, with_errors),
            limit,
        )
    )


def count_candidates(scope):
    """Return how many products may have changed."""
    [(count,)] = scope.env.execute_query(
        SQL("SELECT count(*) %s", _candidates(scope, 0, is_full=False, with_errors=True))
    )
    return count


def _candidates(scope, after, is_full, with_errors):
    settled = SQL("('synced')") if with_errors else SQL("('synced', 'error')")
    changed = SQL(
        """(b.id IS NULL OR b.state NOT IN %s OR b.is_archived
            OR b.source_stamp IS DISTINCT FROM s.stamp)""",
        settled,
    )
    scope.env.flush_all()
    # For all products, reading whole tables is faster than look-ups for each product.
    of_product = SQL("WHERE template = t.id") if after else SQL()
    return SQL(
        """FROM (%(products)s) t
           LEFT JOIN octopus_product b
                  ON b.account_id = %(account)s AND b.product_tmpl_id = t.id
           LEFT JOIN LATERAL (%(variants)s) v ON v.template = t.id
           LEFT JOIN LATERAL (%(others)s) o ON o.template = t.id
           LEFT JOIN (%(packagings)s) u ON u.product_tmpl_id = t.id
           CROSS JOIN LATERAL (%(stamp)s) s
           WHERE t.id > %(after)s AND %(changed)s""",
        products=scope.eligible().select(
            SQL.identifier("product_template", "id"),
            SQL.identifier("product_template", "write_date"),
        ),
        account=scope.account.id,
        variants=SQL(SUMS, SQL(VARIANT_MOMENTS), of_product),
        others=SQL(SUMS, SQL(OTHER_MOMENTS), of_product),
        packagings=SQL(PACKAGING_STAMPS),
        stamp=SQL(STAMP),
        after=after,
        changed=SQL("TRUE") if is_full else changed,
    )


def next_to_archive(scope, *, after, limit, with_errors=True):
    """Return the next bindings whose product no longer belongs in Octopus, by id.

    :param bool with_errors: also those that Octopus refused to archive
    """
    rows = scope.env.execute_query(
        SQL(
            "SELECT b.id %s %s ORDER BY b.id LIMIT %s",
            _to_archive(scope, after),
            SQL() if with_errors else SQL("AND (b.state != 'error' OR b.source_stamp IS NOT NULL)"),
            limit,
        )
    )
    return scope.account.env["octopus.product"].browse([binding_id for [binding_id] in rows])


def count_to_archive(scope):
    """Return how many products Octopus has that no longer belong there."""
    [(count,)] = scope.env.execute_query(SQL("SELECT count(*) %s", _to_archive(scope, 0)))
    return count


def _to_archive(scope, after):
    scope.env.flush_all()
    return SQL(
        """FROM octopus_product b LEFT JOIN (%(products)s) t ON t.id = b.product_tmpl_id
           WHERE b.account_id = %(account)s AND b.id > %(after)s AND t.id IS NULL
             AND b.octopus_ref IS NOT NULL AND NOT b.is_archived""",
        products=scope.eligible().select(),
        account=scope.account.id,
        after=after,
    )


def unanswered_variants(scope):
    """Return variants that left the catalog before their create was answered: Octopus may have
    them, and sell them."""
    return scope.account.env["octopus.variant"].search(
        [
            ("account_id", "=", scope.account.id),
            ("attempted_at", "!=", False),
            ("octopus_ref", "=", False),
            ("octopus_product_id.product_tmpl_id", "not in", scope.eligible()),
        ],
        limit=CALLS_PER_BATCH,
    )


# === ISSUES === #


def fix_waiting_issue(run):
    """Close the issue of products that are not in Octopus yet, when all of them are.

    :param run: of any kind
    """
    account = run.account_id
    if run._open_issues(account, ["stock"]) and not account.stock_waiting_count:
        run._fix_issues(account, ["stock"])
