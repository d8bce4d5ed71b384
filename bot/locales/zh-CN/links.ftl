# 打开资源：“打开”按钮的回答，以及链接失效时的页面。

links-opened = 📖 **{ $title }**
links-go = 前往 { $host }
links-say = 看完回来说说怎么样，大家的推荐都会更准。

error-links-not-yours = 这个按钮太旧了，或者不是给你的，请用 `/search` 或 `/recommend` 获取新的卡片。
error-links-gone = 这个资源已经不在目录里了，请用 `/search` 找找别的。
error-links-role = 这个资源仅限 { $role }，请向管理员了解如何获得该身份组。
error-links-sold = 🔒 购买 **{ $products }** 后即可打开。用 `/buy` 查看价格和购买方式；已经付款的话，用 `/claim` 认领。
error-links-unsold = 🔒 这个资源只对已购买的人开放，目前暂不出售。已经付款的话，用 `/claim` 认领。

links-page-missing-title = 找不到这个链接
links-page-missing-text = 这个链接已失效，或从未存在过。请回到 Discord，用 /search 或 /recommend 获取新的链接。
links-page-closed-title = 这个资源现在打不开
links-page-closed-text = 打开它需要一个身份组，而你在服务器里现在没有。请回到 Discord 询问管理员。
links-page-sold-title = 购买后才能打开
links-page-sold-text = 在 Discord 里用 /buy 查看价格和购买方式；已经付款的话，用 /claim 认领。
links-page-broken-title = 出了点问题
links-page-broken-text = 这不是你的错，请过一会儿再试。

error-membership-left = 你已不在这个资源所属的服务器里。
error-membership-without = 我已不在这个资源所属的服务器里，所以它不能再用了。
error-membership-unsure = 暂时无法从 Discord 得知你的身份组，请稍后再试。

links-archived = 原网页似乎已失效，这里有存档副本：
links-archive-go = 存档副本
