"""What simulations came to, added up."""

import json
import resource
from collections import Counter


class Report:
    """Adds up outcomes.

    :param file: where to keep the sums, as JSON; None: nowhere. What it has is added to
    """

    def __init__(self, file=None):
        self._file = file
        self.sums = Counter()
        if file and file.is_file():
            self.sums.update(json.loads(file.read_text()))
        self._processor = self._used()

    def add(self, outcome):
        """Add one outcome."""
        self.sums.update(outcome.counts)
        self.sums["stories"] += 1
        self.sums["stories that failed"] += bool(outcome.failure)
        self.sums["hours"] += round(outcome.hours, 2)
        self.sums["seconds"] += round(outcome.seconds, 2)
        before, self._processor = self._processor, self._used()
        self.sums["seconds of the processor"] += round(self._processor - before, 2)
        if self._file:
            self._file.write_text(json.dumps(self.sums, indent=1, sort_keys=True) + "\n")

    def _used(self):
        """Return the seconds of the processor that this process has used; not PostgreSQL's."""
        usage = resource.getrusage(resource.RUSAGE_SELF)
        return usage.ru_utime + usage.ru_stime

    def text(self):
        """Return the sums, a line each."""
        lines = [f"{round(count):>12,} {name}" for name, count in sorted(self.sums.items())]
        speed = 3600 * self.sums["hours"] / max(self.sums["seconds"], 1)
        return "\n".join([*lines, f"{speed:>12,.0f} times as fast as the time of the shop", ""])


def line_of(outcome):
    """Return an outcome in one line."""
    story = outcome.story
    result = f"FAILED: {outcome.failure.name}" if outcome.failure else "ok"
    return (
        f"seed {story.seed}, {story.profile}: {outcome.hours:.1f} hours, "
        f"{outcome.counts['orders']} orders in {outcome.seconds:.1f} s: {result}\n"
    )
