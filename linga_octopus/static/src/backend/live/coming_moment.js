import { _t } from "@web/core/l10n/translation";

/** When that is, in words: a moment that has come already is one that is about to be dealt with. */
export function comingMoment(moment) {
    return moment.diffNow().valueOf() > 0 ? moment.toRelative() : _t("now");
}
