"""Odoo's command line as a program with a file name.

A server with several processes starts one of them by the name of its own file. With
`python -m odoo` that file cannot be run alone, and the server would try again and again.
"""

import sys

if __name__ == "__main__":
    del sys.path[0]  # this folder, whose modules are none of Odoo's

    import odoo.cli

    odoo.cli.main()
