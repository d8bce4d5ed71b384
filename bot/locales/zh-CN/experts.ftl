# 专家：/expert、邀请，以及管理员的审核。

experts-cmd = 专家
experts-cmd-desc = 专家：你的名片，以及谁熟悉某个话题
experts-cmd-card = 名片
experts-cmd-card-desc = 说明你能回答什么、什么时候方便、怎么联系你
experts-cmd-pause = 暂停
experts-cmd-pause-desc = 暂时不接受邀请，或恢复
experts-cmd-leave = 退出
experts-cmd-leave-desc = 删除你的名片
experts-cmd-find = 查找
experts-cmd-find-desc = 查找熟悉某个话题的人
experts-cmd-review = 审核
experts-cmd-review-desc = 等待管理员审核的专家名片
experts-opt-languages = 语言
experts-opt-languages-desc = 你用哪些语言回答
experts-opt-timezone = 时区
experts-opt-timezone-desc = 你的时区：城市或国家
experts-opt-weekly = 每周上限
experts-opt-weekly-desc = 每周最多邀请你几次
experts-opt-topic = 话题
experts-opt-topic-desc = 关于什么
experts-languages-en = English
experts-languages-zh = 中文
experts-languages-both = English 和中文

experts-card-title = 专家名片
experts-field-topics = 话题
experts-field-topics-hint = 你能回答的内容，最多 10 个，用逗号分隔
experts-field-days = 星期
experts-field-hours = 时间（按你的时区）
experts-field-hours-hint = 例如 18-22；22-2 表示到第二天凌晨
experts-field-reach = 怎么邀请你
experts-reach-thread = 在子区里提到我
experts-reach-dm = 发私信给我
experts-field-offer = 付费咨询
experts-field-offer-hint = 价格、链接或商店里的商品；没有就留空
experts-none-yet = 你还没有名片。用 `/expert card` 创建一张。
experts-state-live = 🟢 有合适的问题会邀请你。
experts-state-paused = ⏸️ 已暂停，不会邀请你。用 `/expert pause` 恢复。
experts-state-waiting = ⏳ 需要管理员先审核这张名片。
experts-state-declined = 管理员没有通过这张名片，你可以修改。
experts-closed = ⚠️ 私信没能送达。请允许来自本服务器的私信，再用两次 `/expert pause`，或改为在子区里提到你。
experts-asked = 本周邀请 { $week } 次，上限 { $most } 次 · 共接受 { $accepted } 次
experts-hours = 🕐 { $days } { $first }:00–{ $last }:00（{ $zone }）
experts-every-day = 每天
experts-workdays = 周一到周五
experts-and = 、
experts-offer = 💼 { $offer }
experts-left = 名片已删除，不会再邀请你。

experts-find-title = 谁熟悉 { $topic }
experts-find-none = 关于“{ $topic }”，现在没有其他专家可以请教。可以用 `/ask` 向所有人提问。
experts-there-now = 现在有空
experts-there-in = { $hours } 小时后有空
experts-accepts = 接受了 { $of } 个邀请中的 { $n } 个
experts-new = 新加入
experts-ask = 提问
experts-book = 预约

experts-invitation-thread = { $member }，能回答这个问题吗？它和你的名片相符。
experts-invitation-dm = { $guild } 有个问题和你的名片相符，能回答吗？
experts-invitation-bounty = 🪙 悬赏 { $count } 积分。
experts-invitation-until = 如果你跳过，或到了 { $until }，会邀请别人。没有人知道谁跳过了。
experts-yes = 我来回答
experts-no = 跳过
experts-accepted = 谢谢！问题在这里：{ $link }
experts-passed = 好的，会邀请别人，没有人知道你跳过了。

experts-review-dm = 📝 { $guild } 想请专家看看**{ $title }**，和你的名片相符。四个 1 到 5 分的问题，再写一句话，可以署名也可以不署名。
experts-review-yes = 我来评审
experts-review-accepted = 谢谢！在 { $guild } 里输入 `/review` 就能看到表单。网页：{ $url }
experts-review-passed = 好的，会邀请下一位，没人会知道你跳过了。
experts-sought = { $count ->
   *[other] 👋 正在邀请合适的专家，需要 { $count } 份评审；有人跳过或不回应时会邀请下一位。评审会显示在这里。
}

experts-queue-title = 待审核的专家名片
experts-queue-none = 没有等待审核的名片。
experts-approve = 通过
experts-decline = 不通过

error-experts-no-card = 没有这张名片。用 `/expert card` 创建一张。
error-experts-waiting = 你的名片正在等待管理员审核。
error-experts-declined = 管理员没有通过你的名片。请用 `/expert card` 修改。
error-experts-decided = 这张名片已经有人处理过了。
error-experts-zone = “{ $value }”没有对应的时区，或对应多个。请从列表中选择。
error-experts-topics = 请输入 1 到 { $count } 个话题，每个最多 { $length } 个字符，用逗号分隔。
error-experts-hours = 请输入整点时间，例如 18-22，从 0 到 24。
error-experts-invitation-gone = 这个问题已经不在了，还是谢谢你。
error-experts-not-yours = 这个邀请是给别人的。
error-experts-none-fit = 目前没有名片适合“{ $title }”，或者都已经邀请过了。请自己选择一位成员。
