from . import octopus_category_mixin
from . import octopus_guarded
from . import octopus_worker
from . import octopus_binding
from . import octopus_binding_bulk
