"""Reading orders back from Octopus: calls only, nothing is stored."""

import logging
import re
from dataclasses import dataclass, field
from datetime import datetime, timezone
from itertools import accumulate

from ...const import RATE_LIMIT
from ...lib.octopus_api import (
    BULK_LIMIT,
    OctopusError,
    OctopusNotFound,
    OctopusRateLimited,
    OctopusValidationError,
)

_logger = logging.getLogger(__name__)

# What may stand in a list of ids; anything else is asked for by itself.
PLAIN_REF = re.compile(r"\w[\w.-]{0,199}", re.ASCII)
# Of all the ids in the address of a list: not every server takes 2,000 characters.
LIST_LENGTH = 1_500
COMMA_LENGTH = len("%2C")


@dataclass
class ReadBack:
    """What Octopus said of some orders, until it stopped answering."""

    payloads: list = field(default_factory=list)
    gone: list = field(default_factory=list)  # ids of which Octopus has no order
    settled: list = field(default_factory=list)  # ids that need not be asked for again
    unclear: list = field(default_factory=list)  # ids to ask for by themselves, later
    error: OctopusError | None = None  # why it stopped


def read_list(client, refs):
    """Ask for as many of these orders as one list takes; what is not in it is unclear."""
    said = ReadBack()
    odd = [ref for ref in refs if not PLAIN_REF.fullmatch(ref)]
    plain = [ref for ref in refs if ref not in odd]
    ends = accumulate(len(ref) + COMMA_LENGTH for ref in plain)
    asked = [ref for ref, end in zip(plain, ends, strict=True) if end <= LIST_LENGTH]
    try:
        said.payloads += client.iter_orders(ids=asked, limit=BULK_LIMIT)
    except OctopusError as error:
        # A 404 of the whole list says nothing of an order.
        if not _is_refusal(error):
            said.error = error
            return said
        # With an id that is none, Octopus refuses the whole list.
        _logger.warning("Octopus does not read a list of orders back: %s", error)
    found = {str(payload.get("id")) for payload in said.payloads}
    said.settled = [ref for ref in asked if ref in found]
    said.unclear = [ref for ref in [*asked, *odd] if ref not in found]
    return said


def read_each(client, refs):
    """Ask for these orders one by one, until Octopus stops answering."""
    said = ReadBack()
    for ref in refs:
        try:
            _leave_calls(client)
            said.payloads.append(client.get_order(ref))
        except OctopusNotFound:
            said.gone.append(ref)
        except ValueError as error:  # no id at all
            _logger.warning("Order %r is not read back: %s", ref, error)
        except OctopusRateLimited as error:
            said.error = error
            break
        except OctopusError as error:
            if not _is_refusal(error):
                # Should it be this order that Octopus fails at: the others go first next time.
                said.unclear.append(ref)
                said.error = error
                break
            _logger.warning("Octopus does not read order %r back: %s", ref, error)
        said.settled.append(ref)
    return said


def _is_refusal(error):
    """Tell whether Octopus will never answer this. Any other failure says nothing of an order."""
    is_plain = type(error) is OctopusError and not error.retryable  # such as 414
    return is_plain or isinstance(error, OctopusValidationError)


def _leave_calls(client):
    """Stop while half of the calls that Octopus allows in a minute are left: whoever rings for
    orders that are none must not keep the other workers from theirs.

    :raise OctopusRateLimited: as Octopus itself would soon
    """
    rate = client.rate
    if not rate or not rate.reset_at or rate.remaining > (rate.limit or RATE_LIMIT) // 2:
        return
    seconds = (rate.reset_at - datetime.now(timezone.utc)).total_seconds()
    if seconds > 0:
        raise OctopusRateLimited("The other calls are for the other workers.", retry_after=seconds)
