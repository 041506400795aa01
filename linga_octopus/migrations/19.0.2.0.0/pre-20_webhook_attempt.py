"""Drop the table of webhook attempts: guesses at a token of 256 bits are no longer counted."""


def migrate(cr, version):
    cr.execute("DROP TABLE IF EXISTS octopus_webhook_attempt")
