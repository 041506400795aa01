import { countText } from "@linga_octopus/common/count_text";
import {
    filtersToSend,
    hasFilters,
    storedFilters,
    storeFilters,
} from "@linga_octopus/pos/order_filters";
import { Component, useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { useDebounced } from "@web/core/utils/timing";

export const PAGE_SIZE = 40;
const SEARCH_DELAY_MS = 300;

/** Offset of the last page: a filtered list gets shorter as its orders are completed. */
function lastOffset(count) {
    return Math.max(0, Math.ceil(count / PAGE_SIZE) - 1) * PAGE_SIZE;
}

/**
 * A list of online orders in pages, with its search, tabs and filters. It expects `onlineOrders`,
 * the service, and `handleFailure`.
 */
export class OrderPages extends Component {
    /** @param {Object} more state of the screen */
    setupList(more) {
        this.state = useState({
            orders: [],
            count: 0,
            offset: 0,
            counts: {},
            choices: {},
            filters: storedFilters(),
            areFiltersShown: hasFilters(storedFilters()),
            text: "",
            status: browser.localStorage.getItem(this.tabKey) ?? "take_action",
            newIds: new Set(),
            isLoading: true,
            isOffline: false,
            ...more,
        });
        this.request = 0;
        this.wantedOffset = 0;
        this.highestId = null;
        this.searchSoon = useDebounced(() => this.load(0), SEARCH_DELAY_MS);
    }

    /**
     * Load a page, and drop the answer when a later request was made meanwhile.
     *
     * @param {number} [offset] the page requested last by default, which may not be shown yet
     */
    async load(offset = this.wantedOffset) {
        const request = ++this.request;
        this.wantedOffset = offset;
        this.state.isLoading = true;
        try {
            const { text, filters } = this.state;
            const page = await this.onlineOrders.call(
                "get_octopus_orders",
                text,
                this.shownStatus,
                offset,
                PAGE_SIZE,
                text ? {} : filtersToSend(filters)
            );
            if (request !== this.request) {
                return;
            }
            if (offset && !page.orders.length) {
                await this.load(Math.min(lastOffset(page.count), offset - PAGE_SIZE));
            } else {
                Object.assign(this.state, { ...page, offset, isOffline: false });
                this.highlight(page.orders);
            }
        } catch (error) {
            if (request === this.request) {
                this.wantedOffset = this.state.offset;
            }
            this.handleFailure(error);
        } finally {
            if (request === this.request) {
                this.state.isLoading = false;
            }
        }
    }

    /** Highlight the orders that have come since the list was loaded last. */
    highlight(orders) {
        const ids = orders.map(({ id }) => id);
        if (this.highestId !== null) {
            ids.filter((id) => id > this.highestId).forEach((id) => this.state.newIds.add(id));
        }
        this.highestId = Math.max(this.highestId ?? 0, ...ids);
    }

    // --- search, tabs and filters --- //

    onSearch(event) {
        this.state.text = event.target.value;
        this.searchSoon();
    }

    clearSearch() {
        this.state.text = "";
        return this.load(0);
    }

    get tabKey() {
        return `linga_octopus.tab.${odoo.pos_config_id}`;
    }

    /** Show the orders of a status ("": of all); this Point of Sale opens with it from now on. */
    showTab(status) {
        browser.localStorage.setItem(this.tabKey, status);
        this.state.status = status;
        this.state.text = "";
        return this.load(0);
    }

    /** Show the orders that match all of these; this Point of Sale opens with them from now on. */
    setFilters(filters) {
        storeFilters(filters);
        this.state.filters = filters;
        return this.load(0);
    }

    get areFiltersShown() {
        return this.state.areFiltersShown && !this.state.text;
    }

    get hasFilters() {
        return hasFilters(this.state.filters);
    }

    toggleFilters() {
        this.state.areFiltersShown = !this.state.areFiltersShown;
    }

    /** The tab that is shown: a search looks for orders of every status. */
    get shownStatus() {
        return this.state.text ? "" : this.state.status;
    }

    get pageText() {
        const { count, offset, orders } = this.state;
        return count ? `${offset + 1}-${offset + orders.length} / ${countText(count)}` : "";
    }

    get hasPrevious() {
        return this.state.offset > 0;
    }

    get hasNext() {
        return (
            this.state.orders.length === PAGE_SIZE &&
            this.state.offset + PAGE_SIZE < this.state.count
        );
    }

    previousPage() {
        return this.load(Math.max(0, this.state.offset - PAGE_SIZE));
    }

    nextPage() {
        return this.load(this.state.offset + PAGE_SIZE);
    }
}
