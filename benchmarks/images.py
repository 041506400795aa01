"""Pictures out: read, prepared and sent, one after the other; then pressed again unchanged.

Reference: the calls that the remote allows, 250 a minute.
"""

import base64
import io
import random

from PIL import Image

from octopus_sandbox.testing import SandboxServer

from .support.harness import run, say, stopwatch
from .support.shop import connect, make_products

SIZE = 100
REMOTE_LIMIT = 250 / 60  # pictures a second
# Mode, width, height, format: photographs, and a picture with transparency to every three.
SHAPES = (
    ("RGB", 2000, 2000, "JPEG"),
    ("RGB", 2000, 2000, "JPEG"),
    ("RGB", 2000, 2000, "JPEG"),
    ("RGBA", 800, 800, "PNG"),
)


def measure(odoo, options):
    """Return the metrics of performance.md, "images"."""
    size = options.size or SIZE
    rates, unchanged = [], []
    with SandboxServer() as sandbox:
        say(f"Making {size} products with pictures")
        with odoo.transaction() as env:
            account = connect(env, sandbox)
            product_ids = make_products(env, size).ids
        for number in range(options.rounds):
            with odoo.transaction() as env:
                give_pictures(env, product_ids, number)
            sandbox.reset()
            with odoo.transaction() as env:
                env["octopus.product"].search([]).unlink()
                account = account.with_env(env)
                account.write({"is_catalog_matched": False, "catalog_signature": False})
                account.action_sync_products()
                env["octopus.sync.run"].search([("kind", "=", "images")]).unlink()
                env.cr.commit()
                send_products(env)
            seconds = []
            with stopwatch(seconds), odoo.transaction() as env:
                env["octopus.sync.run"]._cron_run()
            check_complete(odoo, size)
            rates.append(size / seconds[0])
            sandbox.forget_requests()
            with odoo.transaction() as env:
                account.with_env(env)._queue_run("images")
                env.cr.commit()
                env["octopus.sync.run"]._cron_run()
            unchanged.append(sum(sandbox.requests().values()))
            say(f"  {rates[-1]:.1f} pictures/s")
    return {
        "images_x_remote_limit": [rate / REMOTE_LIMIT for rate in rates],
        "unchanged_calls": unchanged,
    }


def send_products(env):
    """Work off the run over the products, up to where it has queued the pictures."""
    runs = env["octopus.sync.run"]
    while not runs.search_count([("kind", "=", "images")]):
        clients = {}
        runs._runnable()[:1]._work_batch(clients)
        env.cr.commit()


def give_pictures(env, product_ids, seed):
    """Give every product a picture of its own, of the kinds that shops upload."""
    dice = random.Random(seed)
    products = env["product.product"].browse(product_ids)
    bases = [noise(mode, width, height) for mode, width, height, _kind in SHAPES]
    for position, template in enumerate(products.product_tmpl_id):
        shape = position % len(SHAPES)
        image = bases[shape].copy()
        image.paste(tuple(dice.randbytes(3)), (0, 0, image.width // 2, image.height // 2))
        buffer = io.BytesIO()
        image.save(buffer, SHAPES[shape][3], quality=85)
        # As an attachment: writing the field would make smaller copies, which we do not need.
        env["ir.attachment"].search(
            [
                ("res_model", "=", template._name),
                ("res_field", "=", "image_1920"),
                ("res_id", "=", template.id),
            ]
        ).unlink()
        env["ir.attachment"].create(
            {
                "name": "image_1920",
                "res_model": template._name,
                "res_field": "image_1920",
                "res_id": template.id,
                "datas": base64.b64encode(buffer.getvalue()),
            }
        )
    env.invalidate_all()


def noise(mode, width, height):
    """Return a picture that is as hard to compress as a photograph."""
    small = Image.effect_noise((width // 8, height // 8), 60).resize((width, height))
    image = Image.merge("RGB", (small, small.rotate(90, expand=False), small.rotate(180)))
    if mode == "RGBA":
        image.putalpha(small)
    return image


def check_complete(odoo, size):
    """Refuse to report a run that did not do its work."""
    with odoo.transaction() as env:
        run_ = env["octopus.sync.run"].search([("kind", "=", "images")], limit=1)
        counts = (run_.state, run_.done, run_.failed)
    if counts != ("done", size, 0):
        raise RuntimeError(f"The run did not send everything: {counts}")


if __name__ == "__main__":
    run("images", measure)
