// Screens of Odoo that nobody passes without logging in.
const GUARDING_SCREENS = ["LoginScreen", "SaverScreen"];

/** True while the Point of Sale is locked, or its register is still to be opened. */
export function isGuarded(pos) {
    return (
        !pos.cashier ||
        GUARDING_SCREENS.includes(pos.router.state.current) ||
        pos.session.state === "opening_control"
    );
}
