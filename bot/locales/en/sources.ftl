# Sources: feeds, lists and forums from which entries come by themselves.

sources-cmd = source
sources-cmd-desc = Feeds, lists and forums that bring resources by themselves (moderators)
sources-cmd-add = add
sources-cmd-add-desc = Follow a feed, a site, a YouTube channel, a GitHub repository or a list of links
sources-cmd-forum = forum
sources-cmd-forum-desc = Follow a forum of this server: titles, tags and links of its posts
sources-cmd-list = list
sources-cmd-list-desc = See all sources and how each went last
sources-cmd-edit = edit
sources-cmd-edit-desc = Change how a source is treated, pause it, or let it go on
sources-cmd-remove = remove
sources-cmd-remove-desc = Stop following a source; what came of it stays
sources-cmd-import = import
sources-cmd-import-desc = Follow all feeds of an OPML file
sources-cmd-export = export
sources-cmd-export-desc = Download all feeds as an OPML file
sources-opt-url = url
sources-opt-url-desc = The address of the feed, or of the page it belongs to
sources-opt-forum = forum
sources-opt-forum-desc = A forum that everybody may read
sources-opt-source = source
sources-opt-source-desc = Type part of its title and pick it from the list
sources-opt-tags = tags
sources-opt-tags-desc = Tags for everything that comes from it, with commas between them; “-” removes them
sources-opt-kind = kind
sources-opt-kind-desc = What its entries are: all videos, all articles…; leave it out to go by each one
sources-kind-each = what each entry says
sources-opt-trust = trust
sources-opt-trust-desc = Whether moderators look at what comes before it is published
sources-opt-hours = hours
sources-opt-hours-desc = Hours between two looks, 1 to 168; 6 if left out
sources-opt-daily = daily
sources-opt-daily-desc = At most so many entries a day, 1 to 50; 5 if left out
sources-opt-paused = paused
sources-opt-paused-desc = True pauses it; False lets it go on, out of quarantine, too
sources-opt-file = file
sources-opt-file-desc = An OPML file, as feed readers export it

sources-trust-review = always reviewed
sources-trust-review-how = Everything waits for the moderators in `/review`.
sources-trust-earned = reviewed until it is trusted
sources-trust-earned-how = Entries wait in `/review`. Once its last five were approved, new ones are published at once, and one in four is shown to you all the same.
sources-trust-publish = published at once
sources-trust-publish-how = What is free is published at once. What costs money still waits in `/review`.

sources-added = 📡 Now following **{ $title }**, which shows:
sources-added-taken = { $shown ->
    [one] One entry is there
   *[other] { $shown } entries are there
}, { $count ->
    [0] none of which is new here.
    [one] one was taken now.
   *[other] { $count } were taken now.
}
sources-terms = every { $hours ->
    [one] hour
   *[other] { $hours } hours
}, at most { $daily } a day, { $trust }
sources-brought-added = { $count ->
    [one] ✅ One feed is followed now, and looked at in the next minutes.
   *[other] ✅ { $count } feeds are followed now, and looked at in the next minutes.
}
sources-brought-known = { $count ->
    [one] One was followed already.
   *[other] { $count } were followed already.
}
sources-brought-refused = { $count ->
    [one] One is not a web address.
   *[other] { $count } are not web addresses.
}
sources-brought-beyond = { $count ->
    [one] One more is too many for this server.
   *[other] { $count } more are too many for this server.
}
sources-list = 📡 Sources ({ $count })
sources-none = There are no sources yet. Add one with `/source add`.
sources-never = never looked at
sources-changed = ✅ Changed
sources-removed = **{ $title }** is not followed any more. What came of it stays.
sources-exported = { $count ->
    [one] 📡 One feed, as other readers take it
   *[other] 📡 { $count } feeds, as other readers take them
}
sources-result-none = not looked at yet
sources-result-ok = { $shown ->
    [one] showed 1 entry
   *[other] showed { $shown } entries
}, { $taken ->
    [0] nothing new was taken
    [one] 1 was taken
   *[other] { $taken } were taken
}
sources-result-same = unchanged since the last look
sources-quarantined = 🚧 The source **{ $title }** is in quarantine and not looked at any more.
sources-quarantined-how = Once that is fixed, let it go on with `/source edit` and paused: False, or remove it with `/source remove`.

error-sources-no-feed = There is no feed at that address, no page that names one, and no list of links.
error-sources-no-opml = That is not an OPML file with feeds in it; export one from a feed reader.
error-sources-flood = It suddenly showed { $count } new entries, which nobody writes in that time.
error-sources-forum = That must be a forum of this server that everybody may read, and whose history the bot may read.
error-sources-known = That source is followed already; see `/source list`.
error-sources-many = A server has at most { $limit } sources. Remove one first.
error-sources-gone = That source is not there any more; see `/source list`.
error-sources-pick = “{ $value }” doesn't match exactly one source; type part of its title and pick it from the list.
error-sources-nothing = There are no feeds to export.
