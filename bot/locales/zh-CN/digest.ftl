# 每周精选：/digest 命令、私信和停止按钮。

digest-cmd = 每周精选
digest-cmd-desc = 每周一次，把几样值得看的内容私信给你
digest-cmd-on = 开启
digest-cmd-on-desc = 开启后，每周私信给你一期
digest-cmd-off = 关闭
digest-cmd-off-desc = 不再接收每周精选
digest-cmd-time = 时间
digest-cmd-time-desc = 设置每周精选的送达时间
digest-cmd-now = 立即发送
digest-cmd-now-desc = 马上收到一期每周精选
digest-cmd-status = 状态
digest-cmd-status-desc = 查看是否已开启，以及下一期什么时候送达

digest-opt-weekday = 星期
digest-opt-weekday-desc = 周几送达
digest-opt-hour = 小时
digest-opt-hour-desc = 几点送达，0 到 23，按你的时区
digest-opt-zone = 时区
digest-opt-zone-desc = 输入城市名，再从列表中选择；其他功能也会用这个时区

digest-weekday-0 = 周一
digest-weekday-1 = 周二
digest-weekday-2 = 周三
digest-weekday-3 = 周四
digest-weekday-4 = 周五
digest-weekday-5 = 周六
digest-weekday-6 = 周日

digest-greeting = ## { $guild } 本周精选
    从大家觉得值得一看的内容里，为你挑了这些。
digest-footer = 收到这条私信，是因为你在 { $guild } 开启了每周精选。
digest-stop = 不再接收
digest-stopped = 好的，你不会再收到 **{ $guild }** 的每周精选。想恢复时，在那个服务器里用 `/digest on`。
digest-stopped-unknown = 已经找不到这一期每周精选了。如果还在收到，请到服务器里用 `/digest off`。
digest-that-server = 那个服务器

digest-on = **每周精选已开启**，{ $every }，{ $weekday } { $hour }（{ $zone }）送达。
    下一期：{ $next }
digest-on-how = -# 改时间：`/digest time`。马上看一期：`/digest now`。不想收了：`/digest off`，或点每期下方的按钮。
digest-off = 每周精选已关闭。想恢复的话，用 `/digest on`。
digest-off-already = 每周精选本来就没有开启，我不会给你发私信。
digest-time-on = 每周精选已改为{ $every }，{ $weekday } { $hour }（{ $zone }）送达。
    下一期：{ $next }
digest-time-off = 记下了：{ $every }，{ $weekday } { $hour }（{ $zone }）。每周精选还没有开启，用 `/digest on` 开启。
digest-status-on = **每周精选已开启**，{ $every }，{ $weekday } { $hour }（{ $zone }）送达。
    下一期：{ $next }
digest-status-off = **每周精选没有开启**，我不会给你发私信。用 `/digest on` 开启后，{ $every }，{ $weekday } { $hour }（{ $zone }）送达。
digest-status-closed = **每周精选暂停了**，因为 Discord 不允许我给你发私信。请在本服务器的隐私设置里允许私信，然后用 `/digest on`。
digest-last = -# 上一期：{ $when }

digest-now-sent = 每周精选已经发到你的私信里了。
digest-now-closed = 我没能给你发私信。请在本服务器的隐私设置里允许私信，然后用 `/digest on`。
digest-now-later = Discord 要我放慢发送速度，每周精选会在几小时内自动送达。
digest-now-failed = Discord 拒绝了这条私信，没有发出。可以先用 `/recommend` 看看。
digest-now-skipped = 没有发出：每周精选刚刚被关闭了。
digest-preview = ## 你的每周精选会是这样
    这次没有发私信，因为每周精选没有开启。用 `/digest on` 开启，每周就会私信给你一期。
digest-preview-footer = 只有你能看到这条消息。
digest-closed = 每周精选没能送达：Discord 显示你不接受我的私信。想继续接收，请在本服务器的隐私设置里允许私信，然后用 `/digest on`。在那之前我不会再试。

error-digest-time-zone = 没有“{ $value }”这个时区，请输入城市名（例如上海或 Berlin），再从列表中选择。
error-digest-off = 每周精选没有开启，所以没有发出，请先用 `/digest on` 开启。
error-digest-closed = Discord 不允许我给你发私信，请先在本服务器的隐私设置里允许私信，再用 `/digest on`。
error-digest-too-soon = 你刚收到过一期，{ $when } 可以再领。
error-digest-too-little = 现在能推荐给你的还不到三项，这期先不发；资源多起来就会恢复。
error-digest-busy = 现在有很多成员在领第一期，请十分钟后再试。
error-digest-unreachable = 现在连不上 Discord，请过几分钟再试。

digest-cmd-preview = 预览
digest-cmd-preview-desc = 看看下一期会有什么，以及会不会发
digest-cmd-pace = 频率
digest-cmd-pace-desc = 设置多久收到一期
digest-cmd-pause = 暂停
digest-cmd-pause-desc = 在某天之前不发，或结束暂停
digest-opt-every = 频率
digest-opt-every-desc = 每周、每两周或每月一次
digest-opt-until = 到哪天
digest-opt-until-desc = 日期，例如 2027-01-10；不填则结束暂停

