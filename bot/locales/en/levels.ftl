# /levels: notices, roles that levels give, and the moderators' queue.

levels-cmd = levels
levels-cmd-desc = Where level-ups are told, and which roles levels give
levels-view-cmd = view
levels-view-desc = See what is set, what hinders it, and how to mend it
levels-notices-cmd = notices
levels-notices-desc = Choose where members hear that somebody reached a level
levels-staff-cmd = staff
levels-staff-desc = Choose where moderators hear of problems, members who wait and shop orders
levels-reward-cmd = reward
levels-reward-desc = Have a level give a role
levels-unreward-cmd = unreward
levels-unreward-desc = Have no level give a role any more; who has it keeps it
levels-queue-cmd = queue
levels-queue-desc = Decide about members whose level would change a role that matters
levels-opt-place = where
levels-opt-place-desc = Nowhere, where the member was active, or one channel
levels-opt-channel = channel
levels-opt-channel-desc = The channel, where one is meant
levels-opt-staff-desc = The moderators' channel; leave it out for none
levels-opt-role = role
levels-opt-role-desc = Which role
levels-opt-level = level
levels-opt-level-desc = From which level on
levels-opt-confirm = confirm
levels-opt-confirm-desc = Whether a moderator confirms before it is given or taken
levels-place-off = nowhere
levels-place-same = same channel
levels-place-channel = one channel
levels-nowhere = nowhere

levels-notice = 🎉 { $member } reached level **{ $level }**.
levels-notice-more = { $n ->
    [one] … and { $n } more member rose.
   *[other] … and { $n } more members rose.
}
levels-title = Levels
levels-line-notices = Level-ups are told: **{ $value }**
levels-line-staff = Moderators hear of problems, who waits and shop orders: **{ $value }**
levels-rewards = Roles
levels-no-rewards = No level gives a role yet. Add one with `/levels reward`.
levels-reward = - Level { $level }: { $role }
levels-reward-confirm = - Level { $level }: { $role }, once a moderator confirms
levels-staff-title = Levels: for moderators
levels-waiting = { $n ->
    [one] { $n } member waits for your decision.
   *[other] { $n } members wait for your decision.
}
levels-open-queue = Open the queue ({ $n })
levels-queue-title = { $n ->
    [one] { $n } member waits
   *[other] { $n } members wait
}
levels-queue-empty = Nobody waits.
levels-eligible = { $member } reached level { $level } and may get { $role }.
levels-doubtful = { $member } fell below level { $level } and has { $role }.
levels-yes-eligible = Give it
levels-no-eligible = Not now
levels-yes-doubtful = Take it
levels-no-doubtful = Let them keep it

levels-problem-permission = { $role } cannot be given: the bot lacks Manage Roles. Give it that permission in Server Settings > Roles; it goes on by itself.
levels-problem-above = { $role } stands above the bot's highest role. Drag the bot's role above it in Server Settings > Roles; it goes on by itself.
levels-problem-managed = { $role } belongs to an integration or to everybody, so nobody can give it. Choose another role.
levels-problem-gone = A role that a level gave was deleted. Set another with `/levels reward`.
levels-problem-refused = Discord refused to change { $role }. Check the bot's permissions, then set it again with `/levels reward`.
levels-problem-closed = The channel for level-ups is closed to the bot. Let it see the channel and send messages there, or choose another with `/levels notices`.

error-levels-channel = Say which channel, too.
error-levels-closed = I cannot write in { $channel }; let me see it and send messages there, or choose another.
error-levels-rewards = Levels can give at most { $most } roles; remove one first with `/levels unreward`.
error-levels-no-reward = No level gives that role.
error-levels-decided = That is decided already, or the level has changed again.
