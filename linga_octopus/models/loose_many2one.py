"""A reference that the database does not guard, for tables that live on being cheap to write."""

from odoo import fields


class LooseMany2one(fields.Many2one):
    """A Many2one without a foreign key.

    A foreign key looks the other record up and locks it, for each row: of recording a change of
    stock it was three quarters. So this is for rows that live for seconds and whose readers join
    the other table anyway, where a record that was deleted is simply not found.
    """

    def update_db_foreign_key(self, model, column):
        """Override: there is none."""
