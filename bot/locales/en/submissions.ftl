# Proposing pages for the catalogue, and deciding on them.

submissions-menu = Save as resource
submissions-cmd-submit = submit
submissions-cmd-submit-desc = Propose a page for the catalogue; the form is filled in for you
submissions-opt-url = url
submissions-opt-url-desc = The page's address, beginning with https://
submissions-cmd-mine = submissions
submissions-cmd-mine-desc = See what became of the pages you proposed
submissions-cmd-review = review
submissions-cmd-review-desc = See what you are asked to review; for moderators, what waits for a decision

submissions-unknown = unknown
submissions-fact = **{ $name }:** { $value }
submissions-field-title = Title
submissions-field-kind = Kind
submissions-field-summary = Summary
submissions-field-tags = Tags
submissions-field-tags-hint = Up to 10, separated by commas
submissions-field-creator = Author
submissions-field-language = Language
submissions-field-language-hint = Two letters, such as en or zh
submissions-field-level = Level
submissions-field-minutes = Minutes
submissions-field-minutes-hint = How long it takes
submissions-field-price = Price
submissions-field-price-hint = Such as 49.90 USD; 0 if it is free; empty if you don't know

submissions-draft-title = 📥 **Propose this page?** Only you see this.
submissions-draft-ready = Check what was filled in, then press Submit.
submissions-draft-lacking = A title and a kind are needed; press Edit to fill them in.
submissions-draft-form = Propose a page
submissions-alike = 🔎 Nearly the same title is in the catalogue already:
submissions-submit = Submit
submissions-edit = Edit
submissions-details = Details
submissions-own = I made this
submissions-own-yes = ✓ I made this
submissions-drop = Discard
submissions-dropped = Discarded; nothing was submitted.
submissions-sent = 📨 **{ $title }** was submitted. You will hear what the moderators decide; `/submissions` shows it too.
submissions-published-now = ✅ **{ $title }** is in the catalogue now, because your last submissions were all approved.
submissions-known = ✅ This page is in the catalogue already:
submissions-known-role = This page is in the catalogue already, for members with a role that you don't have.
submissions-known-retired = This page was in the catalogue as **{ $title }** and was taken out; ask a moderator if it should come back.
submissions-waiting-already = Somebody has proposed this page already; it is waiting for the moderators.

submissions-mine = Your submissions
submissions-mine-none = You have proposed nothing yet; use `/submit` with a page's address.
submissions-state-draft = not submitted
submissions-state-waiting = ⏳ waiting
submissions-state-published = ✅ in the catalogue
submissions-state-rejected = ✋ not taken

submissions-queue = 📥 { $count ->
    [one] **One submission** is waiting for a decision.
   *[other] **{ $count } submissions** are waiting for a decision, the oldest first.
}
submissions-queue-none = ✅ No submissions are waiting.
submissions-queue-choose = Choose one to look at
submissions-case = 📥 Proposed by { $who } { $when }
submissions-case-record = { $count ->
    [0] no earlier decisions
    [one] { $good } of 1 earlier submission approved
   *[other] { $good } of the last { $count } submissions approved
}
submissions-case-own = says they made it
submissions-case-sample = 🔎 Published at once, because this member's last submissions were all approved. This is a sample: approve to keep it, or reject to take it out.
submissions-case-sought = { $count ->
    [one] 👋 Experts are being asked for one review.
   *[other] 👋 Experts are being asked for { $count } reviews.
}
submissions-case-paid = 💳 It costs money: { $done } of { $needed } reviews by others than its proposer.
submissions-case-publish = Approve
submissions-case-reject = Reject
submissions-case-edit = Edit
submissions-case-details = Details
submissions-case-ask = Ask an expert
submissions-case-undo = Undo
submissions-case-form = Correct a submission
submissions-case-published = ✅ Approved by { $who }
submissions-case-rejected = ✋ Rejected by { $who }
submissions-reason = Why?
submissions-reason-hint = The member who proposed it reads this.
submissions-ask = Whom do you want to ask about **{ $title }**?
submissions-ask-how = They are notified by direct message and find the form under `/review`. Choose yourself to review it, too; reviews you were asked for by somebody else earn points.
submissions-ask-choose = Choose a member
submissions-seek = Ask experts who fit
submissions-asked = 📨 { $who } is asked for a review.

submissions-review-none = Nobody has asked you for a review.
submissions-review-asked = You are asked to review
submissions-review-button = Review { $n }
submissions-is-correct = Correct
submissions-is-clear = Clear
submissions-is-current = Up to date
submissions-is-worth = Worth its price
submissions-score-5 = 5 · excellent
submissions-score-4 = 4 · good
submissions-score-3 = 3 · fair
submissions-score-2 = 2 · weak
submissions-score-1 = 1 · poor
submissions-sentence = In one sentence
submissions-reviewed = ✅ Thank you! Your review was stored; moderators see it without your name.
submissions-reviewed-signed = ✅ Thank you! Your review was stored; moderators see it with your name.
submissions-sign = Show my name
submissions-unsign = Hide my name
submissions-an-expert = An expert
submissions-review-open = ⏳ { $who } is asked
submissions-review-line = ⭐ **{ $mean }** · { $who }
submissions-given = { $name } { $score }

submissions-letter-published = ✅ **{ $title }**, which you proposed in { $guild }, is in the catalogue now. Thank you!
submissions-letter-no = ✋ **{ $title }**, which you proposed in { $guild }, was not taken.
submissions-letter-reason = The moderators say: { $reason }
submissions-letter-ask = 📝 A moderator of { $guild } asks you to review **{ $title }**. Use `/review` there; it takes two minutes.

error-submissions-no-link = There is no link in that message.
error-submissions-gone = This submission is not there any more; use `/submit` to begin again.
error-submissions-lacking = A title and a kind are needed first; press Edit to fill them in.
error-submissions-waiting = Somebody proposed this page meanwhile; it is waiting for the moderators.
error-submissions-many = At most { $limit } of your submissions can wait at once; submit this one when some are decided.
error-submissions-reviewers = { $count ->
    [one] What costs money needs one more review by somebody other than its proposer; press Ask an expert.
   *[other] What costs money needs { $count } reviews by others than its proposer; press Ask an expert.
}
error-submissions-open = Nothing was decided here that could be undone.
error-submissions-decided = This was decided already.
error-submissions-own = Nobody decides on or reviews what they proposed themselves.
error-submissions-not-asked = You are not asked for this review any more; it was decided or taken back.
error-submissions-reason = Enter a reason with at least one visible character; the member who proposed it reads it.
error-submissions-sentence = Enter a sentence with at least one visible character.
error-submissions-bot = Choose a member who is no bot.
