# /leaderboard：榜单、图片，以及谁会上榜。

boards-cmd = 排行榜
boards-cmd-desc = 看看本周、本月、本赛季、累计或近期谁的积分最多
boards-opt-period = 时间范围
boards-opt-period-desc = 哪段时间；不填则选有人上榜的最短时间
boards-opt-share = 公开
boards-opt-share-desc = 把排行榜发到本频道，而不是只给你自己看
boards-period-week = 本周
boards-period-month = 本月
boards-period-season = 本赛季
boards-period-all = 总榜
boards-period-lately = 近期
boards-name = 排行榜
boards-title = 排行榜 · { $period }
boards-line = { $place } { $member } · { $amount }
boards-line-plain = { $rank }. { $member }，{ $amount }
boards-own = 你：第 **{ $rank }** 名，{ $amount }
boards-own-none = 这段时间你还没有积分。
boards-own-hidden = 排行榜上不显示你，积分照常累计。
boards-empty = 这段时间还没有人获得积分。说点什么，第一名就是你的。
boards-departed = 已退出的成员
boards-somebody = 一位成员
boards-as-text = 文字版
boards-hide = 不在排行榜显示我
boards-show = 在排行榜显示我
boards-hidden-now = 好了，排行榜不再显示你，其他成员也看不到你的积分；积分照常累计。
boards-shown-now = 好了，排行榜会重新显示你。

error-boards-season = 现在没有进行中的赛季，请选择其他时间范围。管理员可用 `/rules set` 设置赛季。
