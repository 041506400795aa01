"""The data of the sandbox in one SQLite file; a module for each subject."""

from .catalog import Catalog
from .collections import Collections
from .database import Database
from .images import Images
from .orders import Orders
from .stock import Stock


class Store:
    """All subjects on one database."""

    def __init__(self, path: str):
        self.db = Database(path)
        self.catalog = Catalog(self.db)
        self.collections = Collections(self.db)
        self.images = Images(self.db)
        self.stock = Stock(self.db)
        self.orders = Orders(self.db)
