# 服务器里哪些功能正常、哪些事情需要管理员处理，以及向机器人所有者发出的提醒。

status-cmd = 状态
status-cmd-desc = 查看哪些功能正常、从何时起，以及有什么需要你处理
status-title = Lyceum 在这里的运行状况
status-well = 一切正常，没有需要你处理的事。
status-needs = 有 { $n } 件事需要看一下。
status-gateway = 已连接 Discord，开始于 { $at }
status-gateway-away = 目前没有连接到 Discord
status-stored = 正在运行并保存记录，开始于 { $at }
status-stored-not = 目前无法保存任何记录：请机器人运营者检查磁盘。这段时间的消息会在恢复后补读。
status-missing = 我缺少这些权限：**{ $names }**。请到“服务器设置 → 身份组”补上，或用原来的链接重新邀请我。
status-staff = 还没有管理员频道：用 `/levels staff` 选一个，有事时我会在那里通知你们。
status-waiting = 有 { $n } 个投稿待审核：`/review`
status-owed = 有 { $n } 个商店订单待交付：`/shop-admin queue`
status-model = 推荐所用的模型学习于 { $at }
status-model-none = 推荐目前依据热门和最新内容；等活动多一些就会有模型
status-refits-fail = 推荐模型已经连续 { $days } 天更新失败：请机器人运营者查看日志。
status-digests = 最近 8 天的每周精选：已发送 { $sent } 份
status-digests-failed = 最近 8 天的每周精选：已发送 { $sent } 份，{ $failed } 份被 Discord 拒绝
status-digests-late = 每周精选晚了 { $hours } 小时
status-backup = 上次备份：{ $at }
status-backup-none = 还没有备份
status-backup-fails = 无法备份：请机器人运营者查看日志。
status-backup-old = 上次备份是 { $at }，之后都失败了：请机器人运营者查看日志。

status-welcome-title = 谢谢邀请我
status-welcome = 管理员做完三件事，这个服务器就准备好了：
status-welcome-language = `/server language` 和 `/server timezone`：我在这里用什么语言，一天从几点算起。
status-welcome-staff = `/levels staff`：选一个只有管理员能看的频道，有事我会在那里通知你们。
status-welcome-resources = `/resource add`：先放几个值得读的页面；成员可以用 `/submit` 推荐更多。
status-welcome-more = 随时可以用 `/status` 查看运行状况和需要你们处理的事，用 `/rules list` 查看积分规则。我从不保存任何人写的内容；成员可以用 `/privacy` 查看、导出和清除与自己有关的记录。
