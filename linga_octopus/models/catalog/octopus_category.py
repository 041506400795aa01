from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Domain

from ...const import CALLS_PER_BATCH, MAX_TITLE
from ...lib.octopus_api.errors import OctopusNotFound, OctopusValidationError
from ..sync.bulk_sender import BulkSender


class OctopusCategory(models.Model):
    """A category of ours and the custom collection of Octopus that stands for it."""

    _name = "octopus.category"
    _description = "Category in Octopus"
    _inherit = ["octopus.binding"]
    _rec_name = "title"

    # Bindings outlive their category: Octopus must still be told that it is gone.
    pos_categ_id = fields.Many2one("pos.category", "PoS Category", ondelete="set null", index=True)
    product_categ_id = fields.Many2one(
        "product.category", "Product Category", ondelete="set null", index=True
    )
    title = fields.Char(readonly=True, help="The name that Octopus has, with those above it.")
    is_adopted = fields.Boolean(
        "Was There Before",
        readonly=True,
        help="Octopus had a collection of this name already. It stays when our category goes.",
    )

    _pos_categ_uniq = models.Constraint(
        "UNIQUE(account_id, pos_categ_id)", "A category is in Octopus once per store."
    )
    _product_categ_uniq = models.Constraint(
        "UNIQUE(account_id, product_categ_id)", "A category is in Octopus once per store."
    )

    # === THE PASS === #

    @api.model
    def _run_start(self, run):
        """Return how many categories there are to look at, in Octopus or here."""
        account = run.account_id
        run.cursor = {"phase": "create", "id": 0}
        categories = account._catalog_categories()
        gone = self._gone(account, categories)
        run.done = len(categories) - len(self._unsent(account, categories))
        return len(categories) + len(gone)

    @api.model
    def _run_batch(self, run, client):
        """Do some calls of the pass; new categories first, then changed, then removed ones."""
        step = {"create": self._create_some, "update": self._update_some}.get(
            run.cursor["phase"], self._remove_some
        )
        if step(run, client):
            return True
        self._fix_issues_of_gone(run)
        return False

    @api.model
    def _create_some(self, run, client):
        account = run.account_id
        categories = account._catalog_categories()
        bound = self._by_category(account, categories)
        new = categories.filtered(
            lambda category: (
                category.id > run.cursor["id"] and not bound.get(category, self).octopus_ref
            )
        )[: run._batch_size()]
        if not new:
            run.cursor = {"phase": "update", "id": 0}
            return True
        titles = {category: category._octopus_title() for category in new}
        problems = {category: self._title_problem(titles[category]) for category in new}
        fine = new.filtered(lambda category: not problems[category])
        self._ensure(account, new)
        missing = self._adopt(account, client, fine, titles)
        self._attempt(account, missing, titles)
        run._checkpoint()
        items = [
            {"sv_temp_id": str(category.id), "title": titles[category]} for category in missing
        ]
        unsent = missing
        sender = BulkSender(run, client, client.bulk_collections, items, "sv_temp_id")
        while results := sender.send_next():
            for ref, result in results.items():
                category = categories.browse(int(ref))
                self._record(account, category, titles[category], result.octopus_ref, result.error)
                problems[category] = result.error
                unsent -= category
            run._checkpoint()
        self._by_category(account, unsent, records=True).attempted_at = False
        if unsent:
            new = new.filtered(lambda category: category.id < unsent[0].id)
        self._report(run, new, problems)
        run.cursor = {"phase": "create", "id": new[-1].id}
        return True

    @api.model
    def _update_some(self, run, client):
        account = run.account_id
        categories = account._catalog_categories()
        changed = self._unsent(account, categories).filtered(
            lambda category: category.id > run.cursor["id"]
        )
        bound = self._by_category(account, changed)
        changed = changed.filtered(lambda category: bound.get(category, self).octopus_ref)
        changed = changed[:CALLS_PER_BATCH]
        problems, lost = {}, False
        for category in changed:
            binding, title = bound[category], category._octopus_title()
            if not (problem := self._title_problem(title)):
                try:
                    client.update_collection(binding.octopus_ref, {"title": title})
                except OctopusNotFound:
                    # Somebody removed it in Octopus: it is made again.
                    binding._forget_remote()
                    lost = True
                    continue
                except OctopusValidationError as error:
                    problem = str(error)
            self._record(account, category, title, binding.octopus_ref, problem)
            problems[category] = problem
            run._checkpoint()
        self._report(run, changed.filtered(lambda category: category in problems), problems)
        if lost:
            run.cursor = {"phase": "create", "id": 0}
        else:
            run.cursor = {
                "phase": "update" if changed else "remove",
                "id": changed[-1:].id or 0,
            }
        return True

    @api.model
    def _remove_some(self, run, client):
        account = run.account_id
        gone = self._gone(account, account._catalog_categories()).filtered(
            lambda binding: binding.id > run.cursor["id"]
        )[:CALLS_PER_BATCH]
        for binding in gone:
            problem = binding._remove(client)
            if problem:
                # Without a hash: it was tried as what it is now, gone.
                binding.write({"state": "error", "error": problem, "payload_hash": False})
                run._add_issue(binding, problem)
            else:
                run._fix_issues(binding)
                binding.unlink()
            run._checkpoint()
            run.failed += bool(problem)
            run.done += 1
        run.cursor = {"phase": "remove", "id": gone[-1:].id or 0}
        return bool(gone)

    @api.model
    def _fix_issues_of_gone(self, run):
        """Close the problems of categories that were removed here, or are of the other kind."""
        used = run.account_id._catalog_categories()
        for name in ("pos.category", "product.category"):
            is_used = Domain(name == used._name)
            run._fix_issues_of_others(self.env[name], is_used)

    def _forget_remote(self):
        """Take back that Octopus has a collection, and that products are in it."""
        collects = self.env["octopus.collect"].search([("octopus_category_id", "=", self.id)])
        # Their next pass puts them into the new one.
        products = collects.octopus_product_id.filtered(lambda product: not product.is_archived)
        products.state = "pending"
        collects.unlink()
        self.write({"octopus_ref": False, "is_adopted": False})

    def _remove(self, client):
        """Remove a collection from Octopus; return why Octopus keeps it, if it does."""
        if self.attempted_at and not self.octopus_ref:
            free = self._free_collections(self.account_id, client)
            self.octopus_ref = next(iter(free[self.title]), False)
        # A collection that was there before us is not ours to delete.
        if self.octopus_ref and not self.is_adopted:
            try:
                client.delete_collection(self.octopus_ref)
            except OctopusValidationError as error:
                return str(error)
        return False

    # === ACTION METHODS === #

    def action_octopus_retry(self):
        """Send what could not be sent, again."""
        self.check_access("read")
        for account in self.account_id:
            account._queue_run("categories")
        return True

    # === STEPS === #

    @api.model
    def _adopt(self, account, client, categories, titles):
        """Bind categories to collections of the same title that Octopus has already.

        :return: the categories that Octopus has not got
        """
        if not categories:
            return categories
        free = self._free_collections(account, client)
        bound = self._by_category(account, categories)
        missing = categories.browse()
        for category in categories:
            binding = bound[category]
            # Ours after all when the answer to our own create was lost, whatever its name is now.
            sent = binding.attempted_at and (binding.title or titles[category])
            title = sent if free[sent] else titles[category]
            if not free[title]:
                missing |= category
                continue
            binding.is_adopted = title != sent
            self._record(account, category, title, free[title].pop(0))
        return missing

    @api.model
    def _free_collections(self, account, client):
        """Return the ids by title of the collections of Octopus that are none of ours yet."""
        taken = set(self.search([("account_id", "=", account.id)]).mapped("octopus_ref"))
        free = defaultdict(list)
        for collection in client.iter_collections():
            if collection.ref not in taken:
                free[collection.title].append(collection.ref)
        return free

    @api.model
    def _attempt(self, account, categories, titles):
        """Note under what titles categories are about to be created."""
        now = fields.Datetime.now()
        self._bulk_update(
            [
                {"id": binding.id, "attempted_at": now, "title": titles[category]}
                for category, binding in self._by_category(account, categories).items()
            ]
        )

    @api.model
    def _record(self, account, category, title, ref, error=None):
        """Write down what became of a category."""
        values = {"octopus_ref": ref, "error": error, "state": "error" if error else "synced"}
        if not error:
            values |= {
                "title": title,
                "payload_hash": self._payload_hash({"title": title}),
                "synced_at": fields.Datetime.now(),
                "attempted_at": False,
            }
        self._by_category(account, category, records=True).write(values)

    @api.model
    def _report(self, run, categories, problems):
        failed = categories.filtered(problems.get)
        for category in failed:
            self._by_category(run.account_id, category, records=True).write(
                {
                    "state": "error",
                    "error": problems[category],
                    "payload_hash": category._octopus_hash(),
                }
            )
            run._add_issue(category, problems[category])
        run._fix_issues(categories - failed)
        run.failed += len(failed)
        run.done += len(categories)

    @api.model
    def _title_problem(self, title):
        """Return why Octopus would not take a title, or False."""
        if not title.replace(">", "").strip():
            return self.env._("The category has no name. Give it one.")
        if len(title) > MAX_TITLE:
            return self.env._(
                "The name with those above it has %(length)s characters; Octopus takes %(max)s. "
                "Shorten it.",
                length=len(title),
                max=MAX_TITLE,
            )
        return False

    @api.model
    def _ensure(self, account, categories):
        """Make the bindings that are missing."""
        bound = self._by_category(account, categories)
        field = self._record_field(categories)
        self.create(
            [
                {"account_id": account.id, field: category.id}
                for category in categories
                if category not in bound
            ]
        )

    @api.model
    def _by_category(self, account, categories, records=False):
        """Return ``{category: binding}``, or just the bindings."""
        field = self._record_field(categories)
        bindings = self.search([("account_id", "=", account.id), (field, "in", categories.ids)])
        return bindings if records else {binding[field]: binding for binding in bindings}

    @api.model
    def _record_field(self, categories):
        return "pos_categ_id" if categories._name == "pos.category" else "product_categ_id"
