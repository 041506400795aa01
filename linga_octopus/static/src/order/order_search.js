import { SearchModel } from "@web/search/search_model";
import { ActionHelper } from "@web/views/action_helper";

/** Return the id of the filter on open orders, with which the list opens. */
function openFilterId({ searchItems }) {
    return Object.values(searchItems).find(({ name }) => name === "open")?.id;
}

function isActive({ query }, id) {
    return query.some(({ searchItemId }) => searchItemId === id);
}

/**
 * The search of the list. Its filter on open orders stays behind when the user goes on to the board,
 * the pivot or the graph, where it would hide most of what they show, and is back in the list.
 */
export class OrderListSearchModel extends SearchModel {
    exportState() {
        const state = super.exportState();
        const id = openFilterId(state);
        if (id) {
            state.searchItems[id].isSetAside = isActive(state, id);
            state.query = state.query.filter(({ searchItemId }) => searchItemId !== id);
        }
        return state;
    }

    _importState(state) {
        super._importState(state);
        const id = openFilterId(this);
        if (id && this.searchItems[id].isSetAside && !isActive(this, id)) {
            this.query = [{ searchItemId: id }, ...this.query];
        }
    }
}

/** The search of the board, which has a column for each status and opens without the filter. */
export class OrderBoardSearchModel extends SearchModel {
    async load(config) {
        await super.load(config);
        const id = openFilterId(this);
        if (!config.state && id && isActive(this, id)) {
            this.searchItems[id].isSetAside = true;
            this.query = this.query.filter(({ searchItemId }) => searchItemId !== id);
        }
    }
}

/** Says that the search finds nothing, instead of that there is no order yet. */
export class OrderActionHelper extends ActionHelper {
    static template = "linga_octopus.OrderActionHelper";

    get isSearch() {
        return this.env.searchModel.query.length > 0;
    }

    /** The filter with which the list opens, and nothing else. */
    get isOpenOnly() {
        const { query } = this.env.searchModel;
        return query.length === 1 && isActive({ query }, openFilterId(this.env.searchModel));
    }

    clear() {
        this.env.searchModel.clearQuery();
    }
}
