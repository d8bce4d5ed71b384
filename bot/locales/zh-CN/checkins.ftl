# 每日打卡。

checkins-cmd = 打卡
checkins-cmd-desc = 写一句今天学了什么、做了什么
checkins-opt-note = 内容
checkins-opt-note-desc = 今天学了什么、做了什么；会以你的名义发在这里，不会另外保存

checkins-line = 📗 { $member } 打卡 · { $streak }
checkins-streak = { $count ->
        [1] 第 1 天
       *[other] 连续 { $count } 天
    }
checkins-paid = 打卡成功，获得 { $amount }。
checkins-unpaid = 打卡成功。这次没有积分：今天的积分已达上限，或规则没有为打卡设置积分。
checkins-stands = 连续打卡 { $streak } 天，累计打卡 { $total } 次
checkins-bridged = 已自动用补签卡补上你漏掉的 { $count } 天。
checkins-freezes = { $count ->
        [0] 本月的补签卡已用完，再漏一天，连续打卡就会中断。
       *[other] 本月还剩 { $count } 张补签卡：漏打卡时自动使用，一天一张，连续打卡不中断。
    }
checkins-next = { $when } 可以再次打卡。

error-checkins-again = 今天已经打过卡了，{ $when } 可以再打。
error-checkins-short = 内容太短了，写一句今天学了什么或做了什么吧。
error-checkins-untracked = 你已停止行为记录，打卡不会计入。可以用 `/privacy` 恢复。
