# 周报：/digest 命令、私信和停止按钮。

digest-cmd = 周报
digest-cmd-desc = 每周一次，私信送上几份值得一看的内容
digest-cmd-on = 开启
digest-cmd-on-desc = 每周通过私信收到周报
digest-cmd-off = 关闭
digest-cmd-off-desc = 不再接收周报
digest-cmd-time = 时间
digest-cmd-time-desc = 选择周报送到的时间
digest-cmd-now = 马上发
digest-cmd-now-desc = 现在就要一份周报
digest-cmd-status = 状态
digest-cmd-status-desc = 看看周报是否开启、下一份什么时候到

digest-opt-weekday = 星期
digest-opt-weekday-desc = 周几送到
digest-opt-hour = 小时
digest-opt-hour-desc = 几点送到，0 到 23，按你的时区
digest-opt-zone = 时区
digest-opt-zone-desc = 输入城市名，再从提示里选一个；以后都按这个时区

digest-weekday-0 = 星期一
digest-weekday-1 = 星期二
digest-weekday-2 = 星期三
digest-weekday-3 = 星期四
digest-weekday-4 = 星期五
digest-weekday-5 = 星期六
digest-weekday-6 = 星期日

digest-greeting = ## { $guild } 本周精选
    从大家觉得值得花时间的内容里，为你挑了这几份。
digest-footer = 收到这条私信，是因为你在 { $guild } 开启了周报。
digest-stop = 不再接收
digest-stopped = 好的，不会再收到 **{ $guild }** 的周报了。想恢复时，在那里使用 `/digest on`。
digest-stopped-unknown = 我已经找不到这份周报了。如果还在收到，请在服务器里使用 `/digest off`。
digest-that-server = 那个服务器

digest-on = **周报已开启。**每{ $weekday } { $hour } 送到（{ $zone }）。
    下一份：{ $next }
digest-on-how = -# 换个时间：`/digest time`。现在就看：`/digest now`。不想再收：`/digest off`，或点每份周报下面的按钮。
digest-off = 周报已关闭。想恢复时使用 `/digest on`。
digest-off-already = 周报本来就没有开启，我不会给你发私信。
digest-time-on = 周报改为每{ $weekday } { $hour } 送到（{ $zone }）。
    下一份：{ $next }
digest-time-off = 记下了：每{ $weekday } { $hour }（{ $zone }）。周报还没有开启，使用 `/digest on` 即可开启。
digest-status-on = **周报已开启。**每{ $weekday } { $hour } 送到（{ $zone }）。
    下一份：{ $next }
digest-status-off = **周报没有开启**，我不会给你发私信。使用 `/digest on` 后，每{ $weekday } { $hour } 会收到一份（{ $zone }）。
digest-status-closed = **周报暂停了**，因为 Discord 不允许我给你发私信。请在本服务器的隐私设置里允许私信，然后使用 `/digest on`。
digest-last = -# 上一份送到的时间：{ $when }。

digest-now-sent = 周报已经发到你的私信里了。
digest-now-closed = 我没能给你发私信。请在本服务器的隐私设置里允许私信，然后使用 `/digest on`。
digest-now-later = Discord 要求我慢一点，周报会在几小时内自动送到。
digest-now-failed = Discord 拒绝了这条私信，所以没有发出。可以先试试 `/recommend`。
digest-now-skipped = 没有发出：周报刚刚被关闭了。
digest-preview = ## 给你的周报会是这样
    这次什么也没有发出，因为周报没有开启。使用 `/digest on`，每周就会收到一份私信。
digest-preview-footer = 只有你能看到这条消息。
digest-closed = 周报没能送到：Discord 说你不接受我的私信。想继续收到，请在本服务器的隐私设置里允许私信，然后使用 `/digest on`。在那之前我不会再试。

error-digest-time-zone = 没有“{ $value }”这个时区，请输入城市名（例如“上海”或 Berlin），再从提示里选一个。
error-digest-off = 周报没有开启，所以什么也没有发出；使用 `/digest on` 即可开启。
error-digest-closed = Discord 不允许我给你发私信，请先在本服务器的隐私设置里允许私信，再使用 `/digest on`。
error-digest-too-soon = 你刚收到过一份周报，{ $when }可以再要一份。
error-digest-too-little = 现在能推荐给你的还不到三份，所以没有周报；资源多起来以后就会有。
error-digest-busy = 现在有很多成员正在收第一份周报，请十分钟后再试。
error-digest-unreachable = 现在连不上 Discord 的私信，请过几分钟再试。
