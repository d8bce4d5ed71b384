# /profile, /server and the consent question.

profile-cmd = profile
profile-cmd-desc = Your language, time zone and interests
profile-view = view
profile-view-desc = See your language, time zone and interests
profile-language = language
profile-language-desc = Choose the language Lyceum answers you in
profile-timezone = timezone
profile-timezone-desc = Set your time zone so that digests arrive at the right hour
profile-interests = interests
profile-interests-desc = Say what interests you
profile-opt-language = language
profile-opt-language-desc = Automatic follows your Discord language
profile-opt-zone = timezone
profile-opt-zone-desc = Type a city and pick one from the list
profile-opt-interests = interests
profile-opt-interests-desc = Up to 10, separated by commas; leave it out to clear them

profile-server = server
profile-server-desc = Lyceum's settings for this server
profile-server-view-desc = See the server's settings
profile-server-language-desc = Choose the language of public messages
profile-server-timezone-desc = Choose the time zone that decides when days and weeks begin
profile-consent = consent
profile-consent-desc = Choose whether to ask members before learning from what they do
profile-opt-server-language-desc = Members may still choose their own
profile-opt-server-zone-desc = Type a city and pick one from the list
profile-opt-policy = policy
profile-opt-policy-desc = Ask first, or use it by default and let members opt out

profile-title = Your profile
profile-saved = ✓ Saved
profile-line-language = **Language:** { $value }
profile-line-time-zone = **Time zone:** { $value }
profile-line-interests = **Interests:** { $value }
profile-line-learning = **Learning from you:** { $value }
profile-hint = Digests come at your local time: set your city with `/profile timezone`.
profile-language-en = English
profile-language-zh-CN = 中文
profile-language-auto = automatic, like your Discord
profile-zone-auto = the server's, { $zone }
profile-zone-as-server = The same as the server
profile-interests-none = none yet
profile-learning-granted = yes, from what you have done since { $when }
profile-learning-earlier = yes, from everything recorded here
profile-learning-declined = no, you declined
profile-learning-notice = yes, from what you have done since { $when }, by this server's default; you can opt out
profile-learning-not-shown = not yet; it starts when you have been shown the notice
profile-learning-unknown = no, you have not been asked or have not answered yet
profile-learning-untracked = no, tracking is off
profile-button-language-en = English
profile-button-language-zh-CN = 中文
profile-button-language-auto = Automatic
profile-button-interests = Edit interests
profile-button-stored = What is stored?
profile-button-learn-yes = Learn only from now on
profile-button-learn-all = Learn from earlier, too
profile-button-learn-no = Don't learn from me
profile-modal-title = Your interests
profile-modal-label = Up to 10, separated by commas
profile-modal-placeholder = Python, data engineering, machine learning

profile-consent-ask-title = May Lyceum learn from what you do here?
profile-consent-ask-text =
    Lyceum records what you do in this server (posting, reacting, opening, saving), what it shows you and the interests you name, but never the text of your messages. It uses this for your own recommendations and points.
    If you agree, what is recorded from now on also helps train the recommendations that everyone here gets. What was recorded before helps only if you say so.
    You get recommendations either way. With `/privacy` you can change your mind, stop the recording or erase your data at any time.
profile-consent-ask-yes = Yes, from now on
profile-consent-ask-all = Yes, including earlier
profile-consent-ask-no = No, thanks
profile-consent-notice-title = Lyceum learns from what you do here
profile-consent-notice-text =
    Lyceum records what you do in this server (posting, reacting, opening, saving), what it shows you and the interests you name, but never the text of your messages. It uses this for your own recommendations and points.
    Unless you say no, what is recorded from now on also helps train the recommendations that everyone here gets. What was recorded before does not.
    You get recommendations either way. With `/privacy` you can change your mind, stop the recording or erase your data at any time.
profile-consent-notice-no = Don't learn from me
profile-consent-granted = **Thank you.** What you do here from now on helps train the recommendations; what was recorded before does not. You can change that in `/privacy` at any time.
profile-consent-earlier = **Thank you.** What you do here, and what was recorded so far, helps train the recommendations. You can change that in `/privacy` at any time.
profile-consent-declined = **All right, nothing you do here trains the recommendations.** You still get your own, and you can change that in `/privacy` at any time.
profile-consent-untracked = **Saved.** Tracking is off for you, so nothing is recorded or learned until you turn it on with `/privacy`.

profile-server-title = Server settings
profile-line-server-zone = **Time zone for days and weeks:** { $value }
profile-line-policy = **Consent:** { $value }
profile-policy-ask = Ask first
profile-policy-notice = On by default, with opt-out
profile-policy-ask-means = ask first; only members who said yes train the recommendations
profile-policy-notice-means = on by default; members are shown a notice after their first command, and what they do from then on trains the recommendations until they say no
profile-server-changed = ✓ { $before } → { $after }
profile-server-same = It's already set that way.
profile-server-asked-again = Members who have not answered yet will see the new question once, after their next command. Until then nothing they do trains the recommendations.

error-profile-language = “{ $value }” is not a language I speak; choose English or 中文.
error-profile-time-zone = There is no time zone “{ $value }”; type a city such as Berlin or Shanghai and pick one from the list.
error-profile-consent-policy = “{ $value }” is not one of the choices; pick “Ask first” or “On by default, with opt-out”.
error-profile-interests = Please give at most { $most } interests of up to { $longest } characters each, separated by commas.
