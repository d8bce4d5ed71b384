# 积分、排行榜以及背后的规则。

points-cmd = 积分
points-cmd-desc = 查看你或其他成员的积分、等级和排名
points-opt-member = 成员
points-opt-member-desc = 想看谁的积分；不填就是你自己的

points-amount = { $count } 积分
points-title-other = { $member }：{ $amount }
points-level = { $level } 级
points-progress = { $bar } 距 { $next } 级还差 { $amount }
points-progress-top = 已是最高等级
points-rank = 总榜第 **{ $rank }** 名
points-rank-none = 还没有上榜
points-rank-hidden = 排行榜上不显示你，积分照常累计。
points-today = 今日积分：{ $points }，上限 { $cap }
points-last = 最近记录
points-entry = { $change } · { $what } · { $when }
points-entry-message = 发言
points-entry-reply = 在子区里回复
points-entry-helpful = 收到“有帮助”的表情反应
points-entry-answer = 答案被采纳
points-entry-resource = 资源上架
points-entry-savers = 资源被收藏
points-entry-review = 完成评审
points-entry-checkin = 打卡
points-entry-other = { $kind }
points-back-message = 发言已删除，积分收回
points-back-reply = 回复已删除，积分收回
points-back-helpful = “有帮助”的表情反应已移除，积分收回
points-back-answer = 采纳已取消，积分收回
points-back-resource = 资源已下架，积分收回
points-back-savers = 收藏人数减少，积分收回
points-back-review = 评审已撤销，积分收回
points-back-checkin = 打卡已撤销，积分收回
points-how = 你还没有积分。发言、在子区里回复别人、别人用 { $emoji } 回应你的消息，都能获得积分。
points-other-hidden = { $member } 没有公开自己的积分。

points-hide = 不在排行榜显示我
points-show = 在排行榜显示我

points-rule-message = 发言
points-rule-reply = 在子区里回复
points-rule-helpful = 收到“有帮助”的表情反应
points-rule-answer = 答案被采纳
points-rule-resource = 资源上架
points-rule-savers = 资源被收藏
points-rule-review = 完成评审
points-rule-checkin = 每日打卡
points-rule-newcomer = 新成员
points-rule-answered = 有人回应的成员
points-rule-small = 小型服务器
points-rule-multipliers = 倍率
points-rule-general = 通用
points-rule-levels = 等级
points-rule-seasons = 赛季
points-field-points = 积分
points-field-cooldown_s = 两次间隔（秒）
points-field-per_day = 每天最多次数
points-field-min_length = 最短长度
points-field-pair_per_day = 同两人之间每天最多次数
points-field-pair_days = 同两人之间按多少天计次数
points-field-pair_full = 同两人之间前几次全额计分
points-field-pair_step = 之后递减的快慢（1：1/2、1/3……；2：1/3、1/5……）
points-field-pair_back = 反方向的一次折算为多少（百分比）
points-field-silent_days = 多少天内回复没有回应过你的人，第 n 次按 1/n 计分
points-field-answerers = 有多少人回应过才全额计算
points-field-answer_days = 回应在多少天内有效
points-field-others = 除两人外活跃成员少于多少算小型服务器
points-field-few_days = 多少天内有活动算活跃
points-field-giver_taper = 同一提问者 7 天内前几次采纳全额计分，之后按 1/2、1/3……递减
points-field-taper = 每天前几次全额计分，之后按 1/2、1/3……递减
points-field-needs_new = 刚说过的内容不计分
points-field-step = 每多少人收藏计一次
points-field-guild_days = 加入后多少天内算新成员
points-field-account_days = 账号注册多少天内算新成员
points-field-percent = 百分比
points-field-channels = 各频道百分比
points-field-roles = 各身份组百分比
points-field-lock_h = 互相加分的间隔（小时）
points-field-zone = 以哪个时区划分一天
points-field-curve = 曲线
points-field-thresholds = 各级起点（自定义）
points-field-kind = 周期
points-field-starts = 开始日期
points-field-emoji = “有帮助”的表情
points-field-is_capped = 计入每日上限
points-field-daily_cap = 每日积分上限
points-field-by_hand = 每位管理员 24 小时内手动发放和扣除的上限

