"""The demo: the real bot in a simulated guild, in a local page, without a token.

Nothing here is imported by `lyceum run`. `simulator` is the only place that touches simcord's
inside; `community` invents people, `seed` writes them down, `page` serves the page, `play` puts
it together.
"""
