# 各功能共用的词语和句子。

error-not-allowed = 这个操作需要“管理服务器”权限。
error-bad-option = 无法识别“{ $value }”，请从列表中选一个。
error-option-number = 这里不能填“{ $value }”，请填 { NUMBER($low, useGrouping: 0) } 到 { NUMBER($high, useGrouping: 0) } 之间的数字。
error-option-length = 这里不能填“{ $value }……”，请填 { $low } 到 { $high } 个字符。
error-busy = 现在什么都保存不了：有别的程序正在使用我的数据库。请过一分钟再试。
error-storage = 现在无法读取或保存任何数据，所以没有任何改动。请稍后再试。如果一直这样，请让负责运行我的人查看日志里的原因。
error-unexpected = 我这边出了点问题。如果再次出现，请把这个编号告诉管理员：{ $reference }

staff-waiting = 有事项等待管理员处理，请查看 `/levels view` 和 `/shop-admin queue`。
staff-public = 所有人都能看到这个频道，所以这里不说明详情。请用 `/levels staff` 选一个私密频道。
staff-problem-public = 所有人都能看到 { $channel }，所以我不会在那里发详情。请在频道设置里取消 @everyone 的“查看频道”权限，或用 `/levels staff` 换一个频道。
staff-problem-closed = 我无法在管理员频道发言。请允许我查看频道和发送消息，或用 `/levels staff` 换一个频道。

erased-member = 已删除数据的成员
operator = 机器人运营者

error-role-permission = 无法授予 { $role }：我没有“管理身份组”权限。请在“服务器设置 > 身份组”里开启后再试。
error-role-above = { $role } 排在我的最高身份组之上。请在“服务器设置 > 身份组”里把我的身份组拖到它上面后再试。
error-role-managed = { $role } 由集成管理，或是 @everyone，无法授予，请选择其他身份组。
error-role-gone = 这个身份组已被删除，请选择其他身份组。
error-role-unpermitted = 你需要“管理身份组”权限，才能让我授予 { $role }。
error-role-outranked = { $role } 不在你的最高身份组之下，你不能让我授予它。请选择其他身份组，或请更高身份组的成员来设置。
error-role-dangerous = { $role } 拥有只能由服务器所有者让我授予的权限：{ $permissions }。请选择其他身份组，或在“服务器设置 > 身份组”里取消这些权限。

permission-administrator = 管理员
permission-ban-members = 封禁成员
permission-deafen-members = 拒听成员
permission-kick-members = 踢出成员
permission-manage-channels = 管理频道
permission-manage-events = 管理活动
permission-manage-expressions = 管理表情
permission-manage-guild = 管理服务器
permission-manage-messages = 管理消息
permission-manage-nicknames = 管理昵称
permission-manage-roles = 管理身份组
permission-manage-threads = 管理子区
permission-manage-webhooks = 管理 Webhook
permission-mention-everyone = 提及 @everyone
permission-moderate-members = 禁言成员
permission-move-members = 移动成员
permission-mute-members = 静音成员
permission-view-audit-log = 查看审核日志
permission-view-creator-monetization-analytics = 查看创作者变现分析
permission-view-guild-insights = 查看服务器分析

kind-article = 文章
kind-course = 课程
kind-ebook = 电子书
kind-video = 视频
kind-tool = 工具
kind-page = 知识库页面
kind-thread = 讨论帖
kind-consultation = 咨询

level-beginner = 入门
level-intermediate = 中级
level-advanced = 高级

language-en = English
language-zh = 中文

card-open = 打开
card-get = 购买
card-sold = 🔒 购买后可打开：`/buy`
card-save = 收藏
card-saved = 已收藏 ✓
card-dismiss = 不感兴趣
card-more = 更多……
card-free = 免费
card-minutes = { $minutes } 分钟
card-hours = { $hours } 小时

say-on = { $what } ✓
say-useful = 有用
say-known = 已经会了
say-too-easy = 太简单
say-too-hard = 太难
say-outdated = 已过时
say-broken = 链接失效
say-started = 在学
say-done = 学完了
say-note = 笔记
say-sentence = 写一句评价
say-stars = 打分：1 到 5 星
say-stars-none = 撤回我的评分

why-because-open = 因为你看过《{ TITLE($title) }》
why-because-save = 因为你收藏过《{ TITLE($title) }》
why-because-reaction = 因为你给《{ TITLE($title) }》点过赞
why-because-comment = 因为你讨论过《{ TITLE($title) }》
why-because-follow = 因为你关注了《{ TITLE($title) }》
why-because-purchase = 因为你买过《{ TITLE($title) }》
why-because-useful = 因为你觉得《{ TITLE($title) }》有用
why-because-rated = 因为你给《{ TITLE($title) }》打了高分
why-because-known = 因为你已经会《{ TITLE($title) }》
why-because-started = 因为你在学《{ TITLE($title) }》
why-because-done = 因为你学完了《{ TITLE($title) }》
why-popular = 最近大家都在看
why-follows-named = 你学完了《{ TITLE($title) }》，这是下一步
why-new = 新上架
why-liked = 看过的人常会收藏或点赞
why-interest = 符合你的兴趣
why-interest-named = 你关注“{ $title }”
why-together-named = 看《{ TITLE($title) }》的人也看这个
why-waiting = 你收藏了它，还没打开过
why-favourite-named = “{ $title }”里，这是大家用得最多的之一
why-favourite = 最近大家都在看
why-topic = 符合你要找的主题
error-too-fast = 操作太频繁了：请 { $seconds } 秒后再试。
error-too-many = 这里同时使用命令的人太多了：请 { $seconds } 秒后再试。
