"""What leaves the product's code at once. No `except Exception` of the product catches them."""


class Killed(BaseException):
    """The process is gone."""


class Violation(BaseException):
    """Something is not as it must be.

    :param name: of the invariant
    """

    def __init__(self, name, message):
        super().__init__(f"{name}: {message}")
        self.name = name
        self.message = message
