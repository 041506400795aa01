"""Set-up for the commands: each module makes one thing, unless it is there and current.

`system` installs Debian's packages; `venv`, `node` and `odoo_source` fetch programs; `postgres`
runs the private server; `databases` prepares databases in it. `stamps` tells what is current.
"""
