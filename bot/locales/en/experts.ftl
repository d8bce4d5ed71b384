# Experts: /expert, invitations, and what moderators approve.

experts-cmd = expert
experts-cmd-desc = Experts: your own card, and who knows about a topic
experts-cmd-card = card
experts-cmd-card-desc = Say what you can answer, when, and how you want to be asked
experts-cmd-pause = pause
experts-cmd-pause-desc = Be asked nothing for now, or be asked again
experts-cmd-leave = leave
experts-cmd-leave-desc = Delete your card
experts-cmd-find = find
experts-cmd-find-desc = Find who knows about a topic
experts-cmd-review = review
experts-cmd-review-desc = Expert cards that wait for a moderator
experts-opt-languages = languages
experts-opt-languages-desc = The languages you answer in
experts-opt-timezone = timezone
experts-opt-timezone-desc = Your time zone: a city or country
experts-opt-weekly = weekly
experts-opt-weekly-desc = How many questions you may be asked a week
experts-opt-topic = topic
experts-opt-topic-desc = What it is about
experts-languages-en = English
experts-languages-zh = 中文
experts-languages-both = English and 中文

experts-card-title = Expert card
experts-field-topics = Topics
experts-field-topics-hint = What you can answer, up to 10, separated by commas
experts-field-days = Days
experts-field-hours = Hours, in your time zone
experts-field-hours-hint = For example 18-22; 22-2 goes past midnight
experts-field-reach = How to ask you
experts-reach-thread = Mention me in the thread
experts-reach-dm = Send me a direct message
experts-field-offer = Paid consulting
experts-field-offer-hint = A price, a link or an item of the shop; empty if you offer none
experts-none-yet = You have no card. `/expert card` makes one.
experts-state-live = 🟢 You are asked questions that fit.
experts-state-paused = ⏸️ Paused: you are asked nothing. `/expert pause` starts again.
experts-state-waiting = ⏳ A moderator has to approve this card first.
experts-state-declined = A moderator did not approve this card. You can change it.
experts-closed = ⚠️ A direct message could not reach you. Allow direct messages from this server, then use `/expert pause` twice, or choose the thread.
experts-asked = Asked this week: { $week } of at most { $most } · accepted in all: { $accepted }
experts-hours = 🕐 { $days }, { $first }:00–{ $last }:00 ({ $zone })
experts-every-day = Every day
experts-workdays = Monday to Friday
experts-and = ,{ " " }
experts-offer = 💼 { $offer }
experts-left = Your card is deleted, and you are asked nothing any more.

experts-find-title = Who knows about { $topic }
experts-find-none = Nobody else can be asked about “{ $topic }” right now. `/ask` asks everybody.
experts-there-now = available now
experts-there-in = { $hours ->
    [one] available in { $hours } hour
   *[other] available in { $hours } hours
}
experts-accepts = accepts { $n } of { $of } questions
experts-new = new here
experts-ask = Ask a question
experts-book = Book

experts-invitation-thread = { $member }, could you answer this? It fits your card.
experts-invitation-dm = A question in { $guild } fits your card. Could you answer it?
experts-invitation-bounty = { $count ->
    [one] 🪙 { $count } point is staked on it.
   *[other] 🪙 { $count } points are staked on it.
}
experts-invitation-until = Others are asked if you pass, or { $until }. Nobody sees who passed.
experts-yes = I'll answer
experts-no = Pass
experts-accepted = Thank you! Here it is: { $link }
experts-passed = Noted. Somebody else is asked, and nobody sees that you passed.

experts-review-dm = 📝 { $guild } asks for an expert's eye on **{ $title }**: it fits your card. Four questions from 1 to 5 and a sentence, with or without your name.
experts-review-yes = I'll review it
experts-review-accepted = Thank you! You find the form under `/review` in { $guild }. The page: { $url }
experts-review-passed = Noted. Somebody else is asked, and nobody sees that you passed.
experts-sought = { $count ->
    [one] 👋 An expert who fits is asked now, and the next one if they pass or say nothing. The review appears here.
   *[other] 👋 Experts who fit are asked for { $count } reviews, and the next ones if they pass or say nothing. The reviews appear here.
}

experts-queue-title = Expert cards to approve
experts-queue-none = No card is waiting.
experts-approve = Approve
experts-decline = Decline

error-experts-no-card = There is no such card. `/expert card` makes one.
error-experts-waiting = Your card waits for a moderator.
error-experts-declined = A moderator did not approve your card. Change it with `/expert card`.
error-experts-decided = Somebody has decided on this card already.
error-experts-zone = “{ $value }” is not a time zone, or several. Pick one from the list.
error-experts-topics = Enter 1 to { $count } topics of at most { $length } characters each, separated by commas.
error-experts-hours = Enter full hours such as 18-22, from 0 to 24.
error-experts-invitation-gone = This question is gone. Thank you all the same.
error-experts-not-yours = This invitation is for somebody else.
error-experts-none-fit = No expert card fits “{ $title }” right now, or all have been asked. Choose a member yourself.
