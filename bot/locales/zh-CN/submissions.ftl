# 推荐网页进入目录，以及审核。

submissions-menu = 存为资源
submissions-cmd-submit = 投稿
submissions-cmd-submit-desc = 推荐一个网页进入目录，表单会自动填写
submissions-opt-url = 网址
submissions-opt-url-desc = 网页地址，以 https:// 开头
submissions-cmd-mine = 我的投稿
submissions-cmd-mine-desc = 查看你推荐的网页结果如何
submissions-cmd-review = 评审
submissions-cmd-review-desc = 查看请你评审的内容；管理员可查看待审核的投稿

submissions-unknown = 未知
submissions-fact = **{ $name }**：{ $value }
submissions-field-title = 标题
submissions-field-kind = 类型
submissions-field-summary = 简介
submissions-field-tags = 标签
submissions-field-tags-hint = 最多 10 个，用逗号分隔
submissions-field-creator = 作者
submissions-field-language = 语言
submissions-field-language-hint = 两个字母，例如 zh 或 en
submissions-field-level = 难度
submissions-field-minutes = 分钟
submissions-field-minutes-hint = 大约需要多久
submissions-field-price = 价格
submissions-field-price-hint = 例如 129 CNY；免费填 0；不清楚就留空

submissions-draft-title = 📥 **推荐这个网页吗？** 只有你能看到这条消息。
submissions-draft-ready = 请核对自动填写的内容，然后点“提交”。
submissions-draft-lacking = 需要标题和类型，请点“编辑”补上。
submissions-draft-form = 推荐网页
submissions-alike = 🔎 目录里已有标题相近的资源：
submissions-submit = 提交
submissions-edit = 编辑
submissions-details = 详情
submissions-own = 这是我做的
submissions-own-yes = ✓ 这是我做的
submissions-drop = 放弃
submissions-dropped = 已放弃，没有提交。
submissions-sent = 📨 **{ $title }** 已提交。管理员审核后会通知你，也可以用 `/submissions` 查看。
submissions-published-now = ✅ **{ $title }** 已直接收入目录，因为你最近的投稿都通过了。
submissions-known = ✅ 这个网页已经在目录里了：
submissions-known-role = 这个网页已经在目录里了，但仅限拥有特定身份组的成员。
submissions-known-retired = 这个网页曾以 **{ $title }** 收入目录，后来下架了；如需恢复请联系管理员。
submissions-waiting-already = 已经有人推荐过这个网页，正在等待管理员审核。

submissions-mine = 你的投稿
submissions-mine-none = 你还没有投稿；可以用 `/submit` 加上网址。
submissions-state-draft = 未提交
submissions-state-waiting = ⏳ 待审核
submissions-state-published = ✅ 已收入目录
submissions-state-rejected = ✋ 未收录

submissions-queue = 📥 **{ $count } 个投稿**待审核，最早的在前。
submissions-queue-none = ✅ 没有待审核的投稿。
submissions-queue-choose = 选择一个查看
submissions-case = 📥 { $who } 投稿，{ $when }
submissions-case-record = { $count ->
    [0] 此前没有审核记录
   *[other] 最近 { $count } 个投稿中通过 { $good } 个
}
submissions-case-own = 自称是作者
submissions-case-sample = 🔎 这位成员最近的投稿都通过了，所以已直接发布。这是抽查：通过则保留，拒绝则撤下。
submissions-case-sought = 👋 正在邀请专家评审，还需 { $count } 份。
submissions-case-paid = 💳 这是付费内容：需要投稿人以外的评审 { $needed } 份，已有 { $done } 份。
submissions-case-publish = 通过
submissions-case-reject = 拒绝
submissions-case-edit = 编辑
submissions-case-details = 详情
submissions-case-ask = 请专家评审
submissions-case-undo = 撤销
submissions-case-form = 修改投稿
submissions-case-published = ✅ { $who } 已通过
submissions-case-rejected = ✋ { $who } 已拒绝
submissions-reason = 理由
submissions-reason-hint = 投稿的成员会看到。
submissions-ask = 想请谁评审 **{ $title }**？
submissions-ask-how = 这位成员会收到私信，并可用 `/review` 打开表单。也可以选自己；受他人邀请完成的评审会获得积分。
submissions-ask-choose = 选择一位成员
submissions-seek = 邀请合适的专家
submissions-asked = 📨 已邀请 { $who } 评审。

submissions-review-none = 目前没有人请你评审。
submissions-review-asked = 请你评审
submissions-review-button = 评审 { $n }
submissions-is-correct = 正确
submissions-is-clear = 清楚
submissions-is-current = 不过时
submissions-is-worth = 值这个价
submissions-score-5 = 5 · 优秀
submissions-score-4 = 4 · 良好
submissions-score-3 = 3 · 一般
submissions-score-2 = 2 · 较差
submissions-score-1 = 1 · 很差
submissions-sentence = 一句话评价
submissions-reviewed = ✅ 谢谢！评审已保存，管理员看不到你的名字。
submissions-reviewed-signed = ✅ 谢谢！评审已保存，管理员能看到你的名字。
submissions-sign = 显示我的名字
submissions-unsign = 隐藏我的名字
submissions-an-expert = 一位专家
submissions-review-open = ⏳ 已邀请 { $who }
submissions-review-line = ⭐ **{ $mean }** · { $who }
submissions-given = { $name } { $score }

submissions-letter-published = ✅ 你在 { $guild } 推荐的 **{ $title }** 已收入目录，谢谢！
submissions-letter-no = ✋ 你在 { $guild } 推荐的 **{ $title }** 没有被收录。
submissions-letter-reason = 管理员的理由：{ $reason }
submissions-letter-ask = 📝 { $guild } 的管理员请你评审 **{ $title }**。请在服务器里用 `/review`，只需两分钟。

error-submissions-no-link = 这条消息里没有链接。
error-submissions-gone = 这个投稿已经不在了，请用 `/submit` 重新开始。
error-submissions-lacking = 需要先有标题和类型，请点“编辑”补上。
error-submissions-waiting = 刚刚已有人推荐了这个网页，正在等待管理员审核。
error-submissions-many = 你最多可以有 { $limit } 个投稿同时待审核，等有结果后再提交这个。
error-submissions-reviewers = 付费内容还需要 { $count } 份由投稿人以外的人完成的评审，请点“请专家评审”。
error-submissions-open = 这里没有可以撤销的决定。
error-submissions-decided = 这个投稿已经有结果了。
error-submissions-own = 不能审核或评审自己的投稿。
error-submissions-not-asked = 这份评审已不需要你完成了：投稿已有结果，或邀请已撤回。
error-submissions-reason = 请写下至少包含一个可见字符的理由，投稿的成员会看到。
error-submissions-sentence = 请写下至少包含一个可见字符的评价。
error-submissions-bot = 请选择一位成员，而不是机器人。
