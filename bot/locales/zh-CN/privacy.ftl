# /privacy：存了什么、导出、训练、记录、删除。

privacy-cmd = 隐私
privacy-cmd-desc = 查看、导出或删除 Lyceum 保存的关于你的数据

privacy-title = Lyceum 在这里存了你的哪些数据
privacy-since = 自 { $day } 起，仅限本服务器：
privacy-stored = 仅限本服务器：
privacy-nothing = 目前什么都没有。
privacy-more = 另外还有 { $n } 类，点“导出”可以看到全部
privacy-purpose = **用途**：为你推荐内容，计算积分和等级身份组，发送你开启的每周精选；管理员也可能据此查看有没有刷分。其中哪些还会用来训练大家的推荐，见下面的“用于训练推荐”。从不保存消息内容。
privacy-kept = 数据由本机器人的运营者保存，直到你删除，或本服务器移除机器人满 30 天为止。
privacy-line-learning = **用于训练推荐**：{ $value }
privacy-line-until = 此前从你的记录中学到的内容，最晚用到 { $when }。
privacy-line-tracking = **行为记录**：{ $value }
privacy-tracking-on = 已开启，会记录你在这里的操作
privacy-tracking-off = 已关闭，不记录你的操作（你自己设置、提交和撤回的内容除外），你也不会获得积分
privacy-model = 推荐模型里没有你的个人画像，每次推荐都根据上面这些记录当场算出。你删除的、或不再允许使用的记录不会再用于以后的训练；此前从中学到的内容最多再用一天。

privacy-event-message = { $n } 条消息：只有时间、频道和长度，没有内容
privacy-event-message-deleted = { $n } 条已删除的消息
privacy-event-reaction = { $n } 个表情反应
privacy-event-reaction-removed = { $n } 个已移除的表情反应
privacy-event-thread = 创建子区 { $n } 个
privacy-event-open = 打开资源 { $n } 次
privacy-event-save = 收藏资源 { $n } 次
privacy-event-unsave = 取消收藏 { $n } 次
privacy-event-dismiss = 标记“不感兴趣”{ $n } 次
privacy-event-undismiss = 撤销“不感兴趣”{ $n } 次
privacy-event-comment = 评论资源 { $n } 次
privacy-event-follow = 关注资源 { $n } 次
privacy-event-accepted = 采纳答案 { $n } 次
privacy-event-unaccepted = 取消采纳 { $n } 次
privacy-event-published = 发布资源 { $n } 个
privacy-event-retired = 下架资源 { $n } 个
privacy-event-task-done = 你批改为通过的 { $n } 份作业
privacy-event-task-undone = 你批改为重做的 { $n } 份作业
privacy-event-reviewed = 评审 { $n } 次
privacy-event-checkin = 打卡 { $n } 次
privacy-event-solved = 资源解决问题 { $n } 次
privacy-event-unsolved = 撤销“资源解决问题” { $n } 次
privacy-event-useful = 标记“有用” { $n } 次
privacy-event-known = 标记“已经会了” { $n } 次
privacy-event-too-easy = 标记“太简单” { $n } 次
privacy-event-too-hard = 标记“太难” { $n } 次
privacy-event-outdated = 标记“已过时” { $n } 次
privacy-event-broken = 报告链接失效 { $n } 次
privacy-event-liked = 打 4 至 5 星 { $n } 次
privacy-event-rated = 打 3 星 { $n } 次
privacy-event-disliked = 打 1 至 2 星 { $n } 次
privacy-event-started = 标记“在学” { $n } 次
privacy-event-done = 标记“学完了” { $n } 次
privacy-event-retracted = 撤回以上标记 { $n } 次
privacy-event-purchase = 通过购买获得 { $n } 个资源
privacy-event-refund = { $n } 次购买已到期或已退费
privacy-event-paid = 付费购买了 { $n } 个产品
privacy-event-paid-back = { $n } 个产品已全额退费

