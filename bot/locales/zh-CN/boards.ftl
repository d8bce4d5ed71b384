# /leaderboard：榜单、图片，以及谁会上榜。

boards-cmd = 排行榜
boards-cmd-desc = 看看本周、本月、本赛季、总榜和近期谁的积分最多
boards-opt-period = 时段
boards-opt-period-desc = 统计哪段时间；不填则选有人上榜的最短时段
boards-opt-share = 公开
boards-opt-share-desc = 把榜单发到频道里，而不是只给你自己看
boards-period-week = 本周
boards-period-month = 本月
boards-period-season = 本赛季
boards-period-all = 总榜
boards-period-lately = 近期
boards-name = 排行榜
boards-title = 排行榜 · { $period }
boards-line = { $place } { $member } · { $amount }
boards-own = 你：第 **{ $rank }** 名，{ $amount }
boards-own-none = 这段时间你还没有积分。
boards-own-hidden = 你已从排行榜隐身，积分照常累计。
boards-empty = 这段时间还没有人获得积分。说点什么，第一名就是你的。
boards-departed = 已退出的成员
boards-somebody = 一位成员
boards-as-text = 文字版
boards-hide = 从排行榜隐身
boards-show = 重新上榜
boards-hidden-now = 好了，排行榜和其他成员都看不到你的积分了，积分照常累计。
boards-shown-now = 好了，你又回到排行榜了。

error-boards-season = 现在没有进行中的赛季，请选择其他时段。管理员可用 `/rules set` 设置赛季。
