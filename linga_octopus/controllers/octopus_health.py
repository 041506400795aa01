from odoo import http
from odoo.exceptions import AccessError
from odoo.http import request

from ..const import MANAGER


class OctopusHealth(http.Controller):
    """What a monitoring system asks every minute."""

    # An API key of a manager's user, not a secret of our own: it is made, limited in time and
    # withdrawn in the user's preferences, access rules hold, and it is in no address or log.
    @http.route("/octopus/health", type="http", auth="bearer", methods=["GET"], save_session=False)
    def health(self):
        """Answer 200 when all is well, 503 when a person should look; JSON says at what."""
        user = request.env.user
        if not user.has_group(MANAGER):
            raise AccessError(request.env._("The API key must be that of an Octopus manager."))
        request.update_context(allowed_company_ids=user.company_ids.ids)
        report = request.env["octopus.account"]._health()
        return request.make_json_response(report, status=200 if report["status"] == "ok" else 503)
