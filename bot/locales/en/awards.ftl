# Points that moderators give and take by hand.

awards-cmd = award
awards-cmd-desc = Give a member points for something no rule pays
awards-deduct-cmd = deduct
awards-deduct-cmd-desc = Take points from a member
awards-opt-member = member
awards-opt-member-desc = Whose points
awards-opt-points = points
awards-opt-points-desc = How many, at most two decimals
awards-opt-reason = reason
awards-opt-reason-desc = Why, in a few words; the member reads it
awards-opt-share = share
awards-opt-share-desc = Say it in this channel, too

awards-given = { $member } got { $amount }: { $reason }
awards-taken = { $amount } taken from { $member }: { $reason }
awards-shared = 🎉 { $by } gave { $member } { $amount }: { $reason }
awards-unsaid = Not announced in the channel: { $member } keeps their points private.
awards-used = You gave and took { $used } in 24 hours, of at most { $daily }. It is in the audit log.
awards-undo = Undo
awards-undone-award = Undone: { $amount } went back from { $member }.
awards-undone-deduct = Undone: { $member } has { $amount } back.

error-awards-self = You can't give yourself points or take them; ask another moderator.
error-awards-daily = You may give and take { $daily } points in 24 hours together; { $left } are left.
error-awards-too-much = They have earned only { $earned } points; take at most that.
error-awards-untracked = They asked not to be tracked, so nothing is recorded about them.
error-awards-done = That was done already.
error-awards-undone = That was undone already.
