# Points, boards and the rules behind them.

points-cmd = points
points-cmd-desc = Your points, level and rank, or somebody else's
points-opt-member = member
points-opt-member-desc = Whose points to look at; leave it out to see your own

points-amount = { $count } { $count ->
        [one] point
       *[other] points
    }
points-title-other = { $member }: { $amount }
points-level = Level { $level }
points-progress = { $bar } { $amount } to level { $next }
points-progress-top = Top level reached
points-rank = Rank **#{ $rank }** of all time
points-rank-none = Not on the leaderboard yet
points-rank-hidden = You're hidden from leaderboards; your points still count.
points-today = Today: { $points } of at most { $cap } points
points-last = Latest entries
points-entry = { $change } · { $what } · { $when }
points-entry-message = a message
points-entry-reply = a reply in a thread
points-entry-helpful = a helpful reaction
points-entry-answer = an accepted answer
points-entry-resource = a published resource
points-entry-savers = a resource that others saved
points-entry-review = a review
points-entry-checkin = a check-in
points-entry-task = a task done
points-entry-purchase = a purchase
points-entry-stake = a bounty staked on a question
points-entry-bounty = a bounty for an accepted answer
points-entry-change = the rest of a bounty
points-entry-other = { $kind }
points-back-message = message deleted, points taken back
points-back-reply = reply deleted, points taken back
points-back-helpful = helpful reaction removed, points taken back
points-back-answer = answer no longer accepted, points taken back
points-back-resource = resource retired, points taken back
points-back-savers = fewer saves, points taken back
points-back-review = review taken back
points-back-checkin = check-in taken back
points-back-task = task to do again, points taken back
points-back-purchase = purchase refunded, points taken back
points-back-stake = bounty returned
points-back-bounty = answer no longer accepted, bounty taken back
points-back-change = answer no longer accepted, the rest of the bounty waits again
points-how = No points yet. Earn them by posting, by replying to others in threads, and when others react to your messages with { $emoji }.
points-other-hidden = { $member } keeps their points private.

points-hide = Hide me from leaderboards
points-show = Show me on leaderboards

points-rule-message = Message
points-rule-reply = Reply in a thread
points-rule-helpful = Helpful reaction received
points-rule-answer = Answer accepted
points-rule-resource = Resource published
points-rule-savers = Resource saved by others
points-rule-review = Review done
points-rule-checkin = Daily check-in
points-rule-task = Task marked as done
points-rule-purchase = Product bought elsewhere
points-rule-newcomer = New members
points-rule-answered = Members who are answered
points-rule-small = Small servers
points-rule-multipliers = Multipliers
points-rule-general = General
points-rule-levels = Levels
points-rule-seasons = Seasons
points-field-points = points
points-field-cooldown_s = cooldown (seconds)
points-field-per_day = max times a day
points-field-min_length = minimum length
points-field-pair_per_day = max times a day per pair of members
points-field-pair_days = pair window in days
points-field-pair_full = full pay for the first N per pair of members
points-field-pair_step = less after that (1: 1/2, 1/3…; 2: 1/3, 1/5…)
points-field-pair_back = what went the other way counts (percent)
points-field-silent_days = days for unanswered replies (n-th pays 1/n)
points-field-answerers = answered by how many for full weight
points-field-answer_days = an answer counts for so many days
points-field-known_to = replies: to whom N others answered
points-field-circle = one circle after N thanks between two
points-field-others = small below so many others taking part
points-field-few_days = taking part means in the last N days
points-field-giver_taper = full pay per asker in 7 days, then 1/2…
points-field-taper = full pay for the first N, then 1/2, 1/3…
points-field-needs_new = only new text (no repeats)
points-field-step = saves needed each time
points-field-guild_days = days here before no longer new
points-field-account_days = account age in days before no longer new
points-field-percent = percent
points-field-channels = percent by channel
points-field-roles = percent by role
points-field-lock_h = hours before return thanks earn points
points-field-zone = time zone for days
points-field-curve = curve
points-field-thresholds = level thresholds (list)
points-field-kind = how often
points-field-starts = start dates
points-field-emoji = helpful emoji
points-field-is_capped = counts towards the daily cap
points-field-daily_cap = daily point cap
points-field-by_hand = manual points per moderator in 24 hours

