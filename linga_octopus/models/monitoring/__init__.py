"""How every store is doing, read from all other rooms and read by none of them.

`diagnosis` finds what is wrong and holds all limits. The checklist of the setup, the overview
(the first page), the health report for monitoring systems and the staff alerts show what it
finds. They are plain Python that is handed accounts; `octopus_account` has the computed fields,
the buttons and the scheduled action that call them.
"""

from . import octopus_account
