import { detail, openScreen, order, page } from "@linga_octopus/../tests/unit/online_orders";
import { animationFrame } from "@odoo/hoot-mock";
import { destroy, expect, test } from "@odoo/hoot";
import { press, waitFor } from "@odoo/hoot-dom";
import { definePosModels } from "@point_of_sale/../tests/unit/data/generate_model_definitions";
import { setupOpenPos } from "@linga_octopus/../tests/unit/open_pos";
import {
    contains,
    makeServerError,
    onRpc,
    patchTranslations,
} from "@web/../tests/web_test_helpers";

definePosModels();

test.tags("desktop");
test("a cancelled order has no choice of statuses", async () => {
    await setupOpenPos();
    onRpc("pos.config", "get_octopus_orders", () =>
        page(order(1), order(2, { status: "cancelled" }))
    );
    await openScreen();
    expect(".online-order").toHaveCount(2);
    expect(".online-order[data-order='1001'] .o_octopus_order_status").toHaveCount(1);
    expect(".online-order[data-order='1002'] .o_octopus_order_status").toHaveCount(0);
});

test.tags("desktop");
test("a kept order leaves the row as it was", async () => {
    await setupOpenPos();
    onRpc("pos.config", "get_octopus_orders", () => page(order(1)));
    onRpc("pos.config", "get_octopus_cancel_questions", () => ["Cancel it?"]);
    onRpc("pos.config", "set_octopus_status", () => expect.step("set"));
    const screen = await openScreen();
    const asked = screen.setStatus(screen.state.orders[0], "cancelled");
    await animationFrame();
    await animationFrame();
    await contains(".modal button:contains(Keep Order)").click();
    await asked;
    expect.verifySteps([]);
    expect(screen.state.orders[0].status).toBe("take_action");
});

/** The screen with an order that is about to be cancelled, and the dialogs that ask about it. */
async function askToCancel(...questions) {
    await setupOpenPos();
    onRpc("pos.config", "get_octopus_orders", () => page(order(1)));
    onRpc("pos.config", "get_octopus_cancel_questions", () => questions);
    onRpc("pos.config", "set_octopus_status", ({ args }) => {
        expect.step(args.slice(2).join(" after "));
        return order(1, { status: "cancelled" });
    });
    const screen = await openScreen();
    const asked = screen.setStatus(screen.state.orders[0], "cancelled");
    await animationFrame();
    await animationFrame();
    return asked;
}

test.tags("desktop");
test("a scanner cancels nothing and does not even close the question", async () => {
    askToCancel("Cancel it?");
    await waitFor(".modal .keep:focus");
    await press([..."4006381333931"]);
    await press("Enter");
    expect(".modal .keep").toBeFocused();
    expect.verifySteps([]);
});

test.tags("desktop");
test("Enter on the question keeps the order, even on the other button", async () => {
    askToCancel("Cancel it?");
    await waitFor(".modal .keep:focus");
    await press("Tab");
    expect(".modal .confirm").toBeFocused();
    await press("Enter");
    await press("Control+Enter");
    await animationFrame();
    expect(".modal").toHaveCount(0);
    expect.verifySteps([]);
});

test.tags("desktop");
test("an order whose goods were handed over is cancelled after a second question", async () => {
    askToCancel("Cancel it?", "The goods were handed over.");
    await waitFor(".modal .confirm");
    // Out of stock is the reason of the manual.
    expect(".cancel-reasons input[value=inventory]").toBeChecked();
    await contains(".cancel-reasons input[value=customer]").click();
    await contains(".modal .confirm").click();
    await waitFor(".modal:contains(handed over)");
    expect(".cancel-reasons").toHaveCount(0);
    expect.verifySteps([]);
    await contains(".modal .confirm").click();
    await waitFor(".online-order [data-status=cancelled]");
    expect.verifySteps(["cancelled after take_action after customer"]);
});