privacy-rows-events = 别人给你的 { $n } 次表情反应或回复
privacy-rows-impressions = 向你展示过的 { $n } 次推荐
privacy-rows-experiments = 你开始的 { $n } 个实验
privacy-rows-links = 给你的 { $n } 个专属资源链接
privacy-rows-ledger = { $n } 条积分记录（你获得的，或由你给出的）
privacy-rows-balances = 你的积分余额
privacy-rows-period-points = { $n } 条每周、每月的积分小计
privacy-rows-daily-points = { $n } 天的积分小计
privacy-rows-member-levels = 上次统计时你的等级
privacy-rows-level-grants = { $n } 条等级身份组记录（你的，或由你处理的）
privacy-rows-level-rewards = 你设置的 { $n } 个等级身份组
privacy-rows-level-notices = { $n } 条待发送的升级提醒
privacy-rows-shop-items = 你上架的 { $n } 件商品
privacy-rows-rule-drafts = 你改过的 { $n } 份规则草稿
privacy-rows-role-ends = 删除数据前兑换的 { $n } 个身份组的到期时间
privacy-rows-redemptions = 你兑换或发放的 { $n } 项
privacy-rows-checkins = 你打卡的 { $n } 天
privacy-rows-questions = 你提的 { $n } 个问题
privacy-rows-question-answers = 你写的或你采纳的 { $n } 个回答
privacy-rows-question-followers = 你也想问的 { $n } 个问题
privacy-rows-experts = 你的专家名片，或由你审核的名片
privacy-rows-invitations = 邀请你回答的 { $n } 个问题
privacy-rows-digest-settings = 你的每周精选设置
privacy-rows-deliveries = 为你准备的 { $n } 期每周精选
privacy-rows-members = 你的个人资料和选择
privacy-rows-resources = 你创作或添加的 { $n } 个资源
privacy-rows-submissions = { $n } 个你推荐或审核过的网页
privacy-rows-reviews = { $n } 份请你或由你邀请的评审
privacy-rows-wishes = 由你处理的 { $n } 个愿望
privacy-rows-wish-voices = 你许过或没搜到的 { $n } 项内容
privacy-rows-sources = 你添加的 { $n } 个来源
privacy-rows-products = { $n } 个你添加或选定身份组的产品
privacy-rows-purchases = { $n } 笔在别处的购买
privacy-rows-purchase-facts = { $n } 条购买归属或处理记录
privacy-rows-accesses = { $n } 个你拥有或拥有过的产品
privacy-rows-claim-tries = { $n } 次认领购买的尝试
privacy-rows-purchase-notices = { $n } 条关于你所购内容的消息
privacy-rows-receipt-settings = { $n } 项每月回执的设置
privacy-rows-opinions = 你对资源的 { $n } 个评价标记
privacy-rows-ratings = 你的 { $n } 个评分，或你审核的评价
privacy-rows-tasks = 你布置的 { $n } 份作业
privacy-rows-works = 你提交或批改的 { $n } 份作业
privacy-rows-paths = 你建的 { $n } 条路线
privacy-rows-prerequisites = 你设置的 { $n } 条先修关系
privacy-rows-tag-changes = 你对服务器标签的 { $n } 次修改
privacy-rows-keepings = 你资料库里的 { $n } 条笔记或进度
privacy-rows-rule-sets = 你设定的 { $n } 版积分规则
privacy-rows-rescores = 由你执行的 { $n } 次积分重算
privacy-rows-learned-from = { $n } 条“推荐模型用过你的记录”的标记
privacy-rows-audit = 你的 { $n } 条操作日志（设置、同意和管理操作）
privacy-rows-audit-about = 管理员做出的与你有关的 { $n } 项决定

privacy-button-export = 导出
privacy-button-track-on = 恢复记录
privacy-button-track-off = 停止记录
privacy-button-erase = 删除……
privacy-export = 这是 Lyceum 在本服务器保存的关于你的全部数据，只有你能看到。

privacy-erase-title = 要删除你在这里的数据吗？
privacy-erase-text =
    你在本服务器的操作记录、积分、兑换、设置和每周精选会被永久删除，还没有收到的兑换、还没有发布的投稿也会一并作废。属于大家的内容（例如你添加的资源）会保留，但不再带有你的 ID。删除后无法恢复。
    你兑换或购买的限时身份组会保留到期满；在那之前，只保留它的到期时间。
    - **全部删除**：你会像新成员一样重新开始，之后的操作仍会被记录。
    - **删除并停止记录**：以后不再记录你的任何操作，只在“停止记录”名单里保留你的 ID。
