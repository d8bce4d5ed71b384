"""What tests of purchases do on Discord again and again."""

from datetime import timedelta
from typing import Any

from bot.app import make_jobs
from bot.demo.simulator import pin_clock
from storage.records import Product, Resource
from tests.discord_sim import World

COURSE, URL = "Rust from scratch", "https://courses.example/rust?key=secret"


async def shelved(world: World, title: str = COURSE, url: str = URL, **fields: Any) -> Resource:
    raw = {"kind": "course", "title": title, "url": url}
    return await world.app.services.catalog.add(world.guild.id, world.moderator.id, raw, **fields)


async def sold(
    world: World, title: str = "Rust course", *resources: Resource, **fields: Any
) -> Product:
    """Store a product that opens resources, by default for good."""
    service, who = world.app.services.purchases.products, (world.guild.id, world.moderator.id)
    raw = {"title": title, "price": "199", "currency": "CNY"}
    made = await service.add(*who, raw | fields.pop("raw", {}), **fields)
    for one in resources:
        made = await service.open_resource(*who, made.product_id, one, is_open=True)
    return made


async def tick(world: World, name: str = "purchases") -> None:
    jobs = {job.name: job for job in make_jobs(world.app, world.client)}
    await jobs[name].run(world.app.clock())
    await world.env.settle()


def later(world: World, **span: float) -> None:
    pin_clock(world.env, world.app.clock() + timedelta(**span))


async def grant(world: World, member: Any, title: str = "Rust course", **options: Any) -> Any:
    return await world.moderator.slash(
        world.channel,
        "purchase grant",
        member=member,
        product=title,
        reason="she paid by transfer",
        **options,
    )
