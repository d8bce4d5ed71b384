# /leaderboard: boards, their pictures, and who is on them.

boards-cmd = leaderboard
boards-cmd-desc = Who earned the most points this week, this month, this season, of all time or lately
boards-opt-period = period
boards-opt-period-desc = Which points to count; if left out, the shortest period with anybody on it
boards-opt-share = share
boards-opt-share-desc = Post the board in this channel instead of showing it to you alone
boards-period-week = this week
boards-period-month = this month
boards-period-season = this season
boards-period-all = all time
boards-period-lately = lately
boards-name = Leaderboard
boards-title = Leaderboard · { $period }
boards-line = { $place } { $member } · { $amount }
boards-own = You: **#{ $rank }** with { $amount }
boards-own-none = You have no points in this period yet.
boards-own-hidden = You stay off the boards; your points still count.
boards-empty = Nobody has earned points in this period yet. Write something, and first place is yours.
boards-departed = somebody who left
boards-somebody = a member
boards-as-text = As text
boards-hide = Hide me from boards
boards-show = Show me on boards
boards-hidden-now = Done: boards and other members no longer show your points. You still earn them.
boards-shown-now = Done: you are on the boards again.

error-boards-season = There is no season now; choose another period. Moderators set seasons with `/rules set`.