privacy-erase-owed = ⚠️ **你有 { $n } 笔兑换还没有发放**。删除后不会再发放，积分也不会退还。
privacy-erase-codes = ⚠️ **你兑换过 { $n } 个兑换码**。请先记下来（`/redeem` 可以查看），删除后谁也无法再给你查看。
privacy-erase-stays = 以下内容会保留，但不带你的 ID 和名字：别人因你获得的积分，你添加的资源、商品和规则，以及管理员做过决定这件事（与你有关的原因会清空）。在别处的购买会按店铺报告的样子保留（店铺、订单号、金额、日期），因为卖家依法必须保存；但不再写明属于你，它们打开的内容也会收回。我在频道里发过的消息会留在频道里，除非有人删除。此前做的备份里仍有你的数据，通常在 35 天内删除。
privacy-erase-all = 全部删除
privacy-erase-stop = 删除并停止记录
privacy-erase-cancel = 取消
privacy-erased-title = 已删除
privacy-erased-text = { $n ->
    [0] 已经没有可以删除的数据了。
   *[other] 共有 { $n } 条数据已被删除，或不再带有你的 ID，以后的训练不会再用到它们。
}
privacy-erased-until = 现有的推荐从你的记录中学到的内容，最晚用到 { $when }。
privacy-erased-unlearned = 现有的推荐没有从你的记录中学到任何内容。正在进行的训练可能用到过，学到的内容最多用一天。
privacy-erased-newcomer = 从现在起，你会像新成员一样重新开始，之后的操作仍会被记录。
privacy-erased-stopped = 从现在起，不再记录你的操作。你的 ID 只保留在“停止记录”名单里，可以用 `/privacy` 移除。

privacy-unnoted = ⚠️ 已经完成，但没能在备份旁边记下来：如果现在恢复以前的备份，这次的选择就会失效。机器人每分钟会再试一次，运营者可以在日志里看到原因。

privacy-button-notice = 隐私声明
privacy-notice-title = 隐私声明
privacy-notice-what = 保存哪些与成员有关的记录
privacy-notice-activity = 你做了什么、在什么时候：消息、表情反应、子区、打开或收藏的页面、签到，以及给你看过什么。{ $kept }
privacy-notice-points = 你的积分和每一笔的原因、你的等级，以及你决定过的规则。{ $kept }
privacy-notice-self = 你告诉机器人的内容：语言、时区、兴趣、各种选择、专家名片、每周精选。{ $kept }
privacy-notice-wishes = 你提出或支持的愿望。{ $kept }
privacy-notice-questions = 你提出、回答或关注的问题：只有子区，没有里面的消息。{ $kept }
privacy-notice-shop = 你用积分兑换或上架的东西。{ $kept }
privacy-notice-purchases = 你购买了什么（由卖家提供），以及由此获得的权限。{ $kept }
privacy-notice-catalogue = 你推荐、评审或添加的页面。{ $kept }
privacy-notice-models = 某个模型学习过你的记录；有了它，你不同意时模型才会停用。{ $kept }
privacy-notice-decisions = 管理员做了什么决定，以及关于谁。{ $kept }
privacy-notice-other = 你在这里的其他记录；`/privacy` 会列出来。{ $kept }
privacy-notice-kept-on = 保留到你删除为止。
privacy-notice-kept-days = 保留 { $days } 天。
privacy-notice-never = 从不保存什么
privacy-notice-read = 消息的文字：只用来判断一条消息有没有内容，随后就忘掉，绝不用于训练。
privacy-notice-unread = 消息的文字：机器人根本收不到。
privacy-notice-others = 附件、发给别人的私信、语音、在线状态和任何 IP 地址。不出售，也不交给第三方。
privacy-notice-why = 用来做什么
privacy-notice-ends = 什么时候删除
privacy-notice-erase = `/privacy` 里的“删除……”会立即删除，一天之内从文件里彻底抹掉；别人赚到的积分不受影响。
privacy-notice-left = 服务器移除机器人 { $days } 天后，与它有关的记录全部删除。
privacy-notice-backups = 备份里是制作时的内容，任何备份最多保留 { $days } 天。
privacy-notice-rights = 你的权利
privacy-notice-how = 用 `/privacy` 可以查看、导出和删除与你有关的记录，也可以不再被记录、不再用于学习。服务器管理员知道是谁在运营机器人。
