import { setupPosEnv } from "@point_of_sale/../tests/unit/utils";

/** A Point of Sale with a cashier and an open register. */
export async function setupOpenPos() {
    const pos = await setupPosEnv();
    pos.session.state = "opened";
    pos.router.state.current = "ProductScreen";
    return pos;
}
