# What works, said honestly: /insights, /experiment, the report.

insights-cmd = insights
insights-cmd-desc = What of this works for the server's members
insights-cmd-show = show
insights-cmd-show-desc = What members are shown, open, save and find useful: a picture and the same in words
insights-cmd-exposure = exposure
insights-cmd-exposure-desc = How showings and opens are spread over the server's creators
insights-cmd-holdout = holdout
insights-cmd-holdout-desc = Which share of members gets the popular list, to measure what the rest is worth
insights-cmd-trial = experiment
insights-cmd-trial-desc = Try a change on some, and see what it does
insights-cmd-start = start
insights-cmd-start-desc = Start an experiment, where this server could see what it does
insights-cmd-look = results
insights-cmd-look-desc = What experiments have found
insights-cmd-stop = stop
insights-cmd-stop-desc = End the experiment that runs

insights-opt-days = days
insights-opt-days-desc = The last 7, 30 or 90 days
insights-opt-percent = percent
insights-opt-percent-desc = 0 to 30; leave it out and it follows the number of members
insights-opt-policy = change
insights-opt-policy-desc = What is done differently
insights-opt-value = value
insights-opt-value-desc = The new value: a share from 0 to 0.5, for variety 0 to 2; not needed for rankers
insights-opt-weeks = weeks
insights-opt-weeks-desc = How long, 1 to 12 weeks
insights-opt-share = share
insights-opt-share-desc = Percent of members, or of lists, that get it: 10 to 50
insights-opt-metric = metric
insights-opt-metric-desc = What counts: opens or saves
insights-span-7 = 7 days
insights-span-30 = 30 days
insights-span-90 = 90 days
insights-choice-exploration = lists that end with something new (now 0.2)
insights-choice-diversity = variety within a list (now 0.5)
insights-choice-digest = chance a digest's card needs (now 0.01)
insights-choice-ranker = ranking by taste against popularity
insights-metric-open = opens
insights-metric-save = saves

insights-title = ## What works: the last { $days } days
insights-none = In the last { $days } days fewer than five members were shown anything, so there is nothing to say yet.
insights-how = Ranges are 95 % intervals over members. Nothing is said about fewer than five. Nobody's own taste is in here.
insights-alt = Rates of the last { $days } days with their intervals; the same stands below in words.
insights-days = { $days } days
insights-heading = What works: { $days } days
insights-note = bars: rates · lines: 95 % intervals over members
insights-reach = **{ $hits } of { $members } members** who were shown something opened something: { $value } ({ $low }–{ $high }).
insights-surface = **{ $surface }:** { $rates }
insights-rate-open = opened { $value } ({ $low }–{ $high })
insights-rate-save = saved { $value } ({ $low }–{ $high })
insights-rate-useful = useful { $value } ({ $low }–{ $high })
insights-surface-recommend = Recommendations
insights-surface-similar = Similar
insights-surface-digest = Digest
insights-surface-question = Questions
insights-surface-search = Search
insights-surface-share = Shared cards
insights-opened = opened something
insights-others = by what they do
insights-held = held out
insights-group-reach = Members who opened something
insights-group-open = Opened
insights-group-save = Saved
insights-group-useful = Found useful
insights-group-holdout = Opened, personal against popular
insights-group-funnel = Digests
insights-step-due = due
insights-step-sent = sent
insights-step-opened = opened

