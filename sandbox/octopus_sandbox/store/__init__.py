"""Everything the sandbox remembers, in one SQLite file; one module a subject."""

from .catalogue import Catalogue
from .collections import Collections
from .database import Database
from .images import Images
from .orders import Orders
from .stock import Stock


class Store:
    """The subjects, sharing one database."""

    def __init__(self, path: str):
        self.db = Database(path)
        self.catalogue = Catalogue(self.db)
        self.collections = Collections(self.db)
        self.images = Images(self.db)
        self.stock = Stock(self.db)
        self.orders = Orders(self.db)
