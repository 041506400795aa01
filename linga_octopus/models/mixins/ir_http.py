from odoo import models, modules
from odoo.http import request

from .octopus_queue import RESPONSE


class IrHttp(models.AbstractModel):
    """The answer to a request is sent before the workers are woken, which takes longer."""

    _inherit = "ir.http"

    @classmethod
    def _post_dispatch(cls, response):
        # A test gets its cursor back together with the answer.
        if not modules.module.current_test:
            request.env.cr.postcommit.data[RESPONSE] = response
        return super()._post_dispatch(response)
