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
points-progress-top = The highest level there is
points-rank = Rank **#{ $rank }** of all time
points-rank-none = Not on the board yet
points-rank-hidden = You stay off the boards; your points still count.
points-today = Today: { $points } of at most { $cap } points
points-last = Latest entries
points-entry = { $change } · { $what } · { $when }
points-entry-message = a message
points-entry-reply = a reply in a thread
points-entry-helpful = a helpful reaction
points-entry-answer = an accepted answer
points-entry-resource = a published resource
points-entry-savers = a resource that others keep
points-entry-review = a review
points-entry-checkin = a check-in
points-entry-other = { $kind }
points-back-message = message deleted, taken back
points-back-reply = reply deleted, taken back
points-back-helpful = helpful reaction gone, taken back
points-back-answer = answer no longer accepted, taken back
points-back-resource = resource retired, taken back
points-back-savers = resource kept by fewer, taken back
points-back-review = review taken back
points-back-checkin = check-in taken back
points-how = No points yet. You earn them by writing, by replying to others in threads, and when others react to what you wrote with { $emoji }.
points-other-hidden = { $member } keeps their points private.

points-hide = Hide me from boards
points-show = Show me on boards
points-hidden-now = Done: boards and other members no longer show your points. You still earn them.
points-shown-now = Done: you are on the boards again.

points-board-cmd = leaderboard
points-board-cmd-desc = Who earned the most points this week, this month or of all time
points-opt-period = period
points-opt-period-desc = Which period to count; if left out, the shortest with anybody on it
points-opt-share = share
points-opt-share-desc = Post the board in this channel instead of showing it to you alone
points-period-week = this week
points-period-month = this month
points-period-all = all time
points-board-title = 🏆 Leaderboard · { $period }
points-board-line = { $place } { $member } · { $amount }
points-board-own = You: **#{ $rank }** with { $amount }
points-board-own-none = You have no points in this period yet.
points-board-empty = Nobody has earned points in this period yet. Write something, and first place is yours.

points-rules-cmd = rules
points-rules-cmd-desc = See and change what earns points here
points-rules-list-cmd = list
points-rules-list-desc = What earns how much, and who changed it last
points-rules-set-cmd = set
points-rules-set-desc = Change one value; what was already earned stays
points-opt-rule = rule
points-opt-rule-desc = Which rule to change
points-opt-field = field
points-opt-field-desc = Which of the rule's values to change
points-opt-value = value
points-opt-value-desc = The new value
points-opt-reason = reason
points-opt-reason-desc = Why, in a few words; kept in the audit log

points-rules-title = Reward rules · version { $version }
points-rules-default = The defaults: nobody has changed them yet. Change one with `/rules set`.
points-rules-line = { $field }: { $value }
points-rules-by = Changed by { $member } { $when }: { $reason }
points-rule-message = Message
points-rule-reply = Reply in a thread
points-rule-helpful = Helpful reaction received
points-rule-answer = Answer accepted
points-rule-resource = Resource published
points-rule-savers = Resource kept by others
points-rule-review = Review done
points-rule-checkin = Daily check-in
points-rule-newcomer = New members
points-rule-multipliers = Multipliers
points-rule-general = Overall
points-rule-levels = Levels
points-rule-seasons = Seasons
points-field-points = points
points-field-cooldown_s = seconds between two
points-field-per_day = times a day
points-field-min_length = minimum length
points-field-pair_per_day = times a day between the same two members
points-field-pair_days = days in which the n-th between the same two pays 1/n
points-field-taper = how many a day pay in full before it becomes 1/2, 1/3…
points-field-needs_new = only what was not just said
points-field-step = members who must keep it
points-field-guild_days = days here until a member is no longer new
points-field-account_days = days on Discord until a member is no longer new
points-field-percent = percent
points-field-channels = percent by channel
points-field-roles = percent by role
points-field-lock_h = hours before thanks the other way pay
points-field-zone = time zone of a day
points-field-curve = curve
points-field-thresholds = where each level begins (list)
points-field-kind = how often
points-field-starts = first days (dates)
points-field-emoji = helpful emoji
points-field-is_capped = counts towards the daily cap
points-field-daily_cap = daily cap in points
points-field-by_hand = points a moderator gives and takes in 24 hours
points-value-length = { $value ->
        [0] 0 (anything)
        [1] 1 (any text)
        [2] 2 (a short sentence)
       *[3] 3 (a long text)
    }
points-value-nothing = –
points-value-yes = yes
points-value-no = no
points-rules-change = { $rule } · { $field }: { $before } → **{ $after }**
points-rules-note = In force from now on. What was already earned stays as it is.

error-points-short = You have { NUMBER($have) } points to spend, and this takes { NUMBER($need) }.
error-points-bot = Bots earn no points; pick a member.
error-points-rule = There is no such rule; pick one of the suggestions.
error-points-field = That rule has no such field; pick one of the suggestions.
error-points-unchanged = It has that value already; write a different one.
error-points-points = Write points from { $low } to { $high }, with at most two decimals.
error-points-seconds = Write whole seconds from { $low } to { $high }.
error-points-count = Write a whole number from { $low } to { $high }.
error-points-length = Write a whole number from { $low } (anything) to { $high } (long texts only).
error-points-days = Write whole days from { $low } to { $high }.
error-points-percent = Write a whole percentage from { $low } to { $high }, without the sign.
error-points-hours = Write whole hours from { $low } to { $high }.
error-points-zone = Write a time zone such as Asia/Shanghai, or “-” for the server's own.
error-points-choice = Write one of: { $choices }.
error-points-weights = Write an id and a percentage from 0 to 1000 each, such as 123456789=150, at most { $high } of them; “-” for none.
error-points-amounts = Write rising numbers of points separated by commas, at most { $high }; “-” for none.
error-points-dates = Write rising dates such as 2026-09-01 separated by commas, at most { $high }; “-” for none.
error-points-switch = Write yes or no.
error-points-emoji = Write { $low } to { $high } emoji, with or without spaces between them, and nothing else.

points-opt-why = why
points-opt-why-desc = List your last entries and why each is what it is
points-why = Why?
points-why-title = 🧾 Why your points are what they are
points-why-none = There is nothing to explain yet: you have no entries.
points-why-newer = Newer
points-why-older = Older
points-why-message = the message
points-why-more = more, because of the channel or a role
points-why-share = 1/{ $n }, for it was not the first of the day or between the same two
points-why-newcomer = less, because the click came from somebody new here
points-why-less = less, because of the channel, a role, or what was left of the day
points-why-cut = cut to what was left of the day
points-why-held = On hold while moderators look at it; nothing is decided.
points-why-reason = Reason: { $reason }
points-why-bought = { $reason }
points-why-version = rules version { $version }
points-why-terms = { $rule }: { $amount }, at most { $count } a day
points-why-cooldown = once in { $count } seconds
points-why-capped = within the day's cap
points-entry-award = given by a moderator
points-entry-deduct = taken by a moderator
points-entry-opening = brought from before
points-entry-spend = redeemed
points-entry-hold = on hold
points-entry-rescore = counted anew
points-back-award = award taken back
points-back-deduct = given back by a moderator
points-back-opening = what was brought, taken back
points-back-spend = refunded
points-back-hold = no longer on hold
points-back-rescore = recount undone
