# First steps: /start, /help, and the answer to a mention.

start-cmd = start
start-cmd-desc = Choose what interests you and see how to begin
start-help = help
start-help-desc = What Lyceum can do for you

start-welcome =
    ## 👋 Welcome
    I find what is worth reading or taking next in this server, remember what you save, and count points for helping others.
start-question = What interests you?
start-how = { $n ->
    [0] Choose a few; three are enough for a good list. You can change them at any time.
    [1] Saved: one so far. Three are enough for a good list.
    [2] Saved: two so far. One more makes a good list.
   *[other] Saved: { $n }. Enough for a good list: run `/recommend`, or choose more.
}
start-other = Something else…
start-done = Done
start-skip = Skip
start-chosen = ✓ Your interests: { $interests }. Run `/recommend` to see what fits. You can change them with `/start` at any time.
start-skipped = All right. `/recommend` begins with what is popular here and learns from what you open. `/start` brings this choice back.

start-help-title-member = What I can do for you
start-help-title-ask = Ask, answer and take part
start-help-title-expert = For experts
start-help-title-moderator = For moderators
start-help-to-member = ◀ The essentials
start-help-to-ask = Ask and take part
start-help-to-expert = For experts
start-help-to-moderator = For moderators
start-help-member =
    - **Find:** `/recommend` shows what to read or take next, `/search` looks for words, `/similar` for more like something
    - **Keep:** `/saved` is what you saved; `/digest on` sends you a few things once a week
    - **Ask:** `/ask` looks for an answer, then asks people
    - **You decide:** `/start` for your interests, `/privacy` for what is stored about you
start-help-ask =
    - **Questions:** `/questions open` shows what waits for an answer; `/expert find` who knows about a topic, `/expert card` says what you can answer
    - **Share:** `/submit` proposes a page, `/share` shows others something good, `/checkin` notes what you learned today
    - **Points:** `/points` and `/leaderboard` show where you stand, `/shop` what points can buy
    - **Yours:** `/profile view` for language and time zone, `/library` for notes and progress
start-help-expert =
    - **Your card:** `/expert card` changes topics, hours and how often you are asked, `/expert pause` stops and goes on, `/expert leave` deletes it
    - **Asked:** press “I'll answer” or “Pass” below an invitation; nobody sees who passed. `/review` shows what you are asked to review, `/questions open` what waits for an answer
start-help-moderator =
    - **Catalogue:** `/resource add`, `/resource edit` and `/resource retire`; `/server synonyms` for words that mean the same here
    - **Points:** `/rules list` shows the rules, `/rules preview` tries a change before it counts; `/award` and `/deduct` by hand
    - **Questions:** `/questions setup` for where they are asked, `/questions link` for what was asked before, `/review` for proposed pages
    - **Rewards:** `/levels view` and `/shop-admin queue`
    - **Server:** `/server view`, `/server log` for who changed what, `/model status` for how good the recommendations are
start-help-more = Type / to see every command. Only you can see my answers, unless a command says otherwise.
start-mentioned =
    👋 I don't read messages; I answer commands. In a server, type `/recommend` to see what to read next, `/start` to choose what interests you, or `/help` for everything else.
