"""Work that goes to Octopus in runs: their queue, their progress, and the issues they meet.

A button or a scheduled action queues an `octopus.sync.run` of a kind. A worker takes the most
urgent run, gets a client from its account and has the model of its kind (`RUN_MODELS`) do a batch
after the other. A failure ends in a wait (lib/back_off), an issue or the end of the run. Bulk calls
go through `bulk_sender`, the calls of a minute are shared by `rate_budget`.
"""

from . import octopus_rate
from . import octopus_run_result
from . import octopus_sync_issue
from . import octopus_sync_run
