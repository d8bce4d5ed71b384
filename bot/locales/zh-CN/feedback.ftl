# 成员对资源的评价：标记、星级和一句话。

feedback-cmd-sentences = 评价审核
feedback-cmd-sentences-desc = 查看成员写的评价，决定是否公开

feedback-cmd-reported = 失效链接
feedback-cmd-reported-desc = 查看成员报告失效的链接

feedback-reported = 🔗 有 { $count } 个链接被报告失效。可以用 `/resource edit` 改网址，或用 `/resource retire` 下架。
feedback-reported-none = ✅ 没有被报告失效的链接。
feedback-works = 可以打开
feedback-first = 🧭 先学：{ $titles }
feedback-how = 再点一次即可撤回。没有人会看到是谁说的。
feedback-stars = ⭐ **{ $mean }** / 5 · { $count } 人评分
feedback-stars-few = ⭐ 评分太少，暂不显示（不足 { $least } 人）
feedback-marks = 💬 { $count } 位成员的看法：{ $marks }
feedback-marks-few = 💬 说过看法的成员太少（不足 { $least } 人）
feedback-count = { $what } { $n }
feedback-sentence = 为什么？一句话就好
feedback-sentence-hint = 管理员看过后会匿名公开
feedback-queue = 💬 有 { $count } 句评价等待审核，通过后其他人才能看到。
feedback-queue-none = ✅ 没有等待审核的评价。
feedback-queue-choose = 选择一条查看
feedback-case = 💬 { $who } 给 **{ $title }** 打了分，并写道：
feedback-show = 公开
feedback-hide = 不公开
feedback-is-shown = { $who } 已将它匿名公开。
feedback-is-hidden = { $who } 不公开它；星级仍然有效。

error-feedback-untracked = 你已停止行为记录，你的看法无法保存。可以用 `/privacy` 恢复。
error-feedback-own = 这是你做的，好不好由别人来说。你仍可以报告链接失效或标记已过时。
error-feedback-unopened = 先打开看看，再来说怎么样。在那之前可以点“已经会了”或“链接失效”。
error-feedback-long = 一句话最多 { $limit } 个字符。
error-feedback-address = 请写一句不带链接和提及的话；推荐网页请用 `/submit`。
error-feedback-unrated = 你的评分已经撤回，请重新选星级。
error-feedback-gone = 写这句话的成员已经撤回了它。
error-feedback-decide-own = 这是你自己写的，请由其他管理员决定。
