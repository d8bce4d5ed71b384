# The page of `lyceum demo`.

demo-subtitle = a simulated Discord, the real bot
demo-you-are = You are
demo-channels = Channels
demo-messages = Direct messages
demo-guide-title = Try this first
demo-guide-intro = Pick who you are at the top. Type in the box at the bottom: / lists the commands, Enter picks one, Enter again sends it.
demo-guide-done = That's the tour. Type / to see the other commands: /shop, /checkin, /search, /similar, /saved, /share, /model status.
demo-guide-note = 120 invented members, real public resources. Everything runs on this machine and is deleted when you stop the demo.
demo-loading = Opening the conversation…
demo-go = Go there as
demo-other-language = 中文
demo-new-message = new message
demo-stopped = The demo has stopped. Start it again with make demo.

demo-model-title = What the model is worth
demo-model-lists = Ana's list, before and after
demo-model-empty = Run `/recommend` as Ana, open a card and run it again: both lists appear here.
demo-model-before = Before
demo-model-after = Now
demo-model-new = new
demo-model-hits = the model
demo-model-popular = popularity
demo-model-none = No model is in use yet.
demo-model-measured = Of { $choices } things members opened after the training data ends, so many were among its first ten guesses:

demo-role-nia = newcomer
demo-role-ana = member
demo-role-lin = member (Chinese)
demo-role-mo = moderator

demo-step-recommend = Ask what to read
demo-step-recommend-text = Type `/recommend`. Nia is new, so she sees what others are reading, and is asked once whether the bot may learn from her.
demo-step-open = Open something
demo-step-open-text = Press Open on a card you like, and Save or Not for me on others.
demo-step-again = Ask again
demo-step-again-text = `/recommend` once more: what you did seconds ago has changed the answer.
demo-step-taste = Be a long-time member
demo-step-taste-text = Ana has been here for weeks. `/recommend` tells her why it picked each card.
demo-step-chinese = Now in Chinese
demo-step-chinese-text = 林晓 reads Chinese. `/recommend` answers in her language.
demo-step-points = Earn some points
demo-step-points-text = Say something in the channel, then `/points` and `/leaderboard`.
demo-step-rules = Change a rule
demo-step-rules-text = As the moderator: `/rules list`, then `/rules set`. Nothing already earned changes.
demo-step-preview = See what a change would do
demo-step-preview-text = `/rules draft`: choose a section, then a value, and change it. Preview shows what it would have done to the last 30 days.
demo-step-rescore = Publish and re-score
demo-step-rescore-text = `/rules publish`, then “Re-score since…”: see what would change, then confirm. `/rules history` can undo it.
demo-step-digest = Get the weekly digest
demo-step-digest-text = `/digest on`, then `/digest now`, and read Ana's direct messages on the left.
demo-step-privacy = See what is kept
demo-step-privacy-text = `/privacy` shows your data and lets you export or erase it.
