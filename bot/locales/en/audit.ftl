# /server log: what moderators changed.

audit-cmd = log
audit-cmd-desc = See who changed what, when and why
audit-opt-kind = kind
audit-opt-kind-desc = Only this kind of change
audit-opt-member = member
audit-opt-member-desc = Only what was decided about this member
audit-opt-moderator = moderator
audit-opt-moderator-desc = Only what this moderator did
audit-opt-since = since
audit-opt-since-desc = Only from this day on, such as 2026-03-31
audit-since-choice = { $days ->
    [0] { $day } (today)
    [one] { $day } (yesterday)
   *[other] { $day } ({ $days } days ago)
}

audit-kind-server = Server settings
audit-kind-rules = Points rules
audit-kind-points = Points by hand
audit-kind-evidence = Evidence
audit-kind-shop = Shop
audit-kind-purchases = Purchases
audit-kind-questions = Questions
audit-kind-levels = Levels
audit-kind-catalogue = Catalogue
audit-kind-digest = Channel digest
audit-kind-model = Recommendations
audit-kind-import = Imports

audit-title = 📒 Moderators' log
audit-everything = Everything
audit-about = about { $member }
audit-by = by { $member }
audit-since = since { $day }
audit-none = Nothing fits these filters.
audit-newest = Newest
audit-newer = ◀ Newer
audit-older = Older ▶
audit-file = Export as CSV
audit-exported = { $n ->
    [one] The log as a table: { $n } entry. Only you can see this.
   *[other] The log as a table: { $n } entries. Only you can see this.
}
audit-exported-newest = The newest { $n } entries as a table; use filters to get older ones. Only you can see this.
audit-line = { $when } · { $who } { $what }
audit-unknown = –
audit-members = { $n ->
    [one] { $n } member
   *[other] { $n } members
}
audit-change = { $rule } · { $field }: { $before } → { $after }
audit-between = { "; " }
audit-changes-more = { $n } more

audit-column-time = Time (UTC)
audit-column-moderator = Moderator
audit-column-moderator-name = Name
audit-column-kind = Kind
audit-column-what = What
audit-column-members = About
audit-column-reason = Reason

audit-action-server-language = set the server's language from { $before } to { $after }
audit-action-server-time-zone = set the server's time zone from { $before } to { $after }
audit-action-server-synonyms = changed { $changed ->
    [one] { $changed } line
   *[other] { $changed } lines
} of the server's synonyms; there are { $n } now
audit-action-server-consent-policy = set how members are asked about training from “{ $before }” to “{ $after }”

audit-action-rules-draft = changed the draft of the rules: { $changes }
audit-action-rules-import = imported a draft of the rules: { $changes }
audit-action-rules-discard = discarded the draft of the rules
audit-action-rules-publish = published version { $version } of the rules: { $changes }
audit-action-rules-rescore = re-scored points earned since { $since } by version { $version }
audit-action-rules-rescore-undo = undid the re-score of points earned since { $since }

audit-action-points-award = gave { $members } { $amount }
audit-action-points-deduct = took { $amount } from { $members }
audit-action-points-undo = undid giving or taking { $amount } by hand ({ $members })

audit-action-ring-hold = put { $entries ->
    [one] { $entries } entry
   *[other] { $entries } entries
} of { $members } on hold
audit-action-ring-release = released { $entries ->
    [one] { $entries } entry
   *[other] { $entries } entries
} of { $members }
audit-action-ring-reverse = reversed { $entries ->
    [one] { $entries } entry
   *[other] { $entries } entries
} of { $members }

audit-action-shop-add = put “{ $title }” into the shop
audit-action-shop-edit = changed “{ $title }” in the shop: { $fields }
audit-action-shop-stock = added { $n } to the stock of “{ $title }”
audit-action-shop-retire = took “{ $title }” out of the shop
audit-action-shop-restore = put “{ $title }” back into the shop
audit-action-shop-fulfil = delivered “{ $title }” to { $members }
audit-action-shop-refund = refunded “{ $title }” to { $members }
audit-action-product-add = added the product “{ $title }”
audit-action-product-edit = changed the product “{ $title }”: { $fields }
audit-action-product-retired = stopped selling the product “{ $title }”
audit-action-product-live = sold the product “{ $title }” again
audit-action-purchase-grant = gave { $members } a product by hand
audit-action-purchase-refund = took back purchase { $subject } of { $members }
audit-action-purchase-assign = said that purchase { $subject } is { $members }'s
audit-action-purchase-undo = undid something about purchase { $subject } of { $members }

