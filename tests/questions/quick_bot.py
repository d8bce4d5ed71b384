"""The real process of the wire tests, whose questions tick every second: time is real there."""

import bot.answering
import bot.questions.upkeep
from tests import wire_bot

if __name__ == "__main__":
    bot.answering.QUESTIONS_TICK_S = 1
    bot.questions.upkeep.CLAIM_FOR_S = 1.0
    wire_bot.main()
