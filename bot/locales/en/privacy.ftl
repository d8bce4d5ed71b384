# /privacy: what is stored, export, learning, tracking, erasing.

privacy-cmd = privacy
privacy-cmd-desc = See, export or erase what Lyceum stores about you

privacy-title = What Lyceum stores about you here
privacy-since = Since { $day }, and only in this server:
privacy-stored = Only in this server:
privacy-nothing = Nothing yet.
privacy-more = { $n ->
    [one] …and { $n } kind more: **Export** has all of it
   *[other] …and { $n } kinds more: **Export** has all of them
}
privacy-purpose = **What it's for:** your recommendations, your points and level roles, and the digests you ask for. Moderators may look at points for signs of farming. “Learning from you” below says what of it helps train the recommendations that everyone here gets. The text of your messages is never stored.
privacy-kept = Kept by whoever runs this bot, until you erase it or 30 days after this server removes the bot.
privacy-line-learning = **Learning from you:** { $value }
privacy-line-until = What was learned from you before stays in use until { $when } at the latest.
privacy-line-tracking = **Tracking:** { $value }
privacy-tracking-on = on; what you do here is recorded
privacy-tracking-off = off; nothing you do is recorded, except what you set up or hand in yourself and what you take back, and you earn no points
privacy-model = The recommender keeps no profile of you: each recommendation is worked out from what is listed above. What you erase, or no longer let it learn from, is left out of every later training, and what was learned from it before goes out of use within a day.

privacy-event-message = { $n ->
    [one] { $n } message: when, where and how long, never the text
   *[other] { $n } messages: when, where and how long, never the text
}
privacy-event-message-deleted = { $n ->
    [one] { $n } deleted message
   *[other] { $n } deleted messages
}
privacy-event-reaction = { $n ->
    [one] { $n } reaction
   *[other] { $n } reactions
}
privacy-event-reaction-removed = { $n ->
    [one] { $n } removed reaction
   *[other] { $n } removed reactions
}
privacy-event-thread = { $n ->
    [one] { $n } thread started
   *[other] { $n } threads started
}
privacy-event-open = { $n ->
    [one] { $n } resource opened
   *[other] { $n } resources opened
}
privacy-event-save = { $n ->
    [one] { $n } resource saved
   *[other] { $n } resources saved
}
privacy-event-unsave = { $n ->
    [one] { $n } resource no longer saved
   *[other] { $n } resources no longer saved
}
privacy-event-dismiss = { $n ->
    [one] { $n } “Not for me”
   *[other] { $n } times “Not for me”
}
privacy-event-undismiss = { $n ->
    [one] { $n } “Not for me” taken back
   *[other] { $n } times “Not for me” taken back
}
privacy-event-comment = { $n ->
    [one] { $n } comment on a resource
   *[other] { $n } comments on resources
}
privacy-event-follow = { $n ->
    [one] { $n } resource followed
   *[other] { $n } resources followed
}
privacy-event-accepted = { $n ->
    [one] { $n } answer accepted
   *[other] { $n } answers accepted
}
privacy-event-unaccepted = { $n ->
    [one] { $n } accepted answer taken back
   *[other] { $n } accepted answers taken back
}
privacy-event-published = { $n ->
    [one] { $n } resource published
   *[other] { $n } resources published
}
privacy-event-retired = { $n ->
    [one] { $n } resource retired
   *[other] { $n } resources retired
}
privacy-event-task-done = { $n ->
    [one] { $n } task that you marked as done
   *[other] { $n } tasks that you marked as done
}
privacy-event-task-undone = { $n ->
    [one] { $n } task that you marked to do again
   *[other] { $n } tasks that you marked to do again
}
privacy-event-reviewed = { $n ->
    [one] { $n } review
   *[other] { $n } reviews
}
privacy-event-checkin = { $n ->
    [one] { $n } check-in
   *[other] { $n } check-ins
}
privacy-event-solved = { $n ->
    [one] { $n } question that a resource solved
   *[other] { $n } questions that resources solved
}
privacy-event-unsolved = { $n ->
    [one] { $n } such solution taken back
   *[other] { $n } such solutions taken back
}
privacy-event-useful = { $n ->
    [one] { $n } resource you called useful
   *[other] { $n } resources you called useful
}
privacy-event-known = { $n ->
    [one] { $n } resource you said you know
   *[other] { $n } resources you said you know
}
privacy-event-too-easy = { $n ->
    [one] { $n } resource you called too easy
   *[other] { $n } resources you called too easy
}
privacy-event-too-hard = { $n ->
    [one] { $n } resource you called too hard
   *[other] { $n } resources you called too hard
}
privacy-event-outdated = { $n ->
    [one] { $n } resource you called outdated
   *[other] { $n } resources you called outdated
}
privacy-event-broken = { $n ->
    [one] { $n } link you reported as broken
   *[other] { $n } links you reported as broken
}
privacy-event-liked = { $n ->
    [one] { $n } resource you rated 4 or 5
   *[other] { $n } resources you rated 4 or 5
}
privacy-event-rated = { $n ->
    [one] { $n } resource you rated 3
   *[other] { $n } resources you rated 3
}
privacy-event-disliked = { $n ->
    [one] { $n } resource you rated 1 or 2
   *[other] { $n } resources you rated 1 or 2
}
privacy-event-started = { $n ->
    [one] { $n } resource you marked as in progress
   *[other] { $n } resources you marked as in progress
}
privacy-event-done = { $n ->
    [one] { $n } resource you marked as done
   *[other] { $n } resources you marked as done
}
privacy-event-retracted = { $n ->
    [one] { $n } of these taken back
   *[other] { $n } of these taken back
}
privacy-event-purchase = { $n ->
    [one] { $n } resource that a purchase opened
   *[other] { $n } resources that purchases opened
}
privacy-event-refund = { $n ->
    [one] { $n } such purchase ended or refunded
   *[other] { $n } such purchases ended or refunded
}
privacy-event-paid = { $n ->
    [one] { $n } product you paid for
   *[other] { $n } products you paid for
}
privacy-event-paid-back = { $n ->
    [one] { $n } product you got your money back for
   *[other] { $n } products you got your money back for
}

