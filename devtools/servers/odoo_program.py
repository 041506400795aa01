"""Odoo's command line as a program with a file name.

Odoo runs its own file again, for websockets beside workers and when a job takes too long. The file
behind `python -m odoo` cannot be run that way.
"""

import sys

if __name__ == "__main__":
    del sys.path[0]  # this folder, whose modules must not hide those of Odoo

    import odoo.cli

    odoo.cli.main()
