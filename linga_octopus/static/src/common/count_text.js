// The server stops counting there (`COUNT_LIMIT` in `const.py`).
const COUNT_LIMIT = 1000;

/** Format a number of records, "1000+" at most. */
export function countText(count) {
    return count > COUNT_LIMIT ? `${COUNT_LIMIT}+` : `${count}`;
}