privacy-rows-events = { $n ->
    [one] { $n } reaction or reply to you from others
   *[other] { $n } reactions and replies to you from others
}
privacy-rows-impressions = { $n ->
    [one] { $n } recommendation shown to you
   *[other] { $n } recommendations shown to you
}
privacy-rows-experiments = { $n ->
    [one] 1 experiment you started
   *[other] { $n } experiments you started
 }
privacy-rows-links = { $n ->
    [one] { $n } personal link to a resource
   *[other] { $n } personal links to resources
}
privacy-rows-ledger = { $n ->
    [one] { $n } points entry, yours or given by you
   *[other] { $n } points entries, yours or given by you
}
privacy-rows-balances = your points balance
privacy-rows-period-points = { $n ->
    [one] { $n } weekly or monthly points total
   *[other] { $n } weekly and monthly points totals
}
privacy-rows-daily-points = { $n ->
    [one] { $n } daily points total
   *[other] { $n } daily points totals
}
privacy-rows-member-levels = your level when last checked
privacy-rows-level-grants = { $n ->
    [one] { $n } record of a level role, yours or decided by you
   *[other] { $n } records of level roles, yours or decided by you
}
privacy-rows-level-rewards = { $n ->
    [one] { $n } level role you set
   *[other] { $n } level roles you set
}
privacy-rows-level-notices = { $n ->
    [one] { $n } level-up waiting to be announced
   *[other] { $n } level-ups waiting to be announced
}
privacy-rows-shop-items = { $n ->
        [one] one item you put into the shop
       *[other] { $n } items you put into the shop
    }
privacy-rows-rule-drafts = { $n ->
        [one] { $n } draft of the rules that you changed
       *[other] { $n } drafts of the rules that you changed
    }
privacy-rows-role-ends = { $n ->
        [one] the end date of a role you redeemed before you erased your data
       *[other] the end dates of { $n } roles you redeemed before you erased your data
    }
privacy-rows-redemptions = { $n ->
        [one] one thing you redeemed or delivered
       *[other] { $n } things you redeemed or delivered
    }
privacy-rows-checkins = { $n ->
        [one] 1 day you checked in
       *[other] { $n } days you checked in
    }
