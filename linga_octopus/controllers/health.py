from odoo import http
from odoo.exceptions import AccessError
from odoo.http import request

from ..const import MANAGER
from ..models.monitoring.health import health_report


class HealthController(http.Controller):
    """The report that a monitoring system requests every minute."""

    # The key is an API key of a manager, not a secret of the addon: it is made, limited in time and
    # withdrawn in the user's preferences, access rules hold, and no address or log contains it.
    @http.route("/octopus/health", type="http", auth="bearer", methods=["GET"], save_session=False)
    def health(self):
        """Answer 200 when all is well, 503 when a person should look; the JSON says at what."""
        user = request.env.user
        if not user.has_group(MANAGER):
            raise AccessError(request.env._("The API key must be that of an Octopus manager."))
        request.update_context(allowed_company_ids=user.company_ids.ids)
        report = health_report(request.env)
        return request.make_json_response(report, status=200 if report["status"] == "ok" else 503)
