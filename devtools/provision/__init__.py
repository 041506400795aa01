"""What the commands need: each module makes one thing and leaves it alone when it is current.

`system` installs Debian's packages; `venv`, `node` and `odoo_source` fetch programs; `postgres`
runs the private server; `databases` prepares databases in it. `stamps` says what is current.
"""
