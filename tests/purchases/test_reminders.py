"""Two letters before something bought by days ends, whatever restarts between."""

from typing import Any

from bot.app import make_jobs
from tests.discord_sim import World, button_id, close_dms, texts_of
from tests.experts.test_invitations import letters
from tests.purchases.scenes import grant, later, shelved, sold, tick


async def wanting(world: World, member: Any) -> None:
    """Let a member want messages from us, but no digest soon."""
    await member.slash(world.channel, "digest on")


async def remind(world: World) -> None:
    jobs = {job.name: job for job in make_jobs(world.app, world.client)}
    await jobs["reminders"].run(world.app.clock())
    await world.env.settle()


async def count(world: World, member: Any) -> int:
    return sum("ends on" in texts_of(each) for each in letters(member))


async def test_an_end_is_spoken_of_twice_and_a_renewal_begins_anew(lenient_world: World) -> None:
    world = lenient_world
    raw = {"url": "https://buy.stripe.com/abc"}
    await sold(world, "Rust course", await shelved(world), term="days", days=30, raw=raw)
    for member in (world.alice, world.bob):
        await grant(world, member)
    await wanting(world, world.alice)
    await remind(world)
    assert await count(world, world.alice) == 0
    later(world, days=17)
    await remind(world)
    await remind(world)
    assert await count(world, world.alice) == 1
    letter = next(each for each in letters(world.alice) if "ends on" in texts_of(each))
    assert "0 of the one resource" in texts_of(letter) and "go on?" in texts_of(letter)
    noted = await world.alice.user.click(letter, custom_id=button_id(letter, r"purchase:noted:\d+"))
    assert "Noted" in texts_of(noted.response)
    later(world, days=10.5)
    await world.restart()
    await remind(world)
    await remind(world)
    assert await count(world, world.bob) == 0  # who wants no messages gets none
    async with world.app.database.read() as conn:
        found = await conn.exec_driver_sql("SELECT kind, state FROM purchase_notices ORDER BY 1")
        assert [tuple(row) for row in found] == [("ending", "sent"), ("renewal", "sent")]
    await grant(world, world.alice)  # thirty days more
    later(world, days=1)
    await remind(world)
    async with world.app.database.read() as conn:
        n = (await conn.exec_driver_sql("SELECT count(*) FROM purchase_notices")).scalar_one()
    assert n == 2
    await tick(world)


async def test_a_crash_between_claim_and_letter_neither_loses_nor_doubles(
    lenient_world: World,
) -> None:
    world = lenient_world
    await sold(world, "Rust course", term="days", days=10)
    await grant(world, world.alice)
    await wanting(world, world.alice)
    await remind(world)
    assert await count(world, world.alice) == 1
    claimed = "UPDATE purchase_notices SET state = 'claimed', sent_at = NULL, message_id = NULL"
    await world.app.database.write(lambda conn: conn.exec_driver_sql(claimed))
    later(world, minutes=10)
    await remind(world)
    assert await count(world, world.alice) == 1
    async with world.app.database.read() as conn:
        found = await conn.exec_driver_sql("SELECT state FROM purchase_notices")
        assert found.scalars().all() == ["sent"]


async def test_closed_messages_are_remembered(lenient_world: World) -> None:
    world = lenient_world
    await sold(world, "Rust course", term="days", days=10)
    await grant(world, world.alice)
    await wanting(world, world.alice)
    close_dms(world.env, world.alice)
    await remind(world)
    await remind(world)
    async with world.app.database.read() as conn:
        found = await conn.exec_driver_sql("SELECT state FROM purchase_notices")
        assert found.scalars().all() == ["closed"]
