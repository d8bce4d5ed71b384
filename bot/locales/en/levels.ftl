# /levels: notices, roles that levels give, and the moderators' queue.

levels-cmd = levels
levels-cmd-desc = Set where level-ups are announced and which roles levels give
levels-view-cmd = view
levels-view-desc = See the settings, any problems, and how to fix them
levels-notices-cmd = notices
levels-notices-desc = Choose where level-ups are announced
levels-staff-cmd = staff
levels-staff-desc = Choose where moderators are notified of problems, pending decisions and shop orders
levels-reward-cmd = reward
levels-reward-desc = Give members a role when they reach a level
levels-unreward-cmd = remove-reward
levels-unreward-desc = Stop giving a role for a level; members who have it keep it
levels-queue-cmd = queue
levels-queue-desc = Decide on roles that need a moderator's confirmation
levels-opt-place = where
levels-opt-place-desc = Nowhere, the channel the member was active in, or one fixed channel
levels-opt-channel = channel
levels-opt-channel-desc = Which channel, if you chose one
levels-opt-staff-desc = The moderators' channel; leave it out for none
levels-opt-role = role
levels-opt-role-desc = Which role
levels-opt-level = level
levels-opt-level-desc = The level that gives the role
levels-opt-confirm = confirm
levels-opt-confirm-desc = Whether a moderator must confirm before the role is given or taken away
levels-place-off = nowhere
levels-place-same = where they were active
levels-place-channel = a fixed channel
levels-nowhere = off

levels-notice = 🎉 { $member } reached level **{ $level }**.
levels-notice-more = { $n ->
    [one] … and { $n } more member levelled up.
   *[other] … and { $n } more members levelled up.
}
levels-title = Levels
levels-line-notices = Level-up announcements: **{ $value }**
levels-line-staff = Moderator notifications: **{ $value }**
levels-staff-readers = These roles can read it, too: { $roles }
levels-rewards = Roles
levels-no-rewards = No level gives a role yet. Add one with `/levels reward`.
levels-reward = - Level { $level }: { $role }
levels-reward-confirm = - Level { $level }: { $role }, once a moderator confirms
levels-staff-title = Levels: moderator notice
levels-waiting = { $n ->
    [one] { $n } member is waiting for your decision.
   *[other] { $n } members are waiting for your decision.
}
levels-open-queue = Open the queue ({ $n })
levels-queue-title = { $n ->
    [one] { $n } member waiting
   *[other] { $n } members waiting
}
levels-queue-empty = No level role is waiting for your decision.
levels-eligible = { $member } reached level { $level } and qualifies for { $role }.
levels-doubtful = { $member } fell below level { $level } and still has { $role }.
levels-yes-eligible = Give role
levels-no-eligible = Not now
levels-yes-doubtful = Take role away
levels-no-doubtful = Let them keep it

levels-problem-permission = I can't give { $role }: I lack the Manage Roles permission. Grant it in Server Settings > Roles; I'll then continue automatically.
levels-problem-above = { $role } is above my highest role. Drag my role above it in Server Settings > Roles; I'll then continue automatically.
levels-problem-managed = { $role } is managed by an integration or is @everyone, so it can't be given. Choose another role.
levels-problem-gone = A role given by a level was deleted. Set another one with `/levels reward`.
levels-problem-refused = Discord refused to change { $role }. Check my permissions, then set it again with `/levels reward`.
levels-problem-dangerous = I don't give { $role }: it has permissions that only the server's owner may have me give. Take them from it in Server Settings > Roles, or let the owner set it again with `/levels reward`.
levels-problem-unpermitted = I don't give { $role }: whoever set it lacks the Manage Roles permission. Let somebody who may give it set it again with `/levels reward`.
levels-problem-outranked = I don't give { $role }: it isn't below the highest role of whoever set it. Let somebody who may give it set it again with `/levels reward`.
levels-problem-absent = I don't give { $role }: whoever set it has left or is unknown. Let somebody who may give it set it again with `/levels reward`.
levels-problem-closed = I can't post in the channel for level-ups. Let me view the channel and send messages there, or choose another with `/levels notices`.

error-levels-channel = Choose a channel as well.
error-levels-closed = I can't post in { $channel }; let me view the channel and send messages there, or choose another.
error-levels-public = Everybody can read { $channel }, and moderator notifications name members. Choose a channel that @everyone can't view.
error-levels-rewards = Levels can give at most { $most } roles; remove one first with `/levels remove-reward`.
error-levels-no-reward = No level gives that role.
error-levels-decided = That has already been decided, or the level has changed since.
