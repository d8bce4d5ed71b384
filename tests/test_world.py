from tests.discord_sim import World


async def test_the_bot_starts_in_a_simulated_guild(world: World) -> None:
    await world.alice.send(world.channel, "hello")
    assert world.client.user is not None