test.tags("desktop");
test("what somebody else did meanwhile is said in a bar and shown", async () => {
    await setupOpenPos();
    let status = "take_action";
    onRpc("pos.config", "get_octopus_orders", () => page(order(1, { status })));
    onRpc("pos.config", "set_octopus_status", () => {
        status = "completed";
        throw makeServerError({ message: "Completed meanwhile by Grace at 9:10 PM." });
    });
    const screen = await openScreen();
    await screen.setStatus(screen.state.orders[0], "completed");
    await animationFrame();
    expect(".o_notification").toHaveText(/Completed meanwhile by Grace/);
    expect(".modal").toHaveCount(0);
    expect(".online-order [data-status=completed]").toHaveCount(1);
    // A lock replaces the screen.
    destroy(screen);
    await animationFrame();
    expect(".o_notification").toHaveCount(0);
});

test.tags("desktop");
test("the status menu has a translated name", async () => {
    await setupOpenPos();
    patchTranslations({ linga_octopus: { "%s, change the status": "%s, changer le statut" } });
    onRpc("pos.config", "get_octopus_orders", () => page(order(1)));
    await openScreen();
    expect(".online-order .o_octopus_order_status button").toHaveAttribute(
        "aria-label",
        "Take Action, changer le statut"
    );
});

test.tags("desktop");
test("Complete shows the next open order, says so, and can be undone", async () => {
    await setupOpenPos();
    const statuses = { 1: "take_action", 2: "completed", 3: "take_action" };
    onRpc("pos.config", "get_octopus_orders", () =>
        page(...[1, 2, 3].map((id) => order(id, { status: statuses[id] })))
    );
    onRpc("pos.config", "get_octopus_order", ({ args }) => ({
        ...detail(args[1]),
        status: statuses[args[1]],
    }));
    onRpc("pos.config", "set_octopus_status", ({ args }) => {
        expect.step(args.slice(1).join(" "));
        statuses[args[1]] = args[2];
        return order(args[1], { status: args[2] });
    });
    const screen = await openScreen();
    await screen.open(order(1));
    await animationFrame();
    await contains(".complete").click();
    await waitFor(".online-order-detail:contains(#3)");
    // A second tap at the same place is none on the next order.
    await contains(".complete").click();
    expect.verifySteps(["1 completed take_action"]);
    expect(".o_notification").toHaveText(/SHOPIFY #1 is completed/);
    await contains(".o_notification button:contains(Undo)").click();
    await animationFrame();
    expect.verifySteps(["1 take_action completed"]);
});

test.tags("desktop");
test("ticked orders are completed; what fails stays ticked and says why", async () => {
    await setupOpenPos();
    const statuses = { 1: "take_action", 2: "take_action", 3: "take_action" };
    onRpc("pos.config", "get_octopus_orders", () =>
        page(...[1, 2, 3].map((id) => order(id, { status: statuses[id] })))
    );
    onRpc("pos.config", "set_octopus_status", ({ args }) => {
        expect.step(args.slice(1).join(" "));
        if (args[1] === 2 && args[2] === "completed") {
            throw makeServerError({ message: "Cancelled meanwhile by Grace." });
        }
        statuses[args[1]] = args[2];
        return order(args[1], { status: args[2] });
    });
    await openScreen();
    expect(".selection-bar").toHaveCount(0);
    for (const id of ["1001", "1002"]) {
        await contains(`.online-order[data-order='${id}'] .order-tick input`).click();
    }
    expect(".online-order-detail").toHaveCount(0);
    expect(".selection-bar [role=status]").toHaveText("2 orders selected");
    await contains(".complete-selected").click();
    await animationFrame();
    expect.verifySteps(["1 completed take_action", "2 completed take_action"]);
    expect(".selection-bar [role=alert]").toHaveText("SHOPIFY #2: Cancelled meanwhile by Grace.");
    expect(".online-order input:checked").toHaveCount(1);
    await contains(".o_notification button:contains(Undo)").click();
    await animationFrame();
    expect.verifySteps(["1 take_action completed"]);
    await contains(".clear-selection").click();
    expect(".selection-bar").toHaveCount(0);
});
