"""The notices of an order are codes with values since 19.0.2.0.0: earlier texts stay as they are.

Those about a status that could not be sent end, as before, when Octopus has it.
"""

from odoo.tools import SQL, sql


def migrate(cr, version):
    columns = sql.table_columns(cr, "octopus_order")
    if "channel_notice" in columns:
        of_push = SQL("push_notice" if "push_notice" in columns else "NULL::text")
        query = SQL(
            r"""UPDATE octopus_order SET notices = (
                    SELECT jsonb_agg(jsonb_build_array(
                               CASE WHEN line = ANY(string_to_array(%s, E'\n'))
                                    THEN 'push_text' ELSE 'text' END,
                               jsonb_build_object('text', line)) ORDER BY place)
                      FROM unnest(string_to_array(channel_notice, E'\n'))
                           WITH ORDINALITY AS entry(line, place))
                 WHERE channel_notice <> '' AND notices IS NULL""",
            of_push,
        )
        cr.execute(query)
    if "stock_message" in columns:
        cr.execute(
            """UPDATE octopus_order
                  SET stock_issue = jsonb_build_array(
                      'text', jsonb_build_object('text', stock_message))
                WHERE stock_message <> '' AND stock_issue IS NULL"""
        )
