# 各功能共用的词语和句子。

error-not-allowed = 这个操作需要“管理服务器”权限。
error-bad-option = 无法识别“{ $value }”，请从列表中选一个。
error-unexpected = 我这边出了点问题。如果再次出现，请把这个编号告诉管理员：{ $reference }

staff-waiting = 有事项等待管理员处理，请查看 `/levels view` 和 `/shop-admin queue`。
staff-public = 所有人都能看到这个频道，所以这里不说明详情。请用 `/levels staff` 选一个私密频道。
staff-problem-public = 所有人都能看到 { $channel }，所以我不会在那里发详情。请在频道设置里取消 @everyone 的“查看频道”权限，或用 `/levels staff` 换一个频道。
staff-problem-closed = 我无法在管理员频道发言。请允许我查看频道和发送消息，或用 `/levels staff` 换一个频道。

erased-member = 已删除数据的成员

kind-article = 文章
kind-course = 课程
kind-ebook = 电子书
kind-video = 视频
kind-tool = 工具
kind-thread = 讨论帖
kind-consultation = 咨询

level-beginner = 入门
level-intermediate = 中级
level-advanced = 高级

language-en = English
language-zh = 中文

card-open = 打开
card-save = 收藏
card-saved = 已收藏 ✓
card-dismiss = 不感兴趣
card-free = 免费
card-minutes = { $minutes } 分钟
card-hours = { $hours } 小时

why-because-open = 因为你看过《{ TITLE($title) }》
why-because-save = 因为你收藏过《{ TITLE($title) }》
why-because-reaction = 因为你给《{ TITLE($title) }》点过赞
why-because-comment = 因为你讨论过《{ TITLE($title) }》
why-because-follow = 因为你关注了《{ TITLE($title) }》
why-popular = 最近大家都在看
why-new = 新上架
why-liked = 看过的人常会收藏或点赞
why-interest = 符合你的兴趣
why-topic = 符合你要找的主题
