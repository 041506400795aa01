"""The catalog: categories, products, variants and pictures on their way to Octopus.

`CatalogScope` says what belongs in Octopus. A run of each kind (`CategoryRun`, `ProductRun`,
`ImageRun`) asks queries what has changed, sends it in batches, and saves the results in bindings:
`octopus.category`, `octopus.product`, `octopus.variant`, `octopus.collect`, `octopus.image`.
`octopus.remote.product` lists what only Octopus has, to be made here once (`OpeningCatalog`).
A product goes: product_run -> batch -> payload (with prices) -> bulk call -> binding.
"""

from . import octopus_category
from . import octopus_collect
from . import octopus_image
from . import octopus_product
from . import octopus_remote_product
from . import octopus_variant
from . import pos_category
from . import product_category
from . import product_pricelist
from . import product_product
from . import product_template
