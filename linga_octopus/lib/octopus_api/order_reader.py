"""Reads the fields of an order and tells which one is wrong."""

from .parsing import as_bool, as_datetime, as_decimal, as_name, as_ref, as_storable, as_text

# More than any customer orders. A body of `{}` costs hundreds of times its size to read.
MAX_ENTRIES = 1_000


class InvalidOrder(ValueError):
    """The data is no order.

    ``field``: where, such as ``line_items[0].quantity``; ``message``: what is wrong with it
    """

    def __init__(self, field, message):
        super().__init__(f"{field} {message}")
        self.field = field
        self.message = message


class Reader:
    """A JSON object with its place in the order, for error messages."""

    def __init__(self, data, place=""):
        self.data = data
        self._place = place

    @classmethod
    def of(cls, payload, name):
        """Return the Reader for a payload that is the object, or holds it under ``name``.

        :raise InvalidOrder: it is neither
        """
        data = unwrapped(payload, name)
        try:
            return cls(as_storable(data))
        except ValueError as error:
            raise InvalidOrder(name, str(error)) from error

    @property
    def empty(self):
        """A Reader in which every field is missing."""
        return Reader({}, self._place)

    def text(self, key):
        return self._read(as_text, key)

    def name(self, key):
        return self._read(as_name, key)

    def ref(self, key):
        return self._read(as_ref, key)

    def flag(self, key):
        return self._read(as_bool, key)

    def moment(self, key):
        return self._read(as_datetime, key)

    def number(self, key, default=None):
        number = self._read(as_decimal, key)
        return default if number is None else number

    def count(self, key, default):
        """Return a quantity: a number that is not negative."""
        number = self.number(key, default)
        if number < 0:
            raise InvalidOrder(self._at(key), "is negative")
        return number

    def joined(self, key):
        """Return a text that may also come as a list of texts."""
        value = self.data.get(key)
        if isinstance(value, list):
            return ", ".join(filter(None, (self._convert(as_text, key, item) for item in value)))
        return self.text(key)

    def child(self, key):
        """Return the Reader of an object, None when there is none (null, "" or [])."""
        value = self.data.get(key)
        if not value:
            return None
        if not isinstance(value, dict):
            raise InvalidOrder(self._at(key), "is not an object")
        return Reader(value, f"{self._at(key)}.")

    def items(self, key):
        """Return a list as it is; null and "" are empty lists."""
        value = self.data.get(key)
        if value is None or value == "":
            return []
        if not isinstance(value, list):
            raise InvalidOrder(self._at(key), "is not a list")
        return value

    def children(self, key):
        """Return the Readers of a list of objects."""
        items, readers = self.items(key), []
        if len(items) > MAX_ENTRIES:
            raise InvalidOrder(self._at(key), f"has more than {MAX_ENTRIES} entries")
        for index, item in enumerate(items):
            place = f"{self._at(key)}[{index}]"
            if not isinstance(item, dict):
                raise InvalidOrder(place, "is not an object")
            readers.append(Reader(item, f"{place}."))
        return readers

    def _at(self, key):
        return f"{self._place}{key}"

    def _read(self, convert, key):
        return self._convert(convert, key, self.data.get(key))

    def _convert(self, convert, key, value):
        try:
            return convert(value)
        except ValueError as error:
            raise InvalidOrder(self._at(key), str(error)) from error


def unwrapped(payload, name):
    """Return the JSON object that a payload is, or holds under ``name``.

    :raise InvalidOrder: it is neither
    """
    if isinstance(payload, dict) and "id" not in payload and name in payload:
        payload = payload[name]
    if isinstance(payload, list) and len(payload) == 1:
        payload = payload[0]
    if not isinstance(payload, dict):
        raise InvalidOrder(name, "is not a JSON object")
    return payload