audit-action-questions-setup = changed where questions are asked, or how they are looked after
audit-action-questions-accept = accepted an answer for its asker ({ $members })
audit-action-questions-reopen = reopened a question, whose answer is no longer accepted ({ $members })
audit-action-questions-close = closed a question ({ $members })
audit-action-questions-bounty = returned a bounty to { $members }
audit-action-questions-link = linked a question to an earlier one ({ $members })
audit-action-experts-approve = approved the expert card of { $members }
audit-action-experts-decline = declined the expert card of { $members }
audit-action-levels-notices = chose where level-ups are announced: { $place } { $channel }
audit-action-digest-channel-on = had a digest posted in a channel every week
audit-action-digest-channel-off = ended the channel's digest
audit-action-levels-staff = { $channel ->
    [0] chose that moderators are notified nowhere
   *[other] chose where moderators are notified: { $channel }
}
audit-action-levels-reward = { $confirm ->
    [true] set { $role } as the reward of level { $level }, to be confirmed by a moderator
   *[false] set { $role } as the reward of level { $level }
}
audit-action-levels-unreward = removed { $role } as a level reward
audit-action-levels-decide = { $state ->
    [due] gave { $role } to { $members }
    [declined] declined to give { $role } to { $members }
    [undue] took { $role } from { $members }
   *[kept] let { $members } keep { $role }
}

audit-action-resource-add = added “{ $title }” to the catalogue
audit-action-resource-edit = changed “{ $title }” in the catalogue: { $fields }
audit-action-resource-retired = retired “{ $title }”
audit-action-resource-live = brought “{ $title }” back
audit-action-submission-publish = approved “{ $title }”, proposed by { $members }
audit-action-submission-reject = rejected “{ $title }”, proposed by { $members }
audit-action-submission-undo = took back what was decided on “{ $title }”
audit-action-submission-edit = corrected the submission “{ $title }”: { $fields }
audit-action-submission-seek = had experts asked to review “{ $title }”
audit-action-submission-ask = asked { $members } to review “{ $title }”
audit-action-feedback-show = let everybody read what { $members } wrote about “{ $title }”
audit-action-path-make = made the path “{ $title }”
audit-action-path-step = changed the steps of the path “{ $title }” ({ $count } now)
audit-action-path-edit = changed what the path “{ $title }” says of itself
audit-action-path-retire = took the path “{ $title }” out of sight
audit-action-path-restore = brought the path “{ $title }” back
audit-action-path-before = said that “{ $after }” comes before “{ $title }”
audit-action-task-make = set the task “{ $title }”
audit-action-task-edit = changed the task “{ $title }”
audit-action-task-end = took the task “{ $title }” out of sight
audit-action-task-restore = brought the task “{ $title }” back
audit-action-task-mark = marked what somebody handed in for “{ $title }”: { $mark ->
    [done] done
    [excellent] excellent
   *[again] to do again
}
audit-action-path-unbefore = took back that “{ $after }” comes before “{ $title }”
audit-action-tags-add = put the tag “{ $title }” into the tree
audit-action-tags-edit = changed the tag “{ $title }”
audit-action-tags-merge = merged the tag “{ $title }” into “{ $after }”
audit-action-tags-remove = took the tag “{ $title }” out of the tree
audit-action-tags-import = brought tags from a file
audit-action-tags-undo = undid a change of the tags
audit-action-tags-open = allowed tags outside the tree
audit-action-tags-close = refused tags outside the tree
audit-action-feedback-works = looked at the link of “{ $title }”: it works
audit-action-feedback-hide = hid what { $members } wrote about “{ $title }”

audit-action-wish-fulfil = fulfilled wish { $subject }
audit-action-wish-drop = put wish { $subject } aside
audit-action-source-add = began to follow the source “{ $title }”
audit-action-source-edit = changed the source “{ $title }”
audit-action-source-remove = stopped following the source “{ $title }”
audit-action-source-import = imported { $n } sources
audit-action-resource-merge = merged “{ $title }” into “{ $after }”
audit-action-resource-replace = retired “{ $title }”, replaced by “{ $after }”
audit-action-resource-edition = said of which work “{ $title }” is an edition
audit-action-resource-gem = marked “{ $title }” as a gem
audit-action-resource-ungem = took the gem from “{ $title }”
audit-action-resource-current = found “{ $title }” still current

audit-action-model-refit = { $state ->
    [live] trained a new model, which is now in use
    [rejected] trained a new model, which was no better and is not used
   *[other] started a training that failed
}

audit-action-import-catalog = imported a catalogue: { $n } added, { $changed } changed
audit-action-import-interactions = imported { $n ->
    [one] { $n } interaction
   *[other] { $n } interactions
} of { $members }
audit-action-import-points = imported points from another bot: { $members }, { $amount } in total
audit-action-import-purchases = imported { $n ->
    [one] { $n } purchase
   *[other] { $n } purchases
}
audit-action-import-points-undo = undid an import of points: { $members }, { $amount } in total

error-audit-since = “{ $value }” is not a day; enter one such as { $today }.
audit-action-insights-today = changed what the moderators' channel gets by itself
audit-action-insights-holdout = changed who is held out
audit-action-experiment-start = started an experiment
audit-action-experiment-stop = stopped an experiment
