import { beforeEach, expect, test } from "@odoo/hoot";
import { advanceTime, animationFrame, Deferred } from "@odoo/hoot-mock";
import { definePosModels } from "@point_of_sale/../tests/unit/data/generate_model_definitions";
import { setupOpenPos } from "@linga_octopus/../tests/unit/open_pos";
import { getService, onRpc, patchWithCleanup } from "@web/../tests/web_test_helpers";

definePosModels();

const SUMMARY = { is_linked: true, to_act: 1, unseen: 0, latest_id: 5, newest: false };

let hasToPrint, claims, answers, isReachable;

/** A Point of Sale with a printer that answers what the test says. */
async function setupPrinting({ hasPrinter = true } = {}) {
    await setupOpenPos();
    const autoPrint = getService("octopus_auto_print");
    patchWithCleanup(autoPrint.notification, {
        add: (message, { buttons, onClose }) => {
            expect.step(`${message}`);
            autoPrint.bar = { again: buttons[0].onClick, close: onClose };
            return () => expect.step("bar closed");
        },
    });
    patchWithCleanup(autoPrint.renderer, {
        toHtml: async (_component, { order }) => {
            const slip = document.createElement("div");
            slip.textContent = order.id;
            return slip;
        },
    });
    const device = {
        printReceipt: async (slip) => {
            expect.step(`print ${slip.textContent}`);
            return { successful: await (answers.length ? answers.shift() : true) };
        },
    };
    patchWithCleanup(autoPrint.hardwareProxy, { printer: hasPrinter ? device : undefined });
    return autoPrint;
}

function order(id) {
    return {
        id,
        third_party_name: "Shopify",
        third_party_order_no: `#${id}`,
        aggregator_order_no: `100${id}`,
        transaction_time: "2026-03-05 14:30:20",
        status: "take_action",
        amounts: [],
        changes: [],
        warnings: [],
        lines: [],
    };
}

async function look() {
    await getService("octopus_online_orders").refresh();
    for (let turn = 0; turn < 10; turn++) {
        await animationFrame();
    }
}

beforeEach(() => {
    hasToPrint = true;
    isReachable = true;
    answers = [];
    claims = [];
    onRpc("pos.config", "get_octopus_summary", () => ({
        ...SUMMARY,
        has_to_print: hasToPrint && claims.length > 0,
    }));
    onRpc("pos.config", "claim_octopus_prints", () => {
        expect.step("claim");
        return claims.shift() || [];
    });
    onRpc("pos.config", "set_octopus_printed", ({ args }) => {
        expect.step(`printed ${args[1]}`);
        return isReachable;
    });
    onRpc("pos.config", "set_octopus_not_printed", ({ args }) => {
        expect.step(`not printed ${args[1]}`);
        return true;
    });
});

test("new orders are claimed, printed and said to be printed, one after the other", async () => {
    await setupPrinting();
    claims = [[order(1), order(2)], [order(3)]];
    await look();
    expect.verifySteps([
        ...["claim", "print 1", "printed 1", "print 2", "printed 2"],
        ...["claim", "print 3", "printed 3", "claim"],
    ]);
});

test("without a printer, or without new orders, nothing is claimed", async () => {
    const autoPrint = await setupPrinting({ hasPrinter: false });
    claims = [[order(1)]];
    await look();
    expect.verifySteps([]);
    patchWithCleanup(autoPrint.hardwareProxy, { printer: { printReceipt: () => {} } });
    hasToPrint = false;
    await look();
    expect.verifySteps([]);
});

test("a printer that fails is a bar; it is tried again later, or when the cashier says so", async () => {
    const autoPrint = await setupPrinting();
    claims = [
        [order(1), order(2)],
        [order(1), order(2)],
        [order(1), order(2)],
    ];
    answers = [false, false];
    await look();
    expect.verifySteps([
        ...["claim", "print 1", "2 online orders were not printed. Check the printer."],
        "not printed 1,2",
    ]);
    await look();
    expect.verifySteps([]);
    autoPrint.bar.again();
    await look();
    expect.verifySteps([
        ...["bar closed", "claim", "print 1"],
        ...["2 online orders were not printed. Check the printer.", "not printed 1,2"],
    ]);
    await advanceTime(61000);
    await look();
    expect.verifySteps([
        ...["claim", "print 1", "bar closed", "printed 1", "print 2", "printed 2", "claim"],
    ]);
});

test("a bar that the cashier has closed stays away until another order fails", async () => {
    const autoPrint = await setupPrinting();
    const both = [order(1), order(2)];
    claims = [[order(1)], [order(1)], both, both]; // the last one after the pause
    answers = [false, false, false];
    await look();
    autoPrint.bar.close();
    await advanceTime(61000);
    await look();
    expect.verifySteps([
        ...["claim", "print 1", "1 online order was not printed. Check the printer."],
        ...["not printed 1", "claim", "print 1", "not printed 1"],
    ]);
    await advanceTime(61000);
    await look();
    expect.verifySteps([
        ...["claim", "print 1"],
        ...["2 online orders were not printed. Check the printer.", "not printed 1,2"],
    ]);
});

test("the bar goes when another Point of Sale has printed the orders", async () => {
    await setupPrinting();
    claims = [[order(1)]];
    answers = [false];
    await look();
    hasToPrint = false;
    await look();
    expect.verifySteps([
        ...["claim", "print 1", "1 online order was not printed. Check the printer."],
        ...["not printed 1", "bar closed"],
    ]);
});

test("what is printed and could not be said is said later, and not printed again", async () => {
    await setupPrinting();
    isReachable = false;
    claims = [[order(1)]];
    await look();
    expect.verifySteps(["claim", "print 1", "printed 1", "printed 1"]);
    isReachable = true;
    await look();
    expect.verifySteps(["printed 1", "claim"]);
});

test("a receipt that is being printed goes first", async () => {
    const autoPrint = await setupPrinting();
    const receipt = new Deferred();
    autoPrint.printer.state.isPrinting = true;
    receipt.then(() => (autoPrint.printer.state.isPrinting = false));
    claims = [[order(1)]];
    await look();
    expect.verifySteps(["claim"]);
    receipt.resolve();
    await advanceTime(1000);
    await look();
    expect.verifySteps(["print 1", "printed 1", "claim"]);
});
