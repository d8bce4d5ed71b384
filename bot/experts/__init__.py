"""Experts: what members say they can answer, when and how, who fits a question, who is invited.

Questions themselves belong to `bot.questions`. Nothing is inferred from what anybody writes.
"""
