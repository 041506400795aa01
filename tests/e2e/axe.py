"""axe-core, which finds what people cannot use who cannot see well, or have no mouse."""

from devtools.provision import node

# Impacts that keep somebody from using a page.
GRAVE = ("serious", "critical")
# Odoo's own parts of a page, which the addon cannot change.
ODOO = (
    ".o_control_panel",  # search box, pager, switch of views
    ".o-mail-Form-chatter",
    ".o_statusbar_status",
    ".o_notebook_headers",
    ".o_optional_columns_dropdown",
    ".o_list_actions_header",
    ".o_list_record_selector",
    ".o_field_boolean",
    ".o_field_boolean_toggle",
    ".o_field_many2one",
    ".o_field_many2one_avatar_user",
    ".o_field_many2many_tags",
    ".o_field_selection",
    ".o_clipboard_button",
    ".o_colorlist",
    ".o_pivot",
    ".o_progressbar",
    ".o-checkbox",
)


def findings(page, part):
    """Return (rule, HTML, what to do) of what is grave in a part of the page."""
    node.ensure()
    if not page.evaluate("'axe' in window"):
        page.add_script_tag(path=node.MODULES / "axe-core" / "axe.min.js")
    for _look in range(6):
        # Colors are pale while a tab or a toast fades in.
        found = _look_at(page, part)
        if not found:
            break
        page.wait_for_timeout(500)
    return found


def _look_at(page, part):
    found = page.evaluate(
        """async ([part, odoo, grave]) => {
            const exclude = odoo.filter((place) => document.querySelector(place));
            const context = { include: [part], exclude: exclude.map((place) => [place]) };
            const { violations } = await axe.run(context, { resultTypes: ["violations"] });
            return violations
                .filter(({ impact }) => grave.includes(impact))
                .flatMap(({ id, nodes }) =>
                    nodes.map((node) => [id, node.html.slice(0, 200), node.failureSummary]),
                );
        }""",
        [part, list(ODOO), list(GRAVE)],
    )
    return [tuple(each) for each in found]
