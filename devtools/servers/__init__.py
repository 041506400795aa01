"""Programs that run in the background: Odoo, the sandbox, and a shop that is made of both.

`processes` starts and stops them; `demo_connect` connects Odoo with the sandbox.
"""
