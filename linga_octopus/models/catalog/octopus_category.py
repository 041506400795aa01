"""Categories of Octopus: the bindings, and the run that sends them."""

from collections import defaultdict
from dataclasses import asdict, dataclass

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import LazyTranslate

from ...const import CALLS_PER_BATCH
from ...lib.fingerprint import fingerprint
from ...lib.octopus_api.call_streak import CallStreak
from ...lib.octopus_api.const import MAX_TITLE
from ...lib.octopus_api.errors import OctopusError, OctopusNotFound, OctopusValidationError
from ...lib.octopus_api.items import COLLECTION_KEY, collection_item, collection_values
from ..mixins.notices import Sentence
from ..sync.bulk_sender import BulkSender
from .batch import batch_size
from .scope import CatalogScope

_lt = LazyTranslate(__name__)

CATEGORY_WITHOUT_NAME = Sentence(
    "category_without_name", _lt("The category has no name. Give it one.")
)
CATEGORY_TOO_LONG = Sentence(
    "category_too_long",
    _lt(
        "The name with those above it has %(length)s characters; Octopus takes %(max)s. Shorten it."
    ),
)


class OctopusCategory(models.Model):
    """The link between a category of Odoo and the collection of Octopus that stands for it."""

    _name = "octopus.category"
    _description = "Category in Octopus"
    _inherit = ["octopus.binding"]
    _rec_name = "title"

    # === FIELDS === #

    # The binding outlives the category: the next run deletes the collection in Octopus.
    pos_categ_id = fields.Many2one("pos.category", "PoS Category", ondelete="set null", index=True)
    product_categ_id = fields.Many2one(
        "product.category", "Product Category", ondelete="set null", index=True
    )
    title = fields.Char(
        readonly=True, help="The name in Octopus, which includes the names of all parents."
    )
    is_adopted = fields.Boolean(
        "Was There Before",
        readonly=True,
        help="Octopus had a collection of this name before the first sync. It stays when the "
        "category in Odoo is deleted.",
    )

    # === CONSTRAINTS === #

    _pos_categ_uniq = models.Constraint(
        "UNIQUE(account_id, pos_categ_id)", "A category is in Octopus once per store."
    )
    _product_categ_uniq = models.Constraint(
        "UNIQUE(account_id, product_categ_id)", "A category is in Octopus once per store."
    )

    # === ACTION METHODS === #

    def action_octopus_retry(self):
        """Send again what could not be sent."""
        self.check_access("read")
        for account in self.account_id:
            account._queue_run("categories")
        return True

    # === BUSINESS METHODS === #

    @api.model
    def _run_start(self, run):
        return CategoryRun(run).start()

    @api.model
    def _run_batch(self, run, client):
        return CategoryRun(run, client).do_batch()

    def _save_result(self, sent, ref, error=None):
        """Save what Octopus answered.

        :param dict sent: the values that Octopus has, unless there is an error
        """
        values = {"octopus_ref": ref, "error": error, "state": "error" if error else "synced"}
        if not error:
            values |= {
                "title": sent["title"],
                "payload_hash": fingerprint(sent),
                "synced_at": fields.Datetime.now(),
                "attempted_at": False,
            }
        self.write(values)

    def _reset_remote(self):
        """Reset the binding of a collection that was deleted in Octopus: it is created again."""
        collects = self.env["octopus.collect"].search([("octopus_category_id", "=", self.id)])
        # The next run over the products puts them into the new collection.
        products = collects.octopus_product_id.filtered(lambda product: not product.is_archived)
        products.state = "pending"
        collects.unlink()
        self.write({"octopus_ref": False, "is_adopted": False})


# === QUERIES === #


class CategoryQueries:
    """Which categories a run looks at.

    :param scope: the CatalogScope of the store
    """

    def __init__(self, scope):
        self.account = scope.account
        self.bindings = scope.account.env["octopus.category"]
        self.field = "pos_categ_id" if scope.is_pos else "product_categ_id"
        self.categories = scope.categories()

    def bound(self, categories):
        """Return ``{category: binding}``."""
        return {binding[self.field]: binding for binding in self.bindings_of(categories)}

    def bindings_of(self, categories):
        """Return the bindings of these categories."""
        return self.bindings.search(
            [("account_id", "=", self.account.id), (self.field, "in", categories.ids)]
        )

    def unsent(self):
        """Return the categories that Octopus does not have as they are now."""
        bound = self.bound(self.categories)

        def is_sent(category):
            binding = bound.get(category)
            return (
                binding
                and binding.octopus_ref
                and binding.state == "synced"
                and binding.payload_hash == category._octopus_hash()
            )

        return self.categories.filtered(lambda category: not is_sent(category))

    def gone(self):
        """Return the bindings whose category was deleted in Odoo, or is of the other kind."""
        return self.bindings.search(
            [("account_id", "=", self.account.id), (self.field, "=", False)]
        )

    def has_changes(self):
        """Tell whether a run would have anything to do, other than what failed as it is now."""
        bound = self.bound(self.categories)

        def has_failed(category):
            binding = bound.get(category, self.bindings)
            return binding.state == "error" and binding.payload_hash == category._octopus_hash()

        def is_kept(binding):
            return binding.state == "error" and binding.octopus_ref and not binding.payload_hash

        return not (all(map(has_failed, self.unsent())) and all(map(is_kept, self.gone())))