privacy-rows-questions = { $n ->
    [one] { $n } question you asked
   *[other] { $n } questions you asked
}
privacy-rows-question-answers = { $n ->
    [one] { $n } answer, yours or accepted by you
   *[other] { $n } answers, yours or accepted by you
}
privacy-rows-question-followers = { $n ->
    [one] { $n } question you have too
   *[other] { $n } questions you have too
}
privacy-rows-experts = your expert card, or a card you decided on
privacy-rows-invitations = { $n ->
    [one] { $n } question you were asked to answer
   *[other] { $n } questions you were asked to answer
}
privacy-rows-digest-settings = your digest settings
privacy-rows-deliveries = { $n ->
    [one] { $n } digest prepared for you
   *[other] { $n } digests prepared for you
}
privacy-rows-members = your profile and choices
privacy-rows-resources = { $n ->
    [one] { $n } resource you made or added
   *[other] { $n } resources you made or added
}
privacy-rows-submissions = { $n ->
    [one] { $n } page you proposed or decided on
   *[other] { $n } pages you proposed or decided on
}
privacy-rows-reviews = { $n ->
    [one] { $n } review you were asked for or asked somebody for
   *[other] { $n } reviews you were asked for or asked somebody for
}
privacy-rows-wishes = { $n ->
    [one] { $n } wish you decided on
   *[other] { $n } wishes you decided on
}
privacy-rows-wish-voices = { $n ->
    [one] { $n } thing you asked for or searched for in vain
   *[other] { $n } things you asked for or searched for in vain
}
privacy-rows-sources = { $n ->
    [one] { $n } source you added
   *[other] { $n } sources you added
}
privacy-rows-products = { $n ->
    [one] { $n } product you added or whose role you chose
   *[other] { $n } products you added or whose role you chose
}
privacy-rows-purchases = { $n ->
    [one] { $n } purchase made elsewhere
   *[other] { $n } purchases made elsewhere
}
privacy-rows-purchase-facts = { $n ->
    [one] { $n } entry that says whose a purchase is, or what you did about one
   *[other] { $n } entries that say whose a purchase is, or what you did about one
}
privacy-rows-accesses = { $n ->
    [one] { $n } product that you have or had
   *[other] { $n } products that you have or had
}
privacy-rows-claim-tries = { $n ->
    [one] { $n } try to claim a purchase
   *[other] { $n } tries to claim a purchase
}
privacy-rows-purchase-notices = { $n ->
    [one] { $n } message about what you bought
   *[other] { $n } messages about what you bought
}
privacy-rows-receipt-settings = { $n ->
    [one] { $n } setting of your monthly receipt
   *[other] { $n } settings of your monthly receipt
}
privacy-rows-opinions = { $n ->
    [one] { $n } thing you said of a resource
   *[other] { $n } things you said of resources
}
privacy-rows-ratings = { $n ->
    [one] { $n } rating of yours, or decision on one
   *[other] { $n } ratings of yours, or decisions on others' sentences
}
privacy-rows-tasks = { $n ->
    [one] { $n } task you set
   *[other] { $n } tasks you set
}
privacy-rows-works = { $n ->
    [one] { $n } piece of work you handed in or marked
   *[other] { $n } pieces of work you handed in or marked
}
privacy-rows-paths = { $n ->
    [one] { $n } path you made
   *[other] { $n } paths you made
}
privacy-rows-prerequisites = { $n ->
    [one] { $n } time you said what comes before a resource
   *[other] { $n } times you said what comes before a resource
}
privacy-rows-tag-changes = { $n ->
    [one] { $n } change of the server's tags
   *[other] { $n } changes of the server's tags
}
privacy-rows-keepings = { $n ->
    [one] { $n } note or progress mark in your library
   *[other] { $n } notes and progress marks in your library
}
privacy-rows-rule-sets = { $n ->
    [one] { $n } version of the points rules you set
   *[other] { $n } versions of the points rules you set
}
privacy-rows-rescores = { $n ->
    [one] { $n } re-score of points you decided
   *[other] { $n } re-scores of points you decided
}
privacy-rows-learned-from = { $n ->
    [one] { $n } note that a model in use or kept has learned from you
   *[other] { $n } notes that models in use or kept have learned from you
}
privacy-rows-audit = { $n ->
    [one] { $n } log entry of a change or decision you made
   *[other] { $n } log entries of changes or decisions you made
}
privacy-rows-audit-about = { $n ->
    [one] { $n } moderator's decision about you
   *[other] { $n } moderators' decisions about you
}

privacy-button-export = Export
privacy-button-track-on = Resume tracking
privacy-button-track-off = Stop tracking
privacy-button-erase = Erase…
privacy-export = Everything Lyceum stores about you in this server. Only you can see this.

