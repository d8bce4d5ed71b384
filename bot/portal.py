"""What Discord says of the application: token, intents, permissions, and the clock."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping
from email.utils import parsedate_to_datetime
from pathlib import Path

import aiohttp
import discord

from bot import channels
from bot.asking import PERMISSIONS, intents
from bot.clock import Clock
from bot.findings import Finding
from bot.settings import Settings
from storage import channel_digests, members, watched

CLOCK_SKEW_MAX_S = 30.0

DISCORD_WITHIN_S = 30.0
"""For one question; discord.py itself asks again for half a minute when Discord is ill."""


async def discord_side(settings: Settings, token: str, clock: Clock) -> AsyncIterator[Finding]:
    """Ask Discord about the token, the intents and the permissions in each guild."""
    try:
        yield await _clock(clock)
        async with discord.Client(intents=intents(settings)) as client:
            async with asyncio.timeout(DISCORD_WITHIN_S):
                await client.login(token)
                application = await client.application_info()
                guilds = await guilds_of(client)
            for finding in _application(settings, application):
                yield finding
            invite = invitation(application.id)
            yield Finding("good", "invite", invite)
            for finding in _memberships(guilds, invite):
                yield finding
            async with asyncio.timeout(DISCORD_WITHIN_S):
                for finding in await _staff_channels(client, settings.database_path):
                    yield finding
            async with asyncio.timeout(DISCORD_WITHIN_S):
                for finding in await _question_channels(client, settings.database_path):
                    yield finding
                for finding in await _digest_channels(client, settings.database_path):
                    yield finding
    except discord.LoginFailure:
        yield Finding(
            state="bad",
            subject="discord",
            text="the token is refused",
            fix="reset it in the developer portal (Bot > Reset Token) and put the new one"
            " into .env",
        )
    except (TimeoutError, discord.HTTPException, aiohttp.ClientError, OSError) as error:
        reason = str(error) or f"no answer within {DISCORD_WITHIN_S:.0f} s"
        yield Finding(
            state="bad",
            subject="discord",
            text=f"cannot be reached: {reason}",
            fix="check network, proxy and firewall, then discordstatus.com",
        )


async def _clock(clock: Clock) -> Finding:
    """Compare the clock with the date in Discord's answer."""
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=10)) as session:
        async with session.get(f"{discord.http.Route.BASE}/gateway") as answer:
            answer.raise_for_status()
            told = answer.headers.get("Date", "")
    try:
        skew_s = abs((clock() - parsedate_to_datetime(told)).total_seconds())
    except (TypeError, ValueError):
        return Finding(
            state="note",
            subject="clock",
            text="could not be compared: Discord's answer has no date",
            fix="check the system clock yourself",
        )
    if skew_s > CLOCK_SKEW_MAX_S:
        return Finding(
            state="bad",
            subject="clock",
            text=f"{skew_s:.0f} s off from Discord's",
            fix="let the system synchronise its clock (NTP)",
        )
    return Finding("good", "clock", f"within {max(skew_s, 1):.0f} s of Discord's")


def invitation(application_id: int) -> str:
    """Return the link that invites a bot with exactly the permissions it uses."""
    return discord.utils.oauth_url(
        application_id, permissions=PERMISSIONS, scopes=("bot", "applications.commands")
    )


async def guilds_of(client: discord.Client) -> list[Mapping[str, str]]:
    """Return the guilds that a logged-in client is in, with its permissions in each."""
    # discord.py drops the bot's own permissions that this route carries.
    route = discord.http.Route("GET", "/users/@me/guilds")
    answer: list[Mapping[str, str]] = await client.http.request(route)
    return answer


def _application(settings: Settings, application: discord.AppInfo) -> Iterator[Finding]:
    yield Finding("good", "discord", f"logged in as {application.name}")
    if application.interactions_endpoint_url:
        yield Finding(
            state="bad",
            subject="commands",
            text=f"Discord sends commands to {application.interactions_endpoint_url},"
            " not to the bot",
            fix="empty Interactions Endpoint URL under General Information in the developer portal",
        )
    if application.bot_require_code_grant:
        yield Finding(
            state="bad",
            subject="commands",
            text="Requires OAuth2 Code Grant is on, so nobody can invite the bot",
            fix="switch it off under Bot in the developer portal",
        )
    yield _intents(settings, application.flags)


def _intents(settings: Settings, flags: discord.ApplicationFlags) -> Finding:
    name = "MESSAGE_CONTENT_INTENT"
    is_granted = flags.gateway_message_content or flags.gateway_message_content_limited
    if not settings.message_content_intent:
        return Finding("good", "intents", f"{name} is off: nothing to grant")
    if is_granted:
        return Finding("good", "intents", f"{name} is granted")
    return Finding(
        state="bad",
        subject="intents",
        text=f"{name} is on in .env but off in the developer portal",
        fix="switch it on under Bot > Privileged Gateway Intents, or off in .env",
    )


