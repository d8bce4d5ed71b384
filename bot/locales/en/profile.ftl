# /profile, /server and the consent question.

profile-cmd = profile
profile-cmd-desc = Your language, time zone and interests
profile-view = view
profile-view-desc = See your language, time zone and interests
profile-language = language
profile-language-desc = Choose the language Lyceum answers you in
profile-timezone = timezone
profile-timezone-desc = Choose your time zone, for digests at the right hour
profile-interests = interests
profile-interests-desc = Say what interests you
profile-opt-language = language
profile-opt-language-desc = Automatic follows your Discord
profile-opt-zone = zone
profile-opt-zone-desc = Type a city and pick a suggestion
profile-opt-interests = interests
profile-opt-interests-desc = Up to 10, separated by commas; leave it out to clear them

profile-server = server
profile-server-desc = Lyceum's settings for this server
profile-server-view-desc = See the server's settings
profile-server-language-desc = Choose the language of what is posted for everybody
profile-server-timezone-desc = Choose the time zone of the server's days and weeks
profile-consent = consent
profile-consent-desc = Choose whether members are asked before Lyceum learns from them
profile-opt-server-language-desc = Members may still choose their own
profile-opt-server-zone-desc = Type a city and pick a suggestion
profile-opt-policy = policy
profile-opt-policy-desc = Ask first, or give notice and let members opt out

profile-title = Your profile
profile-saved = ✓ Saved
profile-line-language = **Language:** { $value }
profile-line-time-zone = **Time zone:** { $value }
profile-line-interests = **Interests:** { $value }
profile-line-learning = **Learning from you:** { $value }
profile-hint = Digests come at your local time: set your city with `/profile timezone`.
profile-language-en = English
profile-language-zh-CN = 中文
profile-language-auto = automatic, as in your Discord
profile-zone-auto = the server's, { $zone }
profile-zone-as-server = The same as the server
profile-interests-none = none yet
profile-learning-granted = yes, you agreed
profile-learning-declined = no, you declined
profile-learning-notice = yes, by this server's notice; you can opt out
profile-learning-unknown = no, you have not been asked or have not answered yet
profile-button-language-en = English
profile-button-language-zh-CN = 中文
profile-button-language-auto = Automatic
profile-button-interests = Edit interests
profile-button-stored = What is stored?
profile-modal-title = Your interests
profile-modal-label = Up to 10, separated by commas
profile-modal-placeholder = Python, data engineering, machine learning

profile-consent-ask-title = May Lyceum learn from what you do here?
profile-consent-ask-text =
    Lyceum records what you do in this server (posting, reacting, opening, saving), never the text of your messages.
    If you agree, it also trains the recommendations that everyone here gets.
    You get answers either way, and `/privacy` lets you change your mind at any time.
profile-consent-ask-yes = Yes, learn from what I do
profile-consent-ask-no = No
profile-consent-notice-title = Lyceum learns from what you do here
profile-consent-notice-text =
    Lyceum records what you do in this server (posting, reacting, opening, saving), never the text of your messages.
    It also trains the recommendations that everyone here gets, unless you say no.
    You get answers either way, and `/privacy` lets you change your mind at any time.
profile-consent-notice-no = Don't learn from me
profile-consent-granted = **Thank you.** From the next training on, Lyceum learns from what you do here. You can change that in `/privacy` at any time.
profile-consent-declined = **All right, nothing you do here trains the recommendations.** You get answers as before, and can change that in `/privacy` at any time.

profile-server-title = Server settings
profile-line-server-zone = **Time zone for days and weeks:** { $value }
profile-line-policy = **Consent:** { $value }
profile-policy-ask = Ask first
profile-policy-notice = Notice with opt-out
profile-policy-ask-means = ask first: only members who said yes train the recommendations
profile-policy-notice-means = notice with opt-out: members train the recommendations unless they say no
profile-server-changed = ✓ { $before } → { $after }
profile-server-same = It is set that way already.
profile-server-asked-again = Members who have not answered yet see the new wording once, after their next command.

error-profile-language = “{ $value }” is not a language I speak; choose English or 中文.
error-profile-time-zone = There is no time zone “{ $value }”; type a city such as Berlin or Shanghai and pick a suggestion.
error-profile-consent-policy = “{ $value }” is not a policy; choose “Ask first” or “Notice with opt-out”.
error-profile-interests = Please give at most { $most } interests of up to { $longest } characters each, separated by commas.
