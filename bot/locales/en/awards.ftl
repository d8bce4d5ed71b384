# Points that moderators give and take by hand.

awards-cmd = award
awards-cmd-desc = Give a member points for something the rules don't cover
awards-deduct-cmd = deduct
awards-deduct-cmd-desc = Take points from a member
awards-opt-member = member
awards-opt-member-desc = Which member
awards-opt-points = points
awards-opt-points-desc = How many points, up to two decimals
awards-opt-reason = reason
awards-opt-reason-desc = Why, in a few words; the member will see it
awards-opt-share = share
awards-opt-share-desc = Also announce it in this channel

awards-given = { $member } got { $amount }: { $reason }
awards-taken = { $amount } taken from { $member }: { $reason }
awards-shared = 🎉 { $by } gave { $member } { $amount }: { $reason }
awards-unsaid = Not announced in the channel: { $member } keeps their points private.
awards-used = In the last 24 hours you have given and taken { $used } (limit { $daily }).
awards-undo = Undo
awards-undone-award = Undone: { $amount } taken back from { $member }.
awards-undone-deduct = Undone: { $member } has { $amount } back.

error-awards-self = You can't give points to yourself or take them from yourself; ask another moderator.
error-awards-reason = Enter a reason.
error-awards-daily = You can give and take at most { $daily } points in 24 hours; you have { $left } left.
error-awards-too-much = They have earned only { $earned } points, so you can take at most that many.
error-awards-untracked = This member has turned tracking off, so no points can be recorded for them.
error-awards-done = That has already been done.
error-awards-undone = That has already been undone.