def _memberships(guilds: list[Mapping[str, str]], invite: str) -> Iterator[Finding]:
    if not guilds:
        yield Finding(
            state="bad",
            subject="servers",
            text="the bot is in no server",
            fix="invite it with the link above",
        )
    for guild in guilds:
        yield _permissions(guild["name"], int(guild["permissions"]), invite)


async def _staff_channels(client: discord.Client, path: Path) -> list[Finding]:
    """Find moderators' channels that everybody can read, or that are gone."""
    found = []
    for guild_id, channel_id in members.staff_channels(path).items():
        try:
            guild = await client.fetch_guild(guild_id, with_counts=False)
            known = {channel.id: channel for channel in await guild.fetch_channels()}
        except (discord.NotFound, discord.Forbidden):
            continue  # the bot is there no more
        channel = known.get(channel_id)
        if channel is None:
            text = "the channel where moderators are notified is gone"
        elif channels.is_public(channel):
            text = f"everybody can read #{channel.name}, so moderators are told no details there"
        else:
            continue
        fix = "choose a channel that @everyone can't view with /levels staff"
        found.append(Finding(state="note", subject=f"server {guild.name}", text=text, fix=fix))
    return found


async def _question_channels(client: discord.Client, path: Path) -> list[Finding]:
    """Find watched channels in which questions cannot be looked after, or that are gone."""
    found = []
    for guild_id, channel_ids in watched.channels(path).items():
        try:
            guild = await client.fetch_guild(guild_id, with_counts=False)
            known = {channel.id: channel for channel in await guild.fetch_channels()}
            us = await guild.fetch_member(client.user.id if client.user else 0)
        except (discord.NotFound, discord.Forbidden):
            continue  # the bot is there no more
        for channel_id in channel_ids:
            finding = _question_channel(guild.name, known.get(channel_id), us)
            if finding is not None:
                found.append(finding)
    return found


async def _digest_channels(client: discord.Client, path: Path) -> list[Finding]:
    """Find channels in which a server's digest cannot be posted, or that are gone."""
    found = []
    for guild_id, channel_id in channel_digests.channels(path).items():
        try:
            guild = await client.fetch_guild(guild_id, with_counts=False)
            known = {channel.id: channel for channel in await guild.fetch_channels()}
            us = await guild.fetch_member(client.user.id if client.user else 0)
        except (discord.NotFound, discord.Forbidden):
            continue  # the bot is there no more
        channel = known.get(channel_id)
        if channel is None:
            text, fix = "the channel of the weekly digest is gone", "choose another one"
            fix = f"{fix} with /channel-digest setup, or end it with /channel-digest stop"
        elif missing := channels.missing_for_digest(channel, channel.permissions_for(us)):
            words = ", ".join(name.replace("_", " ").title() for name in missing)
            text = f"in #{channel.name}, where the weekly digest is posted, the bot misses {words}"
            fix = "give them to its role in that channel's permissions"
        else:
            continue
        found.append(Finding(state="bad", subject=f"server {guild.name}", text=text, fix=fix))
    return found


def _question_channel(
    guild: str, channel: discord.abc.GuildChannel | None, us: discord.Member
) -> Finding | None:
    if channel is None:
        return Finding(
            state="note",
            subject=f"server {guild}",
            text="a channel where questions are asked is gone",
            fix="take it off the list with /questions setup",
        )
    missing = channels.lacking(channel, channel.permissions_for(us))
    if missing:
        words = ", ".join(name.replace("_", " ").title() for name in missing)
        return Finding(
            state="bad",
            subject=f"server {guild}",
            text=f"in #{channel.name}, where questions are asked, the bot misses {words}",
            fix="give them to its role in that channel's permissions",
        )
    if isinstance(channel, discord.ForumChannel) and not channel.available_tags:
        return Finding(
            state="note",
            subject=f"server {guild}",
            text=f"#{channel.name} has no tag that could say that a question is solved",
            fix="add one called Solved to the forum, or choose yours with /questions setup",
        )
    return None


def _permissions(name: str, granted: int, invite: str) -> Finding:
    has = discord.Permissions(granted)
    missing = [flag for flag, wanted in PERMISSIONS if wanted and not getattr(has, flag)]
    if has.administrator:
        return Finding(
            state="note",
            subject=f"server {name}",
            text="the bot is administrator, which is far more than it needs",
            fix="take Administrator from its role; the invitation has what it needs",
        )
    if missing:
        words = ", ".join(flag.replace("_", " ").title() for flag in missing)
        return Finding(
            state="bad",
            subject=f"server {name}",
            text=f"the bot misses {words}",
            fix=f"give them to its role, or invite it again: {invite}",
        )
    return Finding("good", f"server {name}", "all permissions are there")
