"""The application: routers, error envelope, webhook sender, gate."""

import asyncio
from contextlib import asynccontextmanager

from fastapi import FastAPI

from . import control, errors, openapi, storefront
from .api import ROUTERS
from .gate import Gate
from .settings import BASE_PATH, Settings
from .state import Sandbox


def create_app(settings: Settings):
    """Return the ASGI application of one sandbox."""
    sandbox = Sandbox(settings)
    sandbox.know_routes(ROUTERS)
    api = create_api()
    api.state.sandbox = sandbox
    return Gate(api, sandbox)


def create_api() -> FastAPI:
    """Return the FastAPI application without any state, also used to describe the API."""
    api = FastAPI(
        title=openapi.TITLE,
        version=openapi.VERSION,
        openapi_url=f"{BASE_PATH}/openapi.json",
        docs_url=None,
        redoc_url=None,
        strict_content_type=False,
        generate_unique_id_function=lambda route: route.name,
        lifespan=_lifespan,
    )
    errors.install(api)
    for router in ROUTERS:
        api.include_router(router, prefix=BASE_PATH, responses=openapi.ERROR_ANSWERS)
    api.include_router(control.router)
    api.include_router(storefront.router)
    api.openapi = lambda: openapi.describe(api)
    return api


@asynccontextmanager
async def _lifespan(api: FastAPI):
    sandbox = api.state.sandbox
    sender = asyncio.create_task(sandbox.webhooks.run())
    yield
    sender.cancel()
    try:
        await sender
    except asyncio.CancelledError:
        pass  # this ends the sender
    sandbox.store.db.close()
