"""Odoo's web client in the browser."""

from playwright.sync_api import expect

# Closes what Odoo has said, marks the screen that is left, and follows a link, as a press on a menu
# does: the page with its megabytes of scripts stays loaded. Without a web client, or below an open
# dialog, does nothing.
FOLLOW = """
path => {
    const screens = document.querySelectorAll(".o_web_client .o_action_manager > *");
    if (!screens.length || document.querySelector(".modal, .o_form_dirty")) {
        return false;
    }
    document.querySelectorAll(".o_notification_close").forEach((button) => button.click());
    screens.forEach((screen) => screen.classList.add("o_left_screen"));
    const link = document.createElement("a");
    link.href = path;
    document.body.append(link);
    link.click();
    link.remove();
    return true;
}
"""


def visit(page, demo, path):
    """Show another screen of the back office; load the page unless it is loaded.

    :param str path: below /odoo, as "online-orders?view_type=kanban"
    """
    inside = page.url.startswith(f"{demo['odoo']}/odoo")
    if inside and page.evaluate(FOLLOW, f"/odoo/{path}"):
        expect(page.locator(".o_left_screen")).to_have_count(0)
    else:
        # The first page in a language waits for its style sheets to be made.
        page.goto(f"{demo['odoo']}/odoo/{path}", timeout=180_000)
