import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { RPCError } from "@web/core/network/rpc";
import { redirect } from "@web/core/utils/urls";

const SESSION_EXPIRED = "odoo.http.SessionExpiredException";

/**
 * One bar about failures of calls that no user made. A failure that goes on does not add another
 * bar, and the next answer of the server closes it.
 */
export class FailureBar {
    /**
     * @param {Object} notification service
     * @param {Object} texts
     * @param {string} texts.loggedOut shown when the session has expired
     * @param {string} texts.failed shown for all other errors of the server
     */
    constructor(notification, texts) {
        this.notification = notification;
        this.texts = texts;
        this.close();
    }

    /** Show an error of the server, and throw all other errors. */
    show(error) {
        if (!(error instanceof RPCError)) {
            throw error;
        }
        const kind = error.exceptionName === SESSION_EXPIRED ? "loggedOut" : "failed";
        if (kind === this.kind) {
            return;
        }
        this.close();
        const logInButton = { name: _t("Log In"), primary: true, onClick: logIn };
        this.kind = kind;
        this.remove = this.notification.add(this.texts[kind], {
            type: "warning",
            sticky: true,
            buttons: kind === "loggedOut" ? [logInButton] : [],
            // Closed by the user: the next failure shows it again.
            onClose: () => (this.kind = null),
        });
    }

    close() {
        this.remove?.();
        this.remove = null;
        this.kind = null;
    }
}

/** Open the login page, which leads back to this page. */
function logIn() {
    const { pathname, search } = browser.location;
    redirect(`/web/login?redirect=${encodeURIComponent(pathname + search)}`);
}
