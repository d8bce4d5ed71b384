# /leaderboard: boards, their pictures, and who is on them.

boards-cmd = leaderboard
boards-cmd-desc = See who has the most points this week, month or season, of all time, or lately
boards-opt-period = period
boards-opt-period-desc = Which period; leave it out for the shortest one anyone is on
boards-opt-share = share
boards-opt-share-desc = Post the leaderboard in this channel instead of showing it to you alone
boards-period-week = this week
boards-period-month = this month
boards-period-season = this season
boards-period-all = all time
boards-period-lately = lately
boards-name = Leaderboard
boards-title = Leaderboard · { $period }
boards-line = { $place } { $member } · { $amount }
boards-line-plain = { $rank }. { $member }, { $amount }
boards-own = You: **#{ $rank }** with { $amount }
boards-own-none = You have no points in this period yet.
boards-own-hidden = You're hidden from leaderboards; your points still count.
boards-empty = Nobody has earned points in this period yet. Post something and take first place.
boards-departed = a former member
boards-somebody = a member
boards-as-text = As text
boards-hide = Hide me from leaderboards
boards-show = Show me on leaderboards
boards-hidden-now = Done: your points no longer show on leaderboards or to other members. You still earn them.
boards-shown-now = Done: you're on the leaderboards again.

error-boards-season = No season is running; choose another period. Moderators can set seasons with `/rules set`.
