import { _t } from "@web/core/l10n/translation";

/** Format a future moment in words ("in 5 minutes"), and a past one as "now". */
export function comingMoment(moment) {
    return moment.diffNow().valueOf() > 0 ? moment.toRelative() : _t("now");
}