error-points-short = 需要 { NUMBER($need) } 积分，你可用 { NUMBER($have) } 积分。
error-points-bot = 机器人没有积分，请选择一位成员。
error-points-rule = 没有这条规则，请从列表中选一个。
error-points-field = 这条规则没有这一项，请从列表中选一个。
error-points-unchanged = 现在就是这个值，请填一个不同的。
error-points-points = 请填 { $low } 到 { $high } 之间的积分，最多两位小数。
error-points-seconds = 请填 { $low } 到 { $high } 之间的整数秒。
error-points-count = 请填 { $low } 到 { $high } 之间的整数。
error-points-length = 请填 { $low }（不限）到 { $high }（只算较长的文字）之间的整数。
error-points-days = 请填 { $low } 到 { $high } 之间的整数天。
error-points-percent = 请填 { $low } 到 { $high } 之间的整数百分比，不带百分号。
error-points-hours = 请填 { $low } 到 { $high } 之间的整数小时。
error-points-zone = 请填时区，例如 Asia/Shanghai；填“-”表示用服务器的时区。
error-points-choice = { $field ->
    [curve] 请填其中一个：“{ rulebook-choice-mee6 }”“{ rulebook-choice-linear }”“{ rulebook-choice-skool }”“{ rulebook-choice-list }”。
   *[kind] 请填其中一个：“{ rulebook-choice-none }”“{ rulebook-choice-monthly }”“{ rulebook-choice-quarterly }”“{ rulebook-choice-dates }”。
}
error-points-weights = 请填 ID 和 0 到 1000 的百分比，例如 123456789=150，最多 { $high } 项；填“-”表示没有。
error-points-amounts = 请填逐级递增的积分，用逗号分隔，最多 { $high } 个；填“-”表示没有。
error-points-dates = 请按先后填写日期，例如 2026-09-01，用逗号分隔，最多 { $high } 个；填“-”表示没有。
error-points-switch = 请填“是”或“否”。
error-points-emoji = 请填 { $low } 到 { $high } 个表情，中间可以有空格，不要写别的内容。

points-opt-why = 原因
points-opt-why-desc = 列出最近的记录和每一笔的原因
points-why = 为什么？
points-why-title = 🧾 积分明细和原因
points-why-none = 还没有积分记录。
points-why-newer = ◀ 较新
points-why-older = 较早 ▶
points-why-message = 查看消息
points-why-more = 因频道或身份组加成
points-why-share = 按 1/{ $n } 计：今天、同一对成员之间或同一提问者，这已不是第一次
points-why-newcomer = 来自新成员的操作，计分较少
points-why-less = 因频道、身份组或当日剩余额度而减少
points-why-cut = 已减到今日剩余额度
points-why-held = 管理员正在查看，这笔积分暂时冻结，还没有结论。
points-why-reason = 原因：{ $reason }
points-why-bought = { $reason }
points-why-version = { $version ->
    [0] 默认规则
   *[other] 第 { $version } 版规则
}
points-why-terms = { $rule }：{ $amount }，每天最多 { $count } 次
points-why-cooldown = 间隔 { $count } 秒
points-why-capped = 计入每日上限
points-entry-award = 管理员奖励
points-entry-deduct = 管理员扣除
points-entry-opening = 导入的积分
points-entry-spend = 兑换
points-entry-hold = 冻结
points-entry-rescore = 已花掉的部分不扣除
points-back-award = 奖励收回
points-back-deduct = 扣除撤销
points-back-opening = 导入的积分已收回
points-back-spend = 积分退还
points-back-hold = 解冻
points-back-rescore = 不扣除已撤销

error-points-rescoring = 这里正在重算积分，请稍后再试。
points-entry-rescored = 从 { $since } 起重算了 { $count } 笔积分
points-entry-undone = 从 { $since } 起的重算已撤销，{ $count } 笔积分恢复原样
points-why-erased = –
