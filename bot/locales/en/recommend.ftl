# What to read or take next, and the model behind it.

recommend-cmd-recommend = recommend
recommend-cmd-recommend-desc = What to read, watch or take next, chosen for you
recommend-cmd-similar = similar
recommend-cmd-similar-desc = Find resources similar to one you have in mind
recommend-cmd-model = model
recommend-cmd-model-desc = The model behind the recommendations
recommend-cmd-status = status
recommend-cmd-status-desc = Which model is in use, how good it is, and how recent training runs went
recommend-cmd-refit = refit
recommend-cmd-refit-desc = Train a new model on the latest activity now

recommend-opt-topic = topic
recommend-opt-topic-desc = Words that must appear in the title, summary or tags
recommend-opt-resource = resource
recommend-opt-resource-desc = Start typing a title and pick one from the list

recommend-header = ## 📚 For you
recommend-header-topic = ## 📚 For you on “{ $topic }”
recommend-others = Show others
recommend-note-no-model = I am still learning what this community likes, so here is what is popular and new. The more you open, save and react, the more personal this gets.
recommend-note-untracked = Tracking is off for you, so recommendations don't follow what you do. `/privacy` turns it on again.
recommend-note-interests = This goes by the interests you named. Open or save something, or press “Not for me”, and the next list follows that, too.
recommend-note-no-history = I don't know your taste yet. Open or save something, or press “Not for me”, and ask again: the next list will fit you better.

recommend-empty-catalogue = There is nothing to recommend here yet. Moderators add resources with `/resource add`.
recommend-empty-seen = You've seen everything I can show you. What you saved is in `/saved`, and new resources appear here as soon as they're added.
recommend-empty-topic = Nothing here on “{ $topic }” yet. Try one word fewer, or another topic.
recommend-empty-kind = There is nothing of that kind here yet. Try again without choosing a kind.
recommend-empty-tags = Topics you can ask for: { $tags }

recommend-similar-header = ## 🔎 Similar to “{ $title }”
recommend-similar-none = I don't know anything similar to “{ $title }” yet. Try `/recommend` with a topic.

recommend-model-none = ## 🧭 No model yet
    Members get what is popular and new, what fits their interests, and what reads like the things they opened. A model is trained as soon as enough members have opened, saved or reacted to resources and agreed that I may learn from it.
recommend-model-live = ## 🧭 A model went live { $when }
    It learned from { $events ->
        [one] one action
       *[other] { $events } actions
    } by { $members } members on { $resources ->
        [one] one resource
       *[other] { $resources } resources
    }.
recommend-model-figures = Tested on { $choices ->
        [one] one choice
       *[other] { $choices } choices
    } it had not seen: the resource the member chose was in its top ten **{ $hits }** of the time; simply showing what's popular gets **{ $popular }**.
    -# Ranking quality (nDCG@10): { $ndcg }, popularity { $popular_ndcg }
recommend-model-attempts = **Recent training runs**

recommend-refit-live = ## 🟢 The new model is live
    Training took { $seconds } s.
recommend-refit-rejected = ## 🟡 Nothing changes
    I trained for { $seconds } s and kept what was in use before.
recommend-refit-replaced = ## 🟡 No model for now
    The model in use had learned from somebody who has withdrawn, and the new one, trained for { $seconds } s, cannot take its place. Until one can, recommendations go by recent use and by texts.
recommend-refit-failed = ## 🔴 Training failed
    What was in use before stays in use.
recommend-refit-long = Training is still running in the background. `/model status` will show how it ended.

recommend-reason-accepted = better than popularity, and no worse than the model before
recommend-reason-too-few-data = too little activity yet to tell whether a model helps
recommend-reason-worse-than-popularity = it guessed no better than showing what is popular
recommend-reason-worse-than-live = it guessed worse than the model already in use
recommend-reason-withdrawn = somebody it had learned from has withdrawn, so it is no longer used
recommend-reason-failed = training failed: { $error }

error-recommend-unknown = I don't know that resource; start typing its title and pick one from the list.
error-recommend-refit-running = Training is already running; `/model status` will show how it ended.
recommend-chances = **Chances of being opened** are learned from { $shown } showings: they are { $after } off on average, { $before } before learning. The digest goes by them.
recommend-chances-none = -# Chances of being opened, by which digests leave things out, are a careful guess until there are 50 showings to 5 members.
recommend-chances-title = Chances of being opened
recommend-chances-said = chance we gave
recommend-chances-happened = share that was opened
