"""What the tests share that call Octopus: its sandbox, and a store that is connected to it."""

from odoo.tests import TransactionCase

from odoo.addons.linga_octopus.tests.support.common import StoreMixin

from .sandbox import shared_sandbox


class SandboxMixin(StoreMixin):
    """A store that is connected to the sandbox, for any of Odoo's test classes: ``sandbox``,
    ``account``, ``location``, ``warehouse``."""

    @classmethod
    def open_octopus(cls):
        cls.sandbox = shared_sandbox()
        cls.sandbox.reset()

    def setUp(self):
        super().setUp()
        self.sandbox.reset()

    @classmethod
    def _request_handler(cls, session, request, /, **options):
        # Odoo's guard against outside hosts cannot read a timeout of two numbers.
        if isinstance(options.get("timeout"), tuple):
            options["timeout"] = max(options["timeout"])
        return super()._request_handler(session, request, **options)

    @classmethod
    def connect(cls, **values):
        """Return a new store that is connected to the sandbox."""
        account = cls.env["octopus.account"].create(
            {
                "base_url": cls.sandbox.api_url,
                "merchant_name": cls.sandbox.merchant,
                "access_id": cls.sandbox.access_id,
                **values,
            }
        )
        account.action_subscribe()
        account.action_test_connection()
        return account

    def work(self):
        """Let the workers do all that can be done now, as their scheduled actions do."""
        self.env.cr.flush()  # as the commit before would have done
        with self.transaction() as env:
            env["octopus.sync.run"]._cron_run()
            env["octopus.stock.level"]._cron_push()

    def sync(self, kind):
        """Do a whole run, as its button does, and return it."""
        self.account._queue_run(kind)
        run = self.env["octopus.sync.run"].search(
            [("account_id", "=", self.account.id), ("kind", "=", kind)], limit=1
        )
        self.work()
        return run

    def resume(self, run):
        """Let a waiting run go on as if its time had come, and that of pictures."""
        while run.state == "waiting":
            run.resume_at = run.create_date
            images = self.env["octopus.image"].search([("replace_after", "!=", False)])
            images.replace_after = run.create_date
            self.work()

    def writing_calls(self):
        """Return how many calls that change something the sandbox got, by endpoint."""
        return {
            call: count
            for call, count in self.sandbox.requests().items()
            if not call.startswith("GET ")
        }


class OctopusCase(SandboxMixin, TransactionCase):
    """A test of the models against the sandbox."""