insights-holdout-nobody = **What choosing by taste adds** cannot be seen: nobody is held out. It takes 20 members who see the popular list; `/insights holdout` sets a share.
insights-holdout-few = **What choosing by taste adds** cannot be seen yet: { $percent }% are held out, and too few of them were shown anything.
insights-holdout-adds = **Choosing by taste adds** { $value } opens in a hundred showings ({ $low } to { $high }), against { $members } members who see the popular list.
insights-holdout-loses = **Choosing by taste costs** { $value } opens in a hundred showings ({ $low } to { $high }), against { $members } members who see the popular list.
insights-holdout-unsure = **What choosing by taste adds** is not clear: { $value } opens in a hundred showings ({ $low } to { $high }), against { $members } members who see the popular list. Less than { $least } cannot be seen here.
insights-holdout-set = { $percent }% of members see the popular list on the same cards, so that what the rest is worth can be measured. Who they are is decided by a hash, never by what they do.
insights-holdout-auto = The share follows the number of members: { $percent }% now. A twentieth see the popular list, but at least 20 members; where that would be more than 30 %, nobody.
insights-funnel = **Digests:** { $due } due, { $gated } held back as not worth it, { $sent } sent, { $opened } opened; { $stopped } members stopped.
insights-questions = **Questions:** { $asked } asked, { $quick } answered within a day, { $solved } solved.
insights-first = **New resources:** { $n_new } were shown; { $n_complete } had their first 20 showings. Of { $shown } first showings { $opened } were opened.
insights-kind = **{ $kind }:** shown { $shown }, opened { $opened }, saved { $saved }, bought { $bought }
insights-served = **Chosen by what they do:** { $value } of members ({ $low }–{ $high }); the others are new here, or held out.
insights-exposure = ## Who is shown: { $days } days
    { $creators } creators. Showings are spread with a Gini of **{ $shown }**, opens with **{ $opened }** (0: all alike, 1: one has everything).
insights-exposure-none = In the last { $days } days too few members were shown anything by the server's creators.
insights-exposure-one = { $name }: shown { $shown }, opened { $opened }

insights-policy-exploration = { $value } of lists end with something new, for { $share }% of members
insights-policy-diversity = variety { $value }, for { $share }% of members
insights-policy-digest = a digest's card needs a chance of { $value }, for { $share }% of members
insights-policy-ranker = taste against popularity, in { $share }% of lists
insights-experiment-started = **Started:** { $what }. It ends on { $ends }, or as soon as the difference is clear.
insights-experiment-least-rate = The smallest difference this server can see in that time is about **{ $least }** in a hundred (the rate is { $rate } now). Who gets it is decided by a hash of who they are.
insights-experiment-least-preference = Opens go to the ranking that placed the card. The smallest preference this server can see is about **{ $least }** in a hundred.
insights-experiment-none = No experiment was ever started here. `/experiment start` begins one.
insights-experiment-running = **Running** since { $begun }, until { $ends }: { $what }
insights-experiment-ended = **Ended** on { $ends }: { $what }
insights-experiment-stopped = **Stopped** on { $ends }: { $what }
insights-arm-new = New: { $members } members, { $value } ({ $low }–{ $high })
insights-arm-old = As before: { $members } members, { $value } ({ $low }–{ $high })
insights-experiment-difference = Difference: { $value } in a hundred ({ $low } to { $high }, however often you look)
insights-verdict-better = **Better**: the difference is above zero.
insights-verdict-worse = **Worse**: the difference is below zero.
insights-verdict-same = **No difference larger than { $matters }** in a hundred.
insights-verdict-unsure = **Too few data** to say.
insights-verdict-skewed = **Not to be trusted**: the arms have sizes that chance does not make.
insights-verdict-few = Too few members so far to say anything.

insights-report-title = Lyceum: what works
insights-report-span = { $since } to { $until }
insights-report-figure = figure
insights-report-value = rate
insights-report-interval = 95 % interval
insights-report-members = members
insights-report-weeks = Open rate by week

error-insights-slow = Counting takes too long right now; try again later, or fewer days.
error-insights-failed = Counting failed; what went wrong is in the bot's log. Try again later.
error-insights-holdout = Enter 0 to { $most } percent.
error-insights-value = Enter a value from { $low } to { $high } for this change.
error-insights-running = An experiment is running already; one at a time. `/experiment results` shows it, `/experiment stop` ends it.
error-insights-nothing = In the last four weeks nobody opened anything that was recommended, so no experiment could find anything.
error-insights-hopeless = Nothing could be found here in { $weeks } weeks: too few members are shown too little. Nothing was started.
error-insights-longer = In that time nothing could be found here. It would take at least { $weeks } weeks; nothing was started.
error-insights-none = No experiment is running.

insights-cmd-creator = creator
insights-cmd-creator-desc = What became of your own resources: shown, opened, saved, useful
insights-made-title = ## Your resources: the last { $days } days
insights-made = **{ $title }**
    shown { $shown } · opened { $opened } · saved { $saved } · useful { $useful } · too hard { $hard } · bought { $bought }
insights-made-few = **{ $title }**
    -# Fewer than five members were shown it, so there is nothing to say yet.
