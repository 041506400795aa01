from . import octopus_category_mixin
from . import octopus_company_guard
from . import octopus_queue
from . import octopus_binding
from . import octopus_binding_bulk
