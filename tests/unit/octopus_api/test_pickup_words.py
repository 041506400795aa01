"""Ways of delivery: which of them say that the customer comes for the goods."""

import pytest

from octopus_api import ShippingLine
from octopus_api.pickup_words import says_pickup


@pytest.mark.parametrize(
    "title",
    [
        *("Store Pickup", "Pick up in store", "In-store pick-up", "PICKUP", "Local pickup (free)"),
        *("Curbside Pickup", "Pickup, no charge"),
        *("No-contact pickup", "Pickup Point: Main Street"),
        *(
            "Click & Collect",
            "Click &amp; Collect",
            "Click and collect",
            "Click+Collect",
            "Collect",
        ),
        *(
            "to COLLECT",
            "Collect in store",
            "Store collection",
            "Customer collection",
            "Collection",
        ),
        *("Collect from Main Street", "Will call", "To be picked up"),
        *("Recogida en tienda", "Recogida local", "Recoger en tienda", "Retiro en tienda"),
        *("Recogida en tienda sin coste", "Retirar en sucursal"),
        *("Retrait en magasin", "Retrait gratuit", "À emporter", "Enlèvement sur place"),
        *("Cliquez et retirez", "Retirer en boutique", "Click et collect"),
        *("Abholung im Laden", "Selbstabholer", "Selbstabholung", "Abholung in der Filiale"),
        *("Im Markt abholen", "Zur Abholung"),
        *("到店自提", "自提", "门店自取", "门店取货", "到店取货", "门店自提（免费）", "門市取貨"),
        *("الاستلام من المتجر", "استلام من الفرع", "إستلام من المتجر", "اَلِاستلام من المتجر"),
    ],
)
def test_a_way_of_delivery_is_a_pickup_in_every_language(title):
    assert says_pickup(ShippingLine(title=title, code=""))
    assert says_pickup(ShippingLine(title=title.upper(), code="STANDARD"))


@pytest.mark.parametrize(
    "title",
    [
        *("", "Standard shipping", "Collect on Delivery", "Cash on Delivery", "Freight Collect"),
        *("No pickup – ship only", "No pickup", "No store pickup", "Not available for pickup"),
        *(
            "Pickup not available",
            "Pickup unavailable",
            "Without pickup",
            "Ship only (pickup soon)",
        ),
        *("UPS Collect Account", "UPS Collect", "FedEx Ground Collect", "USPS pickup"),
        *(
            "Courier pickup",
            "Parcel locker pickup",
            "Cash collect",
            "Collectible mail",
            "Collector",
        ),
        *("Sin recogida", "Recogida a domicilio", "Contra reembolso", "Recogida no disponible"),
        *("Solo envío, sin recogida en tienda", "Punto de recogida Correos"),
        *("Pas de retrait", "Sans retrait en magasin", "Mondial Relay – retrait en point relais"),
        *("Retrait non disponible", "Livraison à domicile", "Retrait impossible"),
        *("Keine Abholung", "Nicht zur Abholung", "Abholung nicht möglich", "Nur Versand"),
        *("Abholung durch Kurier", "DHL Packstation", "Abholung nicht verfügbar"),
        *("不支持自提", "不可自提", "非自提", "无自提", "快递柜自提", "货到付款", "上门取件"),
        *(
            "الدفع عند الاستلام",
            "بدون استلام",
            "لا يوجد استلام من المتجر",
            "الدفع عند استلام الطلب",
        ),
        *("الاستلام من المتجر غير متاح", "توصيل"),
    ],
)
def test_other_ways_of_delivery_are_none(title):
    assert not says_pickup(ShippingLine(title=title, code=""))
    assert not says_pickup(ShippingLine(title="Free", code=title))


def test_a_way_that_says_no_pickup_is_none_whatever_its_code():
    assert not says_pickup(ShippingLine(title="No pickup – ship only", code="PICKUP_1"))
    assert says_pickup(ShippingLine(title="Free", code="store-pickup"))
