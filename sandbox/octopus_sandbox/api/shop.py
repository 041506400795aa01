"""Shop and locations, which are read-only."""

from fastapi import APIRouter

from ..answer import JsonAnswer
from ..state import Here
from ..store.stock import LOCATIONS

router = APIRouter(tags=["shop"])

ADDRESS = {
    "address1": "80 Citizen Court, Unit 1",
    "address2": "",
    "city": "San Jose",
    "zip": "95138",
    "State": "California",
    "State_code": "CA",
    "country": "US",
    "country_code": "US",
    "country_name": "United States",
    "phone": "",
    "created_at": "2020-04-15T02:01:29-00:00",
    "updated_at": "2020-07-07T23:01:02-00:00",
}


@router.get("/shop.json", summary="Connection test: the shop, then its further locations")
async def shop(here: Here):
    first, *others = LOCATIONS
    entries = [
        _shop(first, here.settings.merchant, here.settings.currency),
        *(_shop(other, LOCATIONS[other], "") for other in others),
    ]
    return JsonAnswer({"shop": entries})


@router.get("/locations.json", summary="All locations")
async def locations():
    entries = [
        {"id": ref, "name": name, **ADDRESS, "legacy": True, "active": True}
        | {"admin_graphql_api_id": ""}
        for ref, name in LOCATIONS.items()
    ]
    return JsonAnswer({"locations": entries})


def _shop(ref, name, currency):
    return {
        "id": ref,
        "name": name,
        "email": "shop@example.com",
        "domain": "shop.example.com",
        **ADDRESS,
        "currency": currency,
        "timezone": "(GMT-08:00) America/Los_Angeles" if currency else "",
        "iana_timezone": "America/Los_Angeles" if currency else None,
        "weight_unit": "kg" if currency else "",
        "taxes_included": False,
        "primary_location_id": ref,
        "money_format": "${{amount}}" if currency else "",
        "multi_location_enabled": True if currency else None,
    }
