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
points-rank-hidden = 你已从排行榜隐身，积分照常累计。
points-today = 今天：{ $points } / { $cap } 积分（每日上限）
points-last = 最近记录
points-entry = { $change } · { $what } · { $when }
points-entry-message = 发言
points-entry-reply = 在子区里回复
points-entry-helpful = 收到“有帮助”的表情
points-entry-answer = 答案被采纳
points-entry-resource = 资源上架
points-entry-savers = 资源被收藏
points-entry-review = 完成评审
points-entry-checkin = 打卡
points-entry-other = { $kind }
points-back-message = 发言已删除，积分收回
points-back-reply = 回复已删除，积分收回
points-back-helpful = “有帮助”的表情已撤销，积分收回
points-back-answer = 采纳已取消，积分收回
points-back-resource = 资源已下架，积分收回
points-back-savers = 收藏人数减少，积分收回
points-back-review = 评审已撤销，积分收回
points-back-checkin = 打卡已撤销，积分收回
points-how = 你还没有积分。发言、在子区里回复别人、收到别人的 { $emoji } 表情，都能获得积分。
points-other-hidden = { $member } 没有公开自己的积分。

points-hide = 从排行榜隐身
points-show = 重新上榜
points-hidden-now = 好了，排行榜和其他成员都看不到你的积分了，积分照常累计。
points-shown-now = 好了，你又回到排行榜了。

points-board-cmd = 排行榜
points-board-cmd-desc = 看看本周、本月和总榜上谁的积分最多
points-opt-period = 时段
points-opt-period-desc = 统计哪段时间；不填则选有人上榜的最短时段
points-opt-share = 公开
points-opt-share-desc = 把榜单发到频道里，而不是只给你自己看
points-period-week = 本周
points-period-month = 本月
points-period-all = 总榜
points-board-title = 🏆 排行榜 · { $period }
points-board-line = { $place } { $member } · { $amount }
points-board-own = 你：第 **{ $rank }** 名，{ $amount }
points-board-own-none = 这段时间你还没有积分。
points-board-empty = 这段时间还没有人获得积分。说点什么，第一名就是你的。

points-rules-cmd = 积分规则
points-rules-cmd-desc = 查看和修改怎样获得积分
points-rules-list-cmd = 查看
points-rules-list-desc = 各项规则的积分，以及上次是谁修改的
points-rules-set-cmd = 修改
points-rules-set-desc = 修改一项数值；已经获得的积分不变
points-opt-rule = 规则
points-opt-rule-desc = 要修改哪条规则
points-opt-field = 项目
points-opt-field-desc = 要修改这条规则的哪一项
points-opt-value = 新值
points-opt-value-desc = 修改后的值
points-opt-reason = 原因
points-opt-reason-desc = 简单说明原因，会写入审计日志

points-rules-title = 积分规则 · 第 { $version } 版
points-rules-default = 默认规则，还没有人改过。用 `/rules set` 修改。
points-rules-line = { $field }：{ $value }
points-rules-by = 由 { $member } 修改于 { $when }：{ $reason }
points-rule-message = 发言
points-rule-reply = 在子区里回复
points-rule-helpful = 收到“有帮助”的表情
points-rule-answer = 答案被采纳
points-rule-resource = 资源上架
points-rule-savers = 资源被收藏
points-rule-review = 完成评审
points-rule-checkin = 每日打卡
points-rule-newcomer = 新成员
points-rule-multipliers = 倍率
points-rule-general = 通用
points-rule-levels = 等级
points-rule-seasons = 赛季
points-field-points = 积分
points-field-cooldown_s = 两次间隔（秒）
points-field-per_day = 每天最多次数
points-field-min_length = 最短长度
points-field-pair_per_day = 同两人之间每天最多次数
points-field-pair_days = 同两人之间第 n 次按 1/n 计分的天数
points-field-taper = 每天前几次全额，之后按 1/2、1/3……递减
points-field-needs_new = 刚说过的内容不计分
points-field-step = 每多少人收藏计一次
points-field-guild_days = 加入后多少天内算新成员
points-field-account_days = 账号注册多少天内算新成员
points-field-percent = 百分比
points-field-channels = 各频道百分比
points-field-roles = 各身份组百分比
points-field-lock_h = 互赞间隔（小时）
points-field-zone = 以哪个时区划分一天
points-field-curve = 曲线
points-field-thresholds = 各级起点（自定义）
points-field-kind = 周期
points-field-starts = 开始日期
points-field-emoji = “有帮助”的表情
points-field-is_capped = 计入每日上限
points-field-daily_cap = 每日积分上限
points-value-length = { $value ->
        [0] 0（不限）
        [1] 1（有文字即可）
        [2] 2（一个短句）
       *[3] 3（较长的文字）
    }
points-value-nothing = –
points-value-yes = 是
points-value-no = 否
points-rules-change = { $rule } · { $field }：{ $before } → **{ $after }**
points-rules-note = 即刻生效，已经获得的积分保持不变。

error-points-short = 你有 { NUMBER($have) } 积分可用，这里需要 { NUMBER($need) } 积分。
error-points-bot = 机器人没有积分，请选择一位成员。
error-points-rule = 没有这条规则，请从提示里选一个。
error-points-field = 这条规则没有这一项，请从提示里选一个。
error-points-unchanged = 现在就是这个值，请填一个不同的。
error-points-points = 请填 { $low } 到 { $high } 之间的积分，最多两位小数。
error-points-seconds = 请填 { $low } 到 { $high } 之间的整数秒。
error-points-count = 请填 { $low } 到 { $high } 之间的整数。
error-points-length = 请填 { $low }（不限）到 { $high }（只算较长的文字）之间的整数。
error-points-days = 请填 { $low } 到 { $high } 之间的整数天。
error-points-percent = 请填 { $low } 到 { $high } 之间的整数百分比，不带百分号。
error-points-hours = 请填 { $low } 到 { $high } 之间的整数小时。
error-points-zone = 请填时区，例如 Asia/Shanghai；填“-”表示用服务器的时区。
error-points-choice = 请填其中一个：{ $choices }。
error-points-weights = 请填 ID 和 0 到 1000 的百分比，例如 123456789=150，最多 { $high } 项；填“-”表示没有。
error-points-amounts = 请填逐级递增的积分，用逗号分隔，最多 { $high } 个；填“-”表示没有。
error-points-dates = 请填递增的日期，例如 2026-09-01，用逗号分隔，最多 { $high } 个；填“-”表示没有。
error-points-switch = 请填“是”或“否”。
error-points-emoji = 请填 { $low } 到 { $high } 个表情，中间可以有空格，不要写别的内容。
