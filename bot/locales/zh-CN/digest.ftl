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

digest-on = **每周精选已开启**，每{ $weekday } { $hour }（{ $zone }）送达。
    下一期：{ $next }
digest-on-how = -# 改时间：`/digest time`。马上看一期：`/digest now`。不想收了：`/digest off`，或点每期下方的按钮。
digest-off = 每周精选已关闭。想恢复的话，用 `/digest on`。
digest-off-already = 每周精选本来就没有开启，我不会给你发私信。
digest-time-on = 每周精选已改为每{ $weekday } { $hour }（{ $zone }）送达。
    下一期：{ $next }
digest-time-off = 记下了：每{ $weekday } { $hour }（{ $zone }）。每周精选还没有开启，用 `/digest on` 开启。
digest-status-on = **每周精选已开启**，每{ $weekday } { $hour }（{ $zone }）送达。
    下一期：{ $next }
digest-status-off = **每周精选没有开启**，我不会给你发私信。用 `/digest on` 开启后，每{ $weekday } { $hour }（{ $zone }）送达。
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
