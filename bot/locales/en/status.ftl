# What works in a server, and what needs its moderators; and what the bot's owner is told.

status-cmd = status
status-cmd-desc = See what works, since when, and what needs you
status-title = How Lyceum is doing here
status-well = Everything works, and nothing waits for you.
status-needs = { $n ->
    [one] One thing needs a look.
   *[other] { $n } things need a look.
}
status-gateway = Connected to Discord since { $at }
status-gateway-away = Not connected to Discord at the moment
status-stored = Running and storing what happens since { $at }
status-stored-not = Nothing can be stored now: the operator has to look at the disk. What is posted meanwhile is read later.
status-missing = I lack permissions: **{ $names }**. Server settings → Roles, or invite me again with the same link.
status-staff = No moderators' channel yet: choose one with `/levels staff`, so that I can tell you what waits.
status-waiting = { $n ->
    [one] One proposed page waits: `/review`
   *[other] { $n } proposed pages wait: `/review`
}
status-owed = { $n ->
    [one] One shop order is to be delivered: `/shop-admin queue`
   *[other] { $n } shop orders are to be delivered: `/shop-admin queue`
}
status-model = Recommendations come from a model learned { $at }
status-model-none = Recommendations come from what is popular and new; a model follows when there is more activity
status-refits-fail = Learning what to recommend has failed for { $days } days: the operator has to look at the log.
status-digests = Digests in 8 days: { $sent } sent
status-digests-failed = Digests in 8 days: { $sent } sent, { $failed } refused by Discord
status-digests-late = Digests are { $hours } hours late
status-backup = Last backup { $at }
status-backup-none = No backup yet
status-backup-fails = Backups cannot be made: the operator has to look at the log.
status-backup-old = The last backup was made { $at } and new ones fail: the operator has to look at the log.

status-welcome-title = Thanks for having me
status-welcome = Three things for moderators, and this server is ready:
status-welcome-language = `/server language` and `/server timezone`: how I speak here, and when a day ends.
status-welcome-staff = `/levels staff`: the channel where only moderators read, so that I can notify you there.
status-welcome-resources = `/resource add`: a few pages worth reading; members propose more with `/submit`.
status-welcome-more = `/status` says at any time what works and what needs you, `/rules list` what earns points. I never store what anybody writes; members see, export and erase what is stored about them with `/privacy`.