def title_problem(env, title):
    """Return why Octopus would not take the title of a category, or False."""
    if not title.replace(">", "").strip():
        return CATEGORY_WITHOUT_NAME(env)
    if len(title) > MAX_TITLE:
        return CATEGORY_TOO_LONG(env, length=len(title), max=MAX_TITLE)
    return False


# === RUN === #


@dataclass(frozen=True)
class CategoryCursor:
    """The place of a run over the categories."""

    phase: str = "create"  # then "update", then "remove"
    after: int = 0  # id of the last category, or of the last binding to remove
    later: tuple[int, ...] = ()  # ids of categories whose call failed: tried again at the end


class CategoryRun:
    """What `octopus.sync.run` does for the kind "categories": it creates new categories, then
    updates changed ones, then removes those that are gone.

    :param run: the `octopus.sync.run`
    :param client: the open client of the store; not needed to start
    """

    def __init__(self, run, client=None):
        self.run = run
        self.client = client
        self.env = run.env
        self.account = run.account_id
        self.bindings = run.env["octopus.category"]
        self.queries = CategoryQueries(CatalogScope(run.account_id))

    def start(self):
        """Return how many categories there are to look at, in Odoo or only in Octopus."""
        self._move_to(CategoryCursor())
        categories = self.queries.categories
        self.run.done = len(categories) - len(self.queries.unsent())
        return len(categories) + len(self.queries.gone())

    def do_batch(self):
        """Do some calls of the run; return whether there is more to do."""
        cursor = CategoryCursor(**self.run.cursor)
        steps = {"create": self._create, "update": self._update, "remove": self._remove}
        following = steps[cursor.phase](cursor)
        if following:
            self._move_to(following)
            return True
        self._fix_issues_of_gone()
        return False

    def _move_to(self, cursor):
        self.run.cursor = asdict(cursor)

    # Each step returns the cursor after its batch, or None when the run has nothing left to do.

    def _create(self, cursor):
        after = cursor.after
        bound = self.queries.bound(self.queries.categories)
        new = self.queries.categories.filtered(
            lambda category: (
                category.id > after and not bound.get(category, self.bindings).octopus_ref
            )
        )[: batch_size(self.run)]
        if not new:
            return CategoryCursor("update")
        titles = {category: category._octopus_title() for category in new}
        problems = {category: title_problem(self.env, titles[category]) for category in new}
        fine = new.filtered(lambda category: not problems[category])
        self._ensure(new)
        missing = self._adopt(fine, titles)
        self._attempt(missing, titles)
        self.run._checkpoint()
        unsent = self._send(missing, titles, problems)
        self.queries.bindings_of(unsent).attempted_at = False
        if unsent:
            new = new.filtered(lambda category: category.id < unsent[0].id)
        self._report(new, problems)
        return CategoryCursor("create", new[-1].id) if new else CategoryCursor("create", after)

    def _send(self, categories, titles, problems):
        """Create collections, and note in `problems` which failed; return those not sent yet."""
        values = {
            category: collection_values(titles[category], category._octopus_extra_values())
            for category in categories
        }
        items = [collection_item(str(category.id), values[category]) for category in categories]
        unsent = categories
        sender = BulkSender(
            self.run, self.client, self.client.bulk_collections, items, COLLECTION_KEY
        )
        while results := sender.send_next():
            for ref, result in results.items():
                category = categories.browse(int(ref))
                self.queries.bindings_of(category)._save_result(
                    values[category], result.octopus_ref, result.error
                )
                problems[category] = result.error
                unsent -= category
            self.run._checkpoint()
        return unsent

    def _update(self, cursor):
        after, later = cursor.after, set(cursor.later)
        bound = self.queries.bound(self.queries.categories)
        changed = self.queries.unsent().filtered(
            lambda category: bound.get(category, self.bindings).octopus_ref
        )
        batch = changed.filtered(lambda category: category.id > after)[:CALLS_PER_BATCH]
        if batch:
            after = batch[-1].id
        else:
            batch = changed.filtered(lambda category: category.id in later)[:CALLS_PER_BATCH]
        if not batch:
            return CategoryCursor("remove")
        problems = {}
        gone, error = self._send_titles(batch, bound, problems)
        self._report(batch.filtered(lambda category: category in problems), problems)
        unsent = [category.id for category in batch - gone if category not in problems]
        later = tuple(later - set(batch.ids)) + tuple(unsent)
        following = CategoryCursor("update", after, later)
        if error:
            self._move_to(following)
            self.run._checkpoint()
            raise error
        return CategoryCursor("create") if gone else following

    def _send_titles(self, categories, bound, problems):
        """Send new titles, each result committed before the next call, and note in `problems`
        which categories are done, and why Octopus refused them.

        :return: the categories that were deleted in Octopus, and the OctopusError that stopped
            the others
        """
        streak, gone = CallStreak(), categories.browse()
        try:
            for category in categories:
                binding, title = bound[category], category._octopus_title()
                problem = title_problem(self.env, title)
                values = collection_values(title, category._octopus_extra_values())
                try:
                    if not problem:
                        self.client.update_collection(binding.octopus_ref, values)
                        streak.succeed()
                except OctopusNotFound:
                    binding._reset_remote()
                    gone |= category
                    continue
                except OctopusValidationError as error:
                    problem = str(error)
                except OctopusError as error:
                    streak.fail(error)
                    continue
                binding._save_result(values, binding.octopus_ref, problem)
                problems[category] = problem
                self.run._got_through()
            streak.conclude()
        except OctopusError as error:
            return gone, error
        return gone, None

    def _remove(self, cursor):
        after = cursor.after
        gone = self.queries.gone().filtered(lambda binding: binding.id > after)[:CALLS_PER_BATCH]
        if not gone:
            return None
        for binding in gone:
            following = CategoryCursor("remove", binding.id)
            problem = self._delete_remote(binding)
            if problem:
                # Without a hash: it was sent as what it is now, gone.
                binding.write({"state": "error", "error": problem, "payload_hash": False})
                self.run._add_issue(binding, problem)
            else:
                self.run._fix_issues(binding)
                binding.unlink()
            self.run._checkpoint()
            self.run.failed += bool(problem)
            self.run.sent += not problem
            self.run.done += 1
            self._move_to(following)
            self.run._got_through()
        return following

    # === STEPS === #

    def _delete_remote(self, binding):
        """Delete a collection in Octopus; return why Octopus keeps it, if it does."""
        if binding.attempted_at and not binding.octopus_ref:
            binding.octopus_ref = next(iter(self._free_collections()[binding.title]), False)
        # A collection that was there before the first sync is not deleted.
        if binding.octopus_ref and not binding.is_adopted:
            try:
                self.client.delete_collection(binding.octopus_ref)
            except OctopusValidationError as error:
                return str(error)
        return False

    def _ensure(self, categories):
        """Create the bindings that are missing."""
        bound = self.queries.bound(categories)
        self.bindings.create(
            [
                {"account_id": self.account.id, self.queries.field: category.id}
                for category in categories
                if category not in bound
            ]
        )

    def _adopt(self, categories, titles):
        """Bind categories to collections of the same title that Octopus has already.

        :return: the categories that Octopus does not have
        """
        if not categories:
            return categories
        free = self._free_collections()
        bound = self.queries.bound(categories)
        missing = categories.browse()
        for category in categories:
            binding = bound[category]
            # The answer to a create may have been lost, and the category renamed since.
            sent = binding.attempted_at and (binding.title or titles[category])
            title = sent if free[sent] else titles[category]
            if not free[title]:
                missing |= category
                continue
            binding.is_adopted = title != sent
            binding._save_result({"title": title}, free[title].pop(0))
        return missing

    def _free_collections(self):
        """Return ``{title: ids}`` of the collections of Octopus that have no binding."""
        bindings = self.bindings.search([("account_id", "=", self.account.id)])
        taken = set(bindings.mapped("octopus_ref"))
        free = defaultdict(list)
        for collection in self.client.iter_collections():
            if collection.ref not in taken:
                free[collection.title].append(collection.ref)
        return free

    def _attempt(self, categories, titles):
        """Save under which titles categories are about to be created."""
        now = fields.Datetime.now()
        self.bindings._bulk_update(
            [
                {"id": binding.id, "attempted_at": now, "title": titles[category]}
                for category, binding in self.queries.bound(categories).items()
            ]
        )

    def _report(self, categories, problems):
        failed = categories.filtered(problems.get)
        for category in failed:
            self.queries.bindings_of(category).write(
                {
                    "state": "error",
                    "error": problems[category],
                    "payload_hash": category._octopus_hash(),
                }
            )
            self.run._add_issue(category, problems[category])
        self.run._fix_issues(categories - failed)
        self.run.failed += len(failed)
        self.run.sent += len(categories - failed)
        self.run.done += len(categories)

    def _fix_issues_of_gone(self):
        """Close the issues of categories that were deleted in Odoo, or are of the other kind."""
        for name in ("pos.category", "product.category"):
            is_used = Domain(name == self.queries.categories._name)
            self.run._fix_issues_of_others(self.env[name], is_used)
