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
    """Return (rule, HTML) of what is grave in a part of the page."""
    node.ensure()
    page.add_script_tag(path=node.MODULES / "axe-core" / "axe.min.js")
    found = page.evaluate(
        """async ([part, odoo, grave]) => {
            const exclude = odoo.filter((place) => document.querySelector(place));
            const context = { include: [part], exclude: exclude.map((place) => [place]) };
            const { violations } = await axe.run(context, { resultTypes: ["violations"] });
            return violations
                .filter(({ impact }) => grave.includes(impact))
                .flatMap(({ id, nodes }) => nodes.map(({ html }) => [id, html.slice(0, 200)]));
        }""",
        [part, list(ODOO), list(GRAVE)],
    )
    return [tuple(each) for each in found]
