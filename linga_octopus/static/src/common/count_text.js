// The server counts no further (`COUNT_LIMIT` in `const.py`): counting a million orders helps nobody.
const COUNT_LIMIT = 1000;

/** A number of records, "1000+" at most. */
export function countText(count) {
    return count > COUNT_LIMIT ? `${COUNT_LIMIT}+` : `${count}`;
}