privacy-erase-title = Erase what is stored about you here?
privacy-erase-text =
    Your activity records, points, redemptions, settings and digests in this server are permanently deleted, including orders you have not received yet and pages you proposed that are not published. Things that belong to everyone, such as resources you added, stay, without your ID. This can't be undone.
    A role you redeemed or bought for a limited time stays until it expires; only its end date is kept until then.
    - **Erase everything**: you start again as a new member, and what you do from then on is recorded.
    - **Erase and stop tracking**: nothing is recorded any more; only your ID stays, on the do-not-track list.
privacy-erase-owed = ⚠️ { $n ->
    [one] **One order of yours is not delivered yet.** If you erase it, nobody will deliver it, and its points do not come back.
   *[other] **{ $n } orders of yours are not delivered yet.** If you erase them, nobody will deliver them, and their points do not come back.
}
privacy-erase-codes = ⚠️ { $n ->
    [one] **You redeemed a code.** Note it down first (`/redeem` shows it); afterwards nobody can show it to you again.
   *[other] **You redeemed { $n } codes.** Note them down first (`/redeem` shows them); afterwards nobody can show them to you again.
}
privacy-erase-stays = What stays, without your ID or name: points others got through you, resources, shop items and rules you added, and that moderators decided something, without their reasons about you. Purchases made elsewhere stay as the shop reported them (shop, order number, amount, date), for whoever sold them must keep that; nothing says any more that they were yours, and what they opened is taken back. What I posted in channels stays there until somebody deletes it. Backups made before now keep your data until they are deleted, usually within 35 days.
privacy-erase-all = Erase everything
privacy-erase-stop = Erase and stop tracking
privacy-erase-cancel = Cancel
privacy-erased-title = Erased
privacy-erased-text = { $n ->
    [0] There was nothing left to erase.
    [one] { $n } entry was deleted or no longer carries your ID. Later training won't use it.
   *[other] { $n } entries were deleted or no longer carry your ID. Later training won't use them.
}
privacy-erased-until = What the recommendations in use have learned from you goes out of use by { $when } at the latest.
privacy-erased-unlearned = The recommendations in use have learned nothing from you. A training that is running now may have; what it learned is used for a day at most.
privacy-erased-newcomer = From now on you count as a new member, and what you do is recorded.
privacy-erased-stopped = From now on nothing you do is recorded. Only your ID stays, on the do-not-track list; you can take it off with `/privacy`.

privacy-unnoted = ⚠️ Done, but it could not be noted beside the backups, so restoring a backup from before now would undo it. The bot keeps trying, every minute; whoever runs it can see why in its log.

privacy-button-notice = Privacy notice
privacy-notice-title = Privacy notice
privacy-notice-what = What is stored about members
privacy-notice-activity = What you did and when: messages, reactions, threads, pages opened or saved, check-ins, what was shown to you. { $kept }
privacy-notice-points = Your points, each with its reason, your level, and rules you decided on. { $kept }
privacy-notice-self = Your own settings: language, timezone, interests, choices, your expert card, digests. { $kept }
privacy-notice-wishes = Wishes you made or supported. { $kept }
privacy-notice-questions = Questions you asked, answered or follow: the thread, never its messages. { $kept }
privacy-notice-shop = What you redeemed or put up for sale for points. { $kept }
privacy-notice-purchases = What you bought, as the seller reported it, and the access it gives. { $kept }
privacy-notice-catalogue = Pages you proposed, reviewed or added. { $kept }
privacy-notice-models = That a model learned from you, so that it ends when you say so. { $kept }
privacy-notice-decisions = What moderators decided, and about whom. { $kept }
privacy-notice-other = Other records of what you did here; `/privacy` lists them. { $kept }
privacy-notice-kept-on = Kept until you erase it.
privacy-notice-kept-days = Kept for { $days } days.
privacy-notice-never = What is never stored
privacy-notice-read = The text of messages: it is looked at to see whether a message says something, and then forgotten. Nothing is ever trained on it.
privacy-notice-unread = The text of messages: it does not even reach the bot.
privacy-notice-others = Attachments, direct messages to others, voice, presence, and any IP address. Nothing is sold or handed to third parties.
privacy-notice-why = What it is used for
privacy-notice-ends = When it ends
privacy-notice-erase = “Erase…” in `/privacy` deletes it at once, from the file's bytes within a day, and leaves points others earned.
privacy-notice-left = { $days } days after a server removes the bot, everything stored of it is deleted.
privacy-notice-backups = Backups keep what was there when they were made, and none is kept for more than { $days } days.
privacy-notice-rights = Your rights
privacy-notice-how = `/privacy` shows, exports and erases what is stored about you, and stops it being recorded or learned from. Moderators of the server know who operates the bot.