error-points-short = This costs { NUMBER($need) } points and you have { NUMBER($have) } to spend.
error-points-bot = Bots earn no points; pick a member.
error-points-rule = There is no such rule; pick one from the list.
error-points-field = That rule has no such setting; pick one from the list.
error-points-unchanged = It already has that value; enter a different one.
error-points-points = Enter a number of points from { $low } to { $high }, with at most two decimals.
error-points-seconds = Enter a whole number of seconds from { $low } to { $high }.
error-points-count = Enter a whole number from { $low } to { $high }.
error-points-length = Enter a whole number from { $low } (anything) to { $high } (long texts only).
error-points-days = Enter a whole number of days from { $low } to { $high }.
error-points-percent = Enter a whole percentage from { $low } to { $high }, without the % sign.
error-points-hours = Enter a whole number of hours from { $low } to { $high }.
error-points-zone = Enter a time zone such as Asia/Shanghai, or “-” for the server's own.
error-points-choice = { $field ->
    [curve] Enter one of: “{ rulebook-choice-mee6 }”, “{ rulebook-choice-linear }”, “{ rulebook-choice-skool }”, “{ rulebook-choice-list }”.
   *[kind] Enter one of: “{ rulebook-choice-none }”, “{ rulebook-choice-monthly }”, “{ rulebook-choice-quarterly }”, “{ rulebook-choice-dates }”.
}
error-points-weights = Enter ids with a percentage from 0 to 1000, such as 123456789=150, at most { $high }; “-” for none.
error-points-amounts = Enter increasing numbers of points, separated by commas, at most { $high }; “-” for none.
error-points-dates = Enter dates in order, such as 2026-09-01, separated by commas, at most { $high }; “-” for none.
error-points-switch = Enter yes or no.
error-points-emoji = Enter { $low } to { $high } emoji, with or without spaces between them, and nothing else.

points-opt-why = why
points-opt-why-desc = List your latest entries with the reason for each
points-why = Why?
points-why-title = 🧾 Your points, explained
points-why-none = You have no entries yet, so there is nothing to explain.
points-why-newer = ◀ Newer
points-why-older = Older ▶
points-why-message = the message
points-why-more = extra, because of the channel or a role
points-why-share = 1/{ $n } of the points: not the first today, with this member, from this asker, or to members who have not answered
points-why-newcomer = fewer points: the reaction came from a new member
points-why-unanswered = fewer points: hardly anybody outside your circle has answered whoever reacted yet
points-day = A good day here: { $parts } – { $amount } together.
points-day-and = , { "" }
points-day-message = { $n } messages ({ $points })
points-day-reply = { $n } replies to members who answer you ({ $points })
points-day-helpful = { $n } thanks from different members ({ $points })
points-day-answer = { $n ->
    [one] an accepted answer ({ $points })
   *[other] { $n } accepted answers ({ $points })
}
points-used = In the last 30 days this paid { $paid } to { $members ->
    [one] one member
   *[other] { $members } members
}, and held back { $held } from { $fewer ->
    [one] one of them
   *[other] { $fewer } of them
} by shares and caps.
points-used-nothing = In the last 30 days this paid nothing.
points-why-less = fewer points, because of the channel, a role, or today's limit
points-why-cut = reduced to what was left of today's limit
points-why-held = On hold while moderators look into it; nothing has been decided yet.
points-why-reason = Reason: { $reason }
points-why-bought = { $reason }
points-why-version = { $version ->
    [0] default rules
   *[other] rules version { $version }
}
points-why-terms = { $rule }: { $amount }, at most { $count } a day
points-why-cooldown = once every { $count } seconds
points-why-capped = counts towards the daily cap
points-entry-award = given by a moderator
points-entry-deduct = taken by a moderator
points-entry-opening = imported balance
points-entry-spend = redeemed
points-entry-hold = on hold
points-entry-rescore = already spent, not deducted
points-back-award = award taken back
points-back-deduct = given back by a moderator
points-back-opening = imported balance taken back
points-back-spend = refunded
points-back-hold = released
points-back-rescore = waiver undone

error-points-rescoring = Points are being re-scored here; please try again later.
points-entry-rescored = { $count ->
        [one] one entry
       *[other] { $count } entries
    } re-scored since { $since }
points-entry-undone = re-score since { $since } undone: { $count ->
        [one] one entry
       *[other] { $count } entries
    } as before
points-why-erased = –
