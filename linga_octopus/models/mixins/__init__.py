"""Properties that models of several rooms share.

A *binding* links a record of Odoo to a record of Octopus. A *queue* holds records until a scheduled
action works them off, and wakes it. A *company guard* keeps users from moving a record into the
store of another company. *Internal fields* are offered in no filter. The *category mixin* belongs
to both kinds of categories of Odoo.
"""

from . import ir_cron
from . import ir_http
from . import octopus_binding
from . import octopus_category_mixin
from . import octopus_company_guard
from . import octopus_internal_fields
from . import octopus_queue
