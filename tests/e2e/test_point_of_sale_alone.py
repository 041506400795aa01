"""A Point of Sale that is opened after the orders came, with a printer of its own."""

import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import expect

from .point_of_sale import PointOfSale, find_article, place_order
from .waiting import wait_for

pytestmark = pytest.mark.usefixtures("spotless")


class Printer(ThreadingHTTPServer):
    """An ePOS printer on the shop's network, as far as Odoo's Point of Sale knows one."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _PrinterAnswers)
        self.jobs = []
        self.has_paper = True
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def address(self):
        return f"127.0.0.1:{self.server_port}"


class _PrinterAnswers(BaseHTTPRequestHandler):
    def do_POST(self):
        job = self.rfile.read(int(self.headers["Content-Length"])).decode()
        printer = self.server
        printer.jobs.append((self.path, job))
        success, code = ("true", "") if printer.has_paper else ("false", "EPTR_REC_EMPTY")
        answer = f'<response success="{success}" code="{code}" status="0"/>'.encode()
        self.send_response(200)
        self.send_header("Access-Control-Allow-Origin", "*")
        self.send_header("Content-Type", "text/xml")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *args):
        """Say nothing on the terminal."""


@pytest.fixture(scope="module")
def printer():
    """The printer of the Point of Sale."""
    printer = Printer()
    yield printer
    printer.shutdown()
    printer.server_close()


@pytest.fixture(scope="module")
def orders(demo, odoo):
    """Orders that come while the Point of Sale is closed."""
    [sku, _product] = find_article(demo, odoo)
    numbers = [str(place_order(demo, sku)["id"]) for _count in range(2)]
    arrived = [("aggregator_order_no", "in", numbers)]
    assert wait_for(lambda: odoo.call("octopus.order", "search_count", arrived) == 2)
    return numbers


@pytest.fixture(scope="module")
def pos(log_in, demo, odoo, printer, orders):
    """The Point of Sale of the third shop, just opened."""
    [config] = odoo.call("pos.config", "search", [], limit=1, offset=2, order="id")
    values = {"other_devices": True, "epson_printer_ip": printer.address}
    odoo.call("pos.config", "write", [config], values)
    pos = PointOfSale(log_in("pos_login"), demo, config).open()
    yield pos
    pos.close()


def test_a_point_of_sale_opened_later_says_how_many_orders_came(pos, orders):
    alert = pos.page.locator(".o_notification", has_text="while this point of sale was closed")
    expect(alert).to_contain_text(re.compile(r"\d+ online orders"))
    alert.get_by_role("button", name="Open").click()
    for number in orders:
        expect(pos.row({"id": number})).to_be_visible()
    expect(alert).to_be_hidden()


def test_the_ticket_goes_to_the_printer_of_the_point_of_sale(pos, orders, printer):
    pos.row({"id": orders[0]}).click()
    pos.detail.get_by_role("button", name="Print").click()
    assert wait_for(lambda: printer.jobs)
    path, job = printer.jobs.pop()
    assert path.startswith("/cgi-bin/epos/service.cgi")
    image = re.search(r'<image[^>]* width="(\d+)" height="(\d+)"[^>]*>([^<]+)</image>', job)
    assert int(image[1]) > 300
    assert int(image[2]) > 300
    assert len(set(image[3])) > 10  # something is on the paper
    assert "<cut" in job
    expect(pos.page.locator(".modal")).to_have_count(0)


def test_a_printer_without_paper_says_so_and_prints_when_tried_again(pos, printer):
    printer.has_paper = False
    pos.detail.get_by_role("button", name="Print").click()
    dialog = pos.page.locator(".modal")
    expect(dialog).to_contain_text("runs out of paper")
    printer.has_paper = True
    printer.jobs.clear()
    dialog.get_by_role("button", name="Retry").click()
    assert wait_for(lambda: printer.jobs)
    expect(dialog).to_be_hidden()


# === AUTOMATIC PRINTING === #


@pytest.fixture(scope="module")
def printing(pos, odoo, printer):
    """The Point of Sale is told to print new orders; its register is on the screen."""
    odoo.call("pos.config", "write", [pos.config], {"octopus_auto_print": True})
    pos.leave_orders()
    printer.jobs.clear()
    printer.has_paper = True
    yield
    odoo.call("pos.config", "write", [pos.config], {"octopus_auto_print": False})


def slips(odoo, remote):
    """Return the slips of an order."""
    domain = [("order_id.aggregator_order_no", "=", str(remote["id"]))]
    names = ["config_id", "printed_at", "failed_at"]
    return odoo.call("octopus.order.print", "search_read", domain, names)


def test_a_new_order_is_printed_by_itself(printing, pos, demo, odoo, printer):
    [sku, _product] = find_article(demo, odoo)
    remote = place_order(demo, sku)
    assert wait_for(lambda: any(slip["printed_at"] for slip in slips(odoo, remote)))
    assert [slip["config_id"][0] for slip in slips(odoo, remote)] == [pos.config]
    assert len(printer.jobs) == 1
    assert "<cut" in printer.jobs[0][1]
    expect(pos.page.locator(".modal")).to_have_count(0)
    pos.show_orders()
    pos.row(remote).click()
    expect(pos.detail).to_contain_text(re.compile(r"Printed .* at "))
    pos.leave_orders()


def test_a_printer_without_paper_is_a_bar_in_the_middle_of_a_sale(
    printing, pos, demo, odoo, printer
):
    printer.has_paper = False
    printer.jobs.clear()
    [sku, _product] = find_article(demo, odoo)
    remote = place_order(demo, sku)
    bar = pos.page.locator(".o_octopus_not_printed")
    expect(bar).to_contain_text("not printed", timeout=30_000)
    expect(pos.page.locator(".modal")).to_have_count(0)
    assert wait_for(lambda: any(slip["failed_at"] for slip in slips(odoo, remote)))
    printer.has_paper = True
    bar.get_by_role("button", name="Print Again").click()
    assert wait_for(lambda: any(slip["printed_at"] for slip in slips(odoo, remote)))
    expect(bar).to_be_hidden()
