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
from . import image_queries, product_queries
from .batch import ProductBatch
from .octopus_collect import CollectCursor, CollectPhases, UncollectCursor
from .remote_match import RemoteMatch
from .scope import CatalogScope

# How often a batch is sent again because something was missing in Octopus: enough to find all of
# it, and an end where Octopus calls missing what it has.
MAX_REPEATS = BULK_LIMIT // CALLS_PER_BATCH
ANALYZE_AFTER = (1, 4, 16, 64)  # batches


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


class ProductRun:
    """What `octopus.sync.run` does for the kind "products".

    :param run: the `octopus.sync.run`
    :param client: the open client of the store; not needed to start
    """

    def __init__(self, run, client=None):
        self.run = run
        self.client = client
        self.env = run.env
        self.account = run.account_id
        self.scope = CatalogScope(self.account)
        self.bindings = self.env["octopus.product"]

    def start(self):
        """Choose what to look at, and return how many products that are.

        While nothing changed that many products depend on, the products whose own records were not
        changed since the last run are not compared again.
        """
        self.scope.currency()
        signature = self.scope.signature()
        is_full = signature != self.account.catalog_signature
        eligible = self.scope.count_eligible()
        if not is_full:
            self.run.done = eligible - product_queries.count_candidates(self.scope)
        self.run.cursor = ProductCursor(
            signature,
            "send" if self.account.is_catalog_matched else "match",
            send=SendCursor(is_full=is_full),
        ).to_json()
        for combo in self.env["product.template"].search(self.scope.combo_domain()):
            self.run._add_issue(combo, combo_reason(self.env), "warning")
        return eligible + product_queries.count_to_archive(self.scope)

    def do_batch(self):
        """Do one batch of the present phase; return whether there is more to do."""
        cursor = ProductCursor.from_json(self.run.cursor)
        collects = CollectPhases(self.run, self.client, self.scope)
        steps = {
            "match": self._match,
            "send": self._send,
            "archive": self._archive,
            "collect": collects.collect,
            "uncollect": collects.uncollect,
        }
        following = steps[cursor.phase](cursor) or cursor.at_next_phase()
        if following:
            self.run.cursor = following.to_json()
            return True
        self._finish(cursor)
        return False

    def _finish(self, cursor):
        self._unlink_unsold()
        self.account.catalog_signature = cursor.signature
        fix_waiting_issue(self.run)
        if image_queries.has_changes(self.scope):
            self.env["octopus.sync.run"]._queue(self.account, "images", at_once=False)

    # Each phase returns the cursor after its batch, or None when it has nothing left to do.

    # === PHASE: MATCH === #

    def _match(self, cursor):
        """Compare one page of Octopus's products with those of Odoo."""
        match = RemoteMatch(self.scope)
        since = cursor.match.since
        if not since:
            match.clear_conflicts()
        page = list(islice(self.client.iter_products(since_id=since), BULK_LIMIT))
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
        candidates = product_queries.next_candidates(
            self.scope, after=place.after, is_full=place.is_full, limit=BULK_LIMIT
        )
        if not candidates:
            return None
        batch = ProductBatch(self.scope, dict(candidates), self.run)
        batch.compare()
        batch.shorten(self.run._batch_size())
        unsure = batch.unsure(is_matched=place.is_matched)
        if len(unsure) > CALLS_PER_BATCH:
            return replace(cursor, phase="match")
        if unsure:
            RemoteMatch(self.scope).look_up(self.client, unsure, self.run._got_through)
            batch.reload()
            batch.compare()
            batch.shorten(self.run._batch_size())
        batch.find_gone(self.client)
        batch.replace_or_delete_gone(self.client)
        batch.attempt()
        self.run._checkpoint()
        was_deleted_remotely = batch.send(self.client)
        following = self._after_batch(batch, place, again=was_deleted_remotely)
        self._clear_cache()
        return replace(cursor, send=following)

    def _after_batch(self, batch, place, *, again):
        """Report a batch, unless it is sent once more; return the place of the next batch."""
        if again and place.repeats < MAX_REPEATS:
            return replace(place, repeats=place.repeats + 1)
        settled = batch.settled()
        failed = settled.filtered(lambda template: template.id in batch.failed)
        self.run.done += len(settled)
        self.run.failed += len(failed)
        for template in failed:
            self.run._add_issue(template, batch.failed[template.id])
        self.run._fix_issues(settled - failed)
        batches = place.batches + 1
        if batches in ANALYZE_AFTER:
            self._analyze()
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
        if unanswered := product_queries.unanswered_variants(self.scope):
            for variant in unanswered:
                variant._find_sent(self.client)
                self.run._got_through()
            return cursor
        bindings = product_queries.next_to_archive(
            self.scope, after=cursor.archive.after, limit=self.run._batch_size()
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
        self.run.failed += len(failed)
        self._clear_cache()
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

    def _clear_cache(self):
        """Hold one batch in memory at a time, however long the run."""
        self.env.flush_all()
        self.env.invalidate_all()


def combo_reason(env):
    """Return why a combo is not sent."""
    return env._(
        "Combos are not supported by Octopus. Their components are published individually."
    )


def fix_waiting_issue(run):
    """Close the issue of products that are not in Octopus yet, when all of them are.

    :param run: of any kind
    """
    account = run.account_id
    if run._open_issues(account, ["stock"]) and not account.stock_waiting_count:
        run._fix_issues(account, ["stock"])
