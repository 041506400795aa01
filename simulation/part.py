"""What all parts of a simulation have in common."""


class Part:
    """Belongs to a simulation.

    :param simulation: the Simulation
    """

    def __init__(self, simulation):
        self.simulation = simulation

    @property
    def name(self):
        return type(self).__name__

    @property
    def shop(self):
        return self.simulation.shop

    @property
    def octopus(self):
        return self.simulation.octopus

    def do(self, function, user=None):
        """Return what a function of an environment returns, in a transaction as of a request."""
        return self.simulation.do(function, user)
