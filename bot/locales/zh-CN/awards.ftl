# 管理员手动发放和扣除的积分。

awards-cmd = 奖励
awards-cmd-desc = 给成员发放规则之外的奖励积分
awards-deduct-cmd = 扣分
awards-deduct-cmd-desc = 扣除成员的积分
awards-opt-member = 成员
awards-opt-member-desc = 哪位成员
awards-opt-points = 积分
awards-opt-points-desc = 多少积分，最多两位小数
awards-opt-reason = 原因
awards-opt-reason-desc = 简单说明原因，成员会看到
awards-opt-share = 公开
awards-opt-share-desc = 同时在本频道公布

awards-given = { $member } 获得 { $amount }：{ $reason }
awards-taken = 已扣除 { $member } 的 { $amount }：{ $reason }
awards-shared = 🎉 { $by } 奖励 { $member } { $amount }：{ $reason }
awards-unsaid = 没有在频道里公布：{ $member } 不公开自己的积分。
awards-used = 你在过去 24 小时内共发放和扣除 { $used }，上限 { $daily }。
awards-undo = 撤销
awards-undone-award = 已撤销：从 { $member } 收回 { $amount }。
awards-undone-deduct = 已撤销：{ $amount } 已还给 { $member }。

error-awards-self = 不能给自己加分或扣分，请找另一位管理员。
error-awards-reason = 请填写原因。
error-awards-daily = 24 小时内发放和扣除合计最多 { $daily } 积分，你还剩 { $left }。
error-awards-too-much = 这位成员只获得过 { $earned } 积分，最多扣这么多。
error-awards-untracked = 这位成员已停止行为记录，无法记分。
error-awards-done = 已经处理过了。
error-awards-undone = 已经撤销过了。
