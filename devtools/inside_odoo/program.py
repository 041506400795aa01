"""Odoo's command line as a script.

A server with several processes starts one of them by the path of its own script, which
`python -m odoo` has not got: it would try again and again.
"""

import odoo.cli

if __name__ == "__main__":
    odoo.cli.main()
