# /profile、/server 和征求同意的问题。

profile-cmd = 个人资料
profile-cmd-desc = 你的语言、时区和兴趣
profile-view = 查看
profile-view-desc = 查看你的语言、时区和兴趣
profile-language = 语言
profile-language-desc = 选择 Lyceum 用什么语言回答你
profile-timezone = 时区
profile-timezone-desc = 选择你的时区，让每周精选准时送达
profile-interests = 兴趣
profile-interests-desc = 说说你对什么感兴趣
profile-opt-language = 语言
profile-opt-language-desc = “自动”表示跟随你的 Discord
profile-opt-zone = 时区
profile-opt-zone-desc = 输入城市名，再从列表中选择
profile-opt-interests = 兴趣
profile-opt-interests-desc = 最多 10 个，用逗号隔开；不填则清空

profile-server = 服务器设置
profile-server-desc = Lyceum 在本服务器的设置
profile-server-view-desc = 查看本服务器的设置
profile-server-language-desc = 选择公开消息使用的语言
profile-server-timezone-desc = 选择按哪个时区划分每天和每周
profile-consent = 同意方式
profile-consent-desc = 设置训练推荐前是否先征求成员同意
profile-opt-server-language-desc = 成员仍可选择自己的语言
profile-opt-server-zone-desc = 输入城市名，再从列表中选择
profile-opt-policy = 方式
profile-opt-policy-desc = 先征求同意，或默认使用并允许退出

profile-title = 你的个人资料
profile-saved = ✓ 已保存
profile-line-language = **语言**：{ $value }
profile-line-time-zone = **时区**：{ $value }
profile-line-interests = **兴趣**：{ $value }
profile-line-learning = **用于训练推荐**：{ $value }
profile-hint = 每周精选按你的当地时间送达，用 `/profile timezone` 设置所在城市。
profile-language-en = English
profile-language-zh-CN = 中文
profile-language-auto = 自动，跟随你的 Discord
profile-zone-auto = 与服务器相同，{ $zone }
profile-zone-as-server = 与服务器相同
profile-interests-none = 还没有填写
profile-learning-granted = 是，只用 { $when } 以后的记录
profile-learning-earlier = 是，包括以前的记录
profile-learning-declined = 否，你没有同意
profile-learning-notice = 是，本服务器默认使用 { $when } 以后的记录，你可以随时拒绝
profile-learning-not-shown = 还没有，你看到说明之后才会开始
profile-learning-unknown = 否，还没有问过你，或者你还没有回答
profile-learning-untracked = 否，已停止行为记录
profile-button-language-en = English
profile-button-language-zh-CN = 中文
profile-button-language-auto = 自动
profile-button-interests = 编辑兴趣
profile-button-stored = 存了哪些数据？
profile-button-learn-yes = 只用从现在起的记录
profile-button-learn-all = 以前的记录也可以用
profile-button-learn-no = 不用于训练
profile-modal-title = 你的兴趣
profile-modal-label = 最多 10 个，用逗号隔开
profile-modal-placeholder = Python，数据工程，机器学习

profile-consent-ask-title = 可以用你的操作训练推荐吗？
profile-consent-ask-text =
    Lyceum 会记录你在本服务器的操作（发言、表情反应、打开、收藏）、给你看过的推荐和你填写的兴趣，但从不保存消息内容。这些记录用于你自己的推荐和积分。
    如果你同意，从现在起的记录还会用来训练推荐模型，让大家得到更好的推荐。以前的记录只有你选择时才会使用。
    不同意也能照常获得推荐。你可以随时用 `/privacy` 更改选择、停止记录或删除数据。
profile-consent-ask-yes = 同意，从现在起
profile-consent-ask-all = 同意，包括以前的
profile-consent-ask-no = 不同意
profile-consent-notice-title = Lyceum 会用你的操作训练推荐
profile-consent-notice-text =
    Lyceum 会记录你在本服务器的操作（发言、表情反应、打开、收藏）、给你看过的推荐和你填写的兴趣，但从不保存消息内容。这些记录用于你自己的推荐和积分。
    除非你拒绝，从现在起的记录还会用来训练推荐模型，让大家得到更好的推荐。以前的记录不会使用。
    拒绝后也能照常获得推荐。你可以随时用 `/privacy` 更改选择、停止记录或删除数据。
profile-consent-notice-no = 不用于训练
profile-consent-granted = **谢谢！** 从现在起，你的操作会用来训练推荐；以前的记录不会使用。随时可以用 `/privacy` 更改。
profile-consent-earlier = **谢谢！** 你在这里的操作，包括以前的记录，会用来训练推荐。随时可以用 `/privacy` 更改。
profile-consent-declined = **好的，你的操作不会用来训练推荐。** 推荐照常提供，随时可以用 `/privacy` 更改。
profile-consent-untracked = **已保存。** 你已停止行为记录，在你用 `/privacy` 恢复之前，不会记录任何操作，也不会用于训练。

profile-server-title = 服务器设置
profile-line-server-zone = **计算日期的时区**：{ $value }
profile-line-policy = **同意方式**：{ $value }
profile-policy-ask = 先征求同意
profile-policy-notice = 默认使用，可以退出
profile-policy-ask-means = 先征求同意，只有成员同意后，操作才会用于训练
profile-policy-notice-means = 默认使用，成员第一次使用命令后会看到说明，此后的操作用于训练，直到成员拒绝
profile-server-changed = ✓ { $before } → { $after }
profile-server-same = 本来就是这样，没有变化。
profile-server-asked-again = 还没有回答过的成员，会在下次使用命令后看到一次新的说明。在那之前，他们的操作不会用于训练。

error-profile-language = 不支持“{ $value }”这种语言，请选择 English 或中文。
error-profile-time-zone = 没有“{ $value }”这个时区，请输入城市名（例如上海或 Berlin），再从列表中选择。
error-profile-consent-policy = 没有“{ $value }”这个选项，请选择“先征求同意”或“默认使用，可以退出”。
error-profile-interests = 最多填写 { $most } 个兴趣，每个不超过 { $longest } 个字符，用逗号隔开。