digest-every-weekly = 每周一次
digest-every-fortnightly = 每两周一次
digest-every-monthly = 每月一次
digest-every-four-weekly = 每四周一次
digest-every-two-monthly = 每两个月一次

digest-section-continue = ↩️ 接着看
digest-section-for-you = ✨ 为你挑选
digest-section-new = 🆕 你关注的主题有新内容
digest-section-answer = 🙋 你或许能回答的问题
digest-section-solved = ✅ 本周解决的相关问题
digest-question = [{ $title }]({ $address })
digest-week = **你的一周：** { $parts }
digest-week-points = { $count } 积分
digest-week-streak = 连续签到 { $count } 次
digest-week-place = 本周排在第 { $place }

digest-ends = ⏳ 你购买的 **{ $title }** 将于 { $when } 到期。想继续的话，请在那之前续订，天数会累加。
digest-renews = 🔁 **{ $title }** 已付费至 { $when }；如果没有取消，届时会自动续费。

digest-say = 你觉得怎么样？
digest-say-useful = 有用
digest-say-known = 已经看过
digest-say-too-hard = 太难
digest-say-too-easy = 太简单
digest-say-less = 少推荐这类
digest-said-useful = 好的，《{ TITLE($title) }》对你有用，我会多找这样的内容。
digest-said-known = 记下了：你已经看过《{ TITLE($title) }》。
digest-said-too-hard = 记下了：《{ TITLE($title) }》太难，我会找容易一些的。
digest-said-too-easy = 记下了：《{ TITLE($title) }》太简单，我会找更深入的。
digest-said-less = 不会再给你看《{ TITLE($title) }》，这类内容也会少推荐。

digest-note-slowed = 最近三期你都没有打开，所以从现在起频率减半。打开任意一项就会恢复原来的频率，也可以用 `/digest pace` 调整。
digest-note-asking = 你有一段时间没打开过了。还想继续收到吗？如果你不回应，**这就是最后一期**。
digest-keep = 继续发给我
digest-kept = 好的，**{ $guild }** 的每周精选会照原来的频率继续发。
digest-pace-slowed = -# 你选的是“{ $every }”。因为最近几期没有打开，目前频率减半，打开任意一项就会恢复。
digest-pace-stopped = -# 你有一段时间没有打开，所以我停发了。用 `/digest on` 恢复。
digest-pace-paused = -# 暂停到 { $until }。用 `/digest pause`，不填日期，就会结束暂停。
digest-skipped = **上一期没有发**（{ $when }）。{ $reason }
digest-gated = 有 { $gated } 项内容你打开的可能性不大，去掉后{ $left ->
        [0] 一项也没剩下
       *[other] 只剩 { $left } 项
    }；满三项我才会发。
digest-too-little = { $left ->
        [0] 没找到能给你看的内容
       *[other] 只找到 { $left } 项能给你看的内容
    }；满三项我才会发。
digest-preview-next = ## 你的下一期会是这样
    这是现在的样子，发送时会重新挑选。
error-digest-pause = “{ $value }”不是未来一年内的日期，请写成 2027-01-10 这样。

# 频道精选：/channel-digest，以及发出的内容。

digest-cmd-channel = 频道精选
digest-cmd-channel-desc = 每周一次，在频道里发布服务器的精选内容
digest-cmd-channel-setup = 设置
digest-cmd-channel-setup-desc = 每周在一个频道里发布服务器的精选内容
digest-cmd-channel-preview = 预览
digest-cmd-channel-preview-desc = 看看现在会发布什么，以及发布的时间和频道
digest-cmd-channel-stop = 停止
digest-cmd-channel-stop-desc = 不再发布
digest-opt-channel = 频道
digest-opt-channel-desc = 发布在哪个频道
digest-opt-channel-hour-desc = 几点发布，0 到 23，按服务器的时区

digest-channel-greeting = ## { $guild } 本周精选
    这里的成员觉得值得一看的内容。
digest-channel-useful = ⭐ 最有用
digest-channel-picks = 🌱 新成员最先打开的
digest-channel-solved = ✅ 本周解决的问题
digest-channel-thanks = 🙏 **感谢回答问题的成员**：{ $names }
digest-channel-useful-by = { $count } 位成员收藏了它或觉得值得
digest-channel-picks-by = { $count } 位新成员最先打开它
digest-channel-own = 私信给我发每周精选
digest-channel-preview = ## 现在会发布的内容
    只有你能看到。
digest-channel-is-on = 发布在 { $channel }，每{ $weekday } { $hour }（{ $zone }）。下一次：{ $next }
digest-channel-is-off = 目前没有在频道里发布。用 `/channel-digest setup` 开启。
digest-channel-how = -# 内容包括至少三位成员收藏或觉得值得的资源、已解决的问题，以及回答者的名字（仅限出现在排行榜上的成员）。不足三条时本周跳过。`/channel-digest preview` 预览，`/channel-digest stop` 停止。
digest-channel-off = 好的，不再发布。用 `/channel-digest setup` 重新开启。
digest-channel-problem = ⚠️ 上一次没能发布。机器人需要能查看该频道、在其中发送消息并读取消息历史。
digest-channel-too-little = 本周目前只有 { $count } 条内容；满三条才会发布。
error-digest-channel = 我在 { $channel } 里缺少这些权限：{ $names }。请在该频道给我的身份组加上，然后再试一次。
