# Questions: /ask, /questions, the card in a thread, and what its buttons say.

questions-cmd = questions
questions-cmd-desc = Questions: open ones, search, your own
questions-cmd-ask = ask
questions-cmd-ask-desc = Ask a question; what answers it already is shown first
questions-cmd-accept = Accept as answer
questions-cmd-open = open
questions-cmd-open-desc = Questions that wait for an answer, those of your topics first
questions-cmd-search = search
questions-cmd-search-desc = Find questions by words of their titles and tags
questions-cmd-mine = mine
questions-cmd-mine-desc = What you asked, answered, or have too
questions-cmd-link = link
questions-cmd-link-desc = Say that this thread's question was asked before
questions-cmd-setup = setup
questions-cmd-setup-desc = Where questions are asked, and how they are looked after
questions-opt-topic = topic
questions-opt-topic-desc = Words of the title or a tag
questions-opt-query = query
questions-opt-query-desc = Words of the title or a tag
questions-opt-earlier = earlier
questions-opt-earlier-desc = The earlier question: choose it, or paste its link

questions-state-open = open
questions-state-answered = answered
questions-state-solved = solved
questions-state-stale = quiet
questions-state-closed = closed

questions-card-open = Waiting for an answer
questions-card-answered = Did one of the answers help?
questions-card-solved = Solved
questions-card-stale = Quiet for a while. Write here to wake this question up
questions-card-closed = Closed
questions-card-accepted = Answer accepted: [{ $member }'s message]({ $url })
questions-card-resource = Solved by **{ $title }**
questions-card-by-self = The asker solved it on their own.
questions-card-by-resource = A resource solved it.
questions-card-original = Asked before: { $link }
questions-card-offered = { $asker } thanked { $member }. Was that the answer?
questions-card-asked = { $coming ->
    [0] 👋 Experts asked: { $count }
   *[other] 👋 Experts asked: { $count } · coming: { $coming }
}
questions-card-fitting = This may help:
questions-card-how = The asker can accept the answer that helped: with the button, or with a right click on the message → Apps → Accept as answer.
questions-bounty-staked = 🪙 { $amount } for the accepted answer, until { $until }
questions-bounty-paid = 🪙 { $amount } went to the accepted answer.
questions-bounty-returned = 🪙 { $amount } went back to the asker.
questions-open = Open { $n }
questions-take = Yes, accept it
questions-accept = Accept an answer
questions-follow = { $count ->
    [0] Me too
   *[other] Me too · { $count }
}
questions-more = More…
questions-reopen = Reopen

questions-same = { $member }, this was asked before: { $link }. Does that answer it?
questions-nudge = { $member }, did an answer help? Accept it, and others find it too.
questions-still = { $member }, do you still need help with this?

questions-which = Which answer helped?
questions-look = look
questions-somebody = a member
questions-no-answers = Nobody has answered yet. Your own message can be accepted with a right click on it → Apps → Accept as answer.
questions-more-text = How did it end?
questions-which-resource = A resource solved it: which one?
questions-do-self = Solved it myself
questions-do-same = Yes, that answers it
questions-do-close = Close
questions-do-open = Still need help
questions-do-plain = Hide suggestions
questions-do-suggest = Show suggestions
questions-do-bounty = Return the bounty
questions-done-self = Good. The question is solved; nobody is paid for it.
questions-done-same = Good. The question is solved; nobody is paid for it.
questions-done-close = The question is closed. A bounty that was waiting went back to the asker.
questions-done-open = Noted: the question is open, and nobody is asked again for a while.
questions-done-plain = The card is changed.
questions-done-reopen = The question is open again, and what accepting paid is taken back.
questions-done-bounty = The bounty went back to the asker.
questions-done-resource = Good. The resource will be shown to others with such questions.
questions-done-follow = Noted: you have this question too. You find it in `/questions mine`.
questions-done-unfollow = Noted: you don't have this question any more.
questions-done-found = Good, nothing was posted. What helped you will be shown to others sooner.
questions-done-link = Linked to { $link }.
questions-accepted = Accepted: { $member }'s answer. They are paid by the server's rules.
questions-accepted-unpaid = Accepted: { $member }'s answer. Nobody is paid for it.
questions-accepted-bounty = Of the bounty of { $amount } they get the same share as of an answer's points; the rest is yours again.

questions-ask-title = Ask a question
questions-field-title = Your question, in one sentence
questions-field-title-hint = It becomes the thread's name; the details go into the thread.
questions-field-tags = Tags
questions-field-tags-hint = Up to 5, separated by commas
questions-field-bounty = Bounty in points
questions-field-bounty-hint = Taken now; goes to the accepted answer, or back after 72 h. You have { $count }.
questions-field-channel = Where
questions-before-title = Is it answered already?
questions-before-solved = A solved question
questions-before-post = Nothing is posted yet. Your question: **{ $title }**
questions-before-reading = I have just started and am still reading what there is here. Post it now, and what fits appears in its thread within a few minutes; or ask again then.
questions-before-bounty = { $count ->
    [one] 🪙 { $count } point is staked when you post it.
   *[other] 🪙 { $count } points are staked when you post it.
}
questions-solved-it = This solved it
questions-post = Post it
questions-change = Change it
questions-posted = Your question is posted: { $link }
questions-posted-next = Add the details there: what you tried, what happened, what you expected.
questions-first-message = { $member } asks:

questions-open-title = Questions that wait for an answer
questions-open-none = No question is waiting. That is good news.
questions-search-title = Questions with “{ $query }”
questions-search-none = No question has “{ $query }” in its title or tags. `/ask` asks it.
questions-mine-title = Your questions and answers
questions-mine-none = You have asked and answered nothing yet. `/ask` asks a question.
questions-more-there = { $count ->
    [one] and { $count } more; search for fewer
   *[other] and { $count } more; search for fewer
}
questions-n-too = { $count ->
    [one] { $count } other has it too
   *[other] { $count } others have it too
}

questions-setup-title = Questions
questions-setup-nowhere = No channel is watched. Choose the forum or text channels where questions are asked.
questions-setup-solved-tag = solved: “{ $tag }”
questions-setup-stale-tag = quiet: “{ $tag }”
questions-setup-no-solved-tag = no tag says “solved”: add one to the forum, at most 20 fit, and open this again
questions-setup-helpers = Besides moderators, answers are accepted for others by: { $role }
questions-nobody = nobody
questions-setup-places = Channels where questions are asked
questions-setup-role = A role that helps to look after questions
questions-setup-which-tag = The tag of #{ $channel } that says “solved”
questions-switch-suggests = Suggest what fits
questions-switch-invites = Invite experts
questions-switch-reminds = Remind askers
questions-switch-closes = Mark quiet ones
questions-switch-takes-several = Several answers
questions-switch-makes-resources = Recommend solved ones
questions-switch-approves-experts = Approve expert cards
questions-times = Change times
questions-time-nudge-h = { $count ->
    [one] reminder after { $count } hour
   *[other] reminder after { $count } hours
}
questions-time-still-d = { $count ->
    [one] “still need help?” after { $count } day
   *[other] “still need help?” after { $count } days
}
questions-time-stale-d = { $count ->
    [one] quiet after { $count } day
   *[other] quiet after { $count } days
}
questions-time-invite-min = { $count ->
    [one] experts after { $count } minute
   *[other] experts after { $count } minutes
}
questions-field-nudge-h = Remind the asker after so many hours
questions-field-still-d = “Still need help?” after so many days
questions-field-stale-d = Mark as quiet after so many days
questions-field-invite-min = Invite experts after so many minutes
questions-problem-gone = This channel is gone: remove it from the list.
questions-problem-view-channel = I can't see this channel: allow me View Channel.
questions-problem-send-messages = I can't post here: allow me Send Messages (in a forum: Create Posts).
questions-problem-send-messages-in-threads = I can't write in its threads: allow me Send Messages in Threads.
questions-problem-create-public-threads = I can't open threads here: allow me Create Public Threads.
questions-problem-read-message-history = I can't read back what I missed: allow me Read Message History.
questions-problem-manage-threads = I can't set tags on others' posts: allow me Manage Threads.

error-questions-not-one = Nobody asks anything here. Use this in the thread of a question.
error-questions-gone = This question is gone.
error-questions-not-yours = Only whoever asked, moderators and helpers can do that.
error-questions-bots = A bot's message can't be accepted. If a resource solved it, say so with More… on the card.
error-questions-itself = That is the question itself. Accept the message that answered it.
error-questions-answer-gone = That message was deleted.
error-questions-own = It is your question already.
error-questions-untracked = Your tracking is off, so I can't remember that. `/privacy` turns it on.
error-questions-locked = This thread is locked: unlock it, and the question is open again.
error-questions-no-bounty = There is no bounty waiting on this question.
error-questions-link-later = Choose a question that was asked before this one.
error-questions-pick = “{ $value }” fits no question, or several. Pick one from the list, or paste its link.
error-questions-nowhere = There is no channel here where you could ask. Moderators choose them with `/questions setup`.
error-questions-title = A title has at least one visible character and at most { $count }.
error-questions-tags = At most { $count } tags of { $length } characters each, separated by commas.
error-questions-bounty = A bounty is a whole number from 0 to { $count }.
error-questions-draft = This was used already, or is older than an hour. Nothing was posted; `/ask` begins again.
error-questions-cannot-post = I can't post in { $channel }. Ask a moderator to allow it, and press again.
error-questions-needs-tag = { $channel } wants a tag on each post, and has none that members may set. Ask a moderator to add one.
error-questions-places = At most { $count } channels can be watched.
error-questions-times = Each time is a whole number from 1 to { $high }.
error-questions-not-watched = That channel is not watched any more.
