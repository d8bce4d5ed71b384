# What members say of resources: marks, stars and sentences.

feedback-cmd-sentences = sentences
feedback-cmd-sentences-desc = Read what members wrote about resources, and decide what others see

feedback-cmd-reported = reported
feedback-cmd-reported-desc = See links that members report as broken

feedback-reported = 🔗 { $count ->
    [one] One link is reported as broken.
   *[other] { $count } links are reported as broken.
} Change an address with `/resource edit`, or take a resource out with `/resource retire`.
feedback-reported-none = ✅ No link is reported as broken.
feedback-works = It works
feedback-first = 🧭 First: { $titles }
feedback-how = Everything here can be taken back: press again. Nobody sees who said what.
feedback-stars = ⭐ **{ $mean }** of 5 · { $count } ratings
feedback-stars-few = ⭐ Too few ratings to show (fewer than { $least })
feedback-marks = 💬 { $count } members said: { $marks }
feedback-marks-few = 💬 Too few members have said how it was (fewer than { $least })
feedback-count = { $what } { $n }
feedback-sentence = Why? One sentence
feedback-sentence-hint = Others read it without your name once a moderator has
feedback-queue = 💬 { $count ->
    [one] One sentence waits
   *[other] { $count } sentences wait
} to be read before others see it.
feedback-queue-none = ✅ No sentence is waiting.
feedback-queue-choose = Choose one to read
feedback-case = 💬 { $who } rated **{ $title }** and wrote:
feedback-show = Show to others
feedback-hide = Don't show
feedback-is-shown = { $who } lets others read it, without a name.
feedback-is-hidden = { $who } keeps it from others; the stars still count.

error-feedback-untracked = Tracking is off for you, so I can't keep what you say. You can turn it on with `/privacy`.
error-feedback-own = You made this, so others say how it is. You can still report a broken link or say that it is outdated.
error-feedback-unopened = Open it first, then say how it was. Until then, “I know it” and “Broken link” work.
error-feedback-long = A sentence has at most { $limit } characters.
error-feedback-address = Enter a sentence without links and mentions; pages are proposed with `/submit`.
error-feedback-unrated = Your rating is gone; choose stars again.
error-feedback-gone = This sentence was taken back by whoever wrote it.
error-feedback-decide-own = You wrote this yourself, so another moderator decides.
