"""The benchmarks themselves: they run in Odoo's environment, on a database of their own."""
