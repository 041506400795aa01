"""The request limit: one window for all endpoints of the merchant."""

import math
import time


class RateLimit:
    """A fixed window; it opens with the first request after the end of the previous one."""

    def __init__(self, limit: int, seconds: float, clock=None):
        self.limit = limit
        self.seconds = seconds
        self._clock = clock or (lambda: time.time())  # looked up at each call: a test may turn it
        self._ends = 0.0
        self._used = 0

    def take(self) -> tuple[bool, dict[str, str]]:
        """Count one request.

        :return: whether it is allowed, and the headers for its answer; ``X-RateLimit-Reset`` is the
            end of the window in epoch seconds
        """
        if not self.limit:
            return True, {}
        moment = self._clock()
        if moment >= self._ends:
            self._ends, self._used = moment + self.seconds, 0
        allowed = self._used < self.limit
        if allowed:
            self._used += 1
        headers = {
            "X-RateLimit-Limit": str(self.limit),
            "X-RateLimit-Remaining": str(self.limit - self._used),
            "X-RateLimit-Reset": str(math.ceil(self._ends)),
        }
        if not allowed:
            headers["Retry-After"] = str(max(1, math.ceil(self._ends - moment)))
        return allowed, headers