insights-made-band = -# Opened per showing, it is in { $band } of its kind here ({ $kind }).
insights-made-more = { $count ->
    [one] … and 1 more
   *[other] … and { $count } more
 }
insights-band-1 = the lowest quarter
insights-band-2 = the second quarter from below
insights-band-3 = the second quarter from above
insights-band-4 = the highest quarter
error-insights-no-creator = You are not the creator of anything in this server's catalogue. A moderator can enter you with `/resource edit`.

insights-cmd-today = today
insights-cmd-today-desc = What waits for moderators, what has changed, and what to do first
insights-opt-daily = daily
insights-opt-daily-desc = True posts this in the moderators' channel every morning, False ends that
insights-opt-hour = hour
insights-opt-hour-desc = At which hour of the server's day, 0 to 23; without one at 8
insights-opt-monthly = monthly
insights-opt-monthly-desc = True posts last month's figures there on the first of each month, False ends that
insights-today-title = ## Today
insights-today-do = **To do first**
insights-today-nothing = Nothing waits for you.
insights-today-do-orders = { $count ->
    [one] One order waits to be delivered: `/shop-admin queue`
   *[other] { $count } orders wait to be delivered: `/shop-admin queue`
}
insights-today-do-roles = { $count ->
    [one] One role could not be given or taken back: `/shop-admin queue`, `/purchase show`
   *[other] { $count } roles could not be given or taken back: `/shop-admin queue`, `/purchase show`
}
insights-today-do-reviews = { $count ->
    [one] One proposal waits for you: “{ $title }” (`/review`)
   *[other] { $count } proposals wait for you, “{ $title }” the longest (`/review`)
}
insights-today-do-asked = Nobody has answered { $title }, asked { $when }
insights-today-do-asked-hidden = { $count ->
    [one] One question has no answer: `/questions open`
   *[other] { $count } questions have no answer: `/questions open`
}
insights-today-do-sentences = { $count ->
    [one] One sentence about a resource waits to be shown: `/resource sentences`
   *[other] { $count } sentences about resources wait to be shown: `/resource sentences`
}
insights-today-do-reported = { $count ->
    [one] One link is reported as broken: `/resource reported`
   *[other] { $count } links are reported as broken: `/resource reported`
}
insights-today-do-gems = “{ $title }” may be worth a gem: { $count } members found it good in 30 days (`/resource gem`)
insights-today-waiting = **What waits**
insights-today-asked = questions without an answer: { $count }
insights-today-reviews = proposals to review: { $count }
insights-today-sentences = sentences to look at: { $count }
insights-today-reported = links reported as broken: { $count }
insights-today-gems = resources that may be worth a gem: { $count }
insights-today-orders = orders to deliver: { $count }
insights-today-roles = roles that could not be given or taken back: { $count }
insights-today-changed = **Since yesterday**
insights-today-new = new resources: { $count }
insights-today-published = proposals published: { $count }
insights-today-questions = questions asked: { $count }
insights-today-solved = questions solved: { $count }
insights-today-ended = experiments that ended: { $count } (`/experiment results`)
insights-today-refit-live = a new model serves
insights-today-refit-rejected = a new model was no better, so the one before serves on
insights-today-refit-failed = the model could not be renewed (`/model status`)
insights-today-on = Posted in the moderators' channel every day at { $hour }, if there is anything to say. `/today daily:False` ends that.
insights-today-off = Posted in the moderators' channel every morning with `/today daily:True`.
insights-month-on = Last month's figures are posted there on the first of each month. `/today monthly:False` ends that.
insights-month-off = Last month's figures are posted there with `/today monthly:True`.
insights-month-title = ## What worked in { $month }
insights-month-more = `/insights show` has the picture; whoever runs the bot gets all of it, with charts, from `lyceum report`.
error-insights-today-no-channel = Choose the moderators' channel first: `/levels staff`.

insights-missing-title = **Asked for and missing in your topics** · at least five members each
insights-missing-wished = · “{ $text }”: { $count } members wish for it
insights-missing-missed = · “{ $text }”: { $count } members searched for it in vain
insights-missing-askers = · { $topic }: questions of { $count } members have no answer
insights-missing-hard = · { $topic }: { $count } members called something of it too hard
insights-missing-readers = · { $topic }: { $count } members read about it, and there { $resources ->
    [0] is nothing
    [one] is one resource
   *[other] are { $resources } resources
}
