"""Odoo as a program with a file name: what it starts itself once more, it starts by this name."""

import sys

del sys.path[0]  # this folder, whose modules are none of Odoo's

import odoo.cli  # noqa: E402

odoo.cli.main()
