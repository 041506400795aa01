import "@linga_octopus/account/account_form";
import { beforeEach, expect, test } from "@odoo/hoot";
import { animationFrame } from "@odoo/hoot-dom";
import { definePosModels } from "@point_of_sale/../tests/unit/data/generate_model_definitions";
import { setupPosEnv } from "@point_of_sale/../tests/unit/utils";
import {
    contains,
    defineModels,
    fields,
    models,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";

class OctopusAccount extends models.Model {
    _name = "octopus.account";

    merchant_name = fields.Char();
    name = fields.Char();

    _records = [{ id: 1, merchant_name: "demo", name: "Main Street" }];
}

definePosModels();
defineModels([OctopusAccount]);

const QUESTION = "This is another shop of Octopus than Demo. 12 products are unlinked.";

beforeEach(async () => {
    onRpc("octopus.account", "get_shop_question", ({ args }) => {
        const [ids, values] = args;
        expect.step(["ask", ids, values]);
        return values.merchant_name.toLowerCase() === "demo" ? "" : QUESTION;
    });
    onRpc("octopus.account", "web_save", ({ args, kwargs }) => {
        expect.step(["save", args[1], kwargs.context.octopus_another_shop]);
    });
    await setupPosEnv(); // the services of the Point of Sale are in the same bundle
    await mountView({
        type: "form",
        resModel: "octopus.account",
        resId: 1,
        arch: `<form js_class="octopus_account_form">
            <field name="name"/><field name="merchant_name"/>
        </form>`,
    });
});

async function save(name, text) {
    await contains(`.o_field_widget[name=${name}] input`).edit(text);
    await contains(".o_form_button_save").click();
    await animationFrame();
}

test("another shop is saved after a question only", async () => {
    await save("merchant_name", "other");
    expect(".modal").toHaveText(new RegExp(QUESTION));
    expect.verifySteps([["ask", [1], { merchant_name: "other" }]]);
    await contains(".modal .btn:contains(Cancel)").click();
    expect.verifySteps([]);
    await contains(".o_form_button_save").click();
    await contains(".modal .btn:contains(Change Shop)").click();
    await animationFrame();
    expect.verifySteps([
        ["ask", [1], { merchant_name: "other" }],
        ["save", { merchant_name: "other" }, true],
    ]);
    // The answer was about this save.
    await save("name", "Side Street");
    expect.verifySteps([["save", { name: "Side Street" }, false]]);
});

test("another spelling asks nothing", async () => {
    await save("merchant_name", "Demo");
    expect(".modal").toHaveCount(0);
    expect.verifySteps([
        ["ask", [1], { merchant_name: "Demo" }],
        ["save", { merchant_name: "Demo" }, false],
    ]);
});
