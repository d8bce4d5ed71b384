# 成员收藏的内容：/saved，以及“收藏”“不感兴趣”和“撤销”的回答。

library-cmd-saved = 收藏夹
library-cmd-saved-desc = 查看你收藏的内容

library-saved-header = ## 🔖 收藏了 { $count } 个资源
library-saved-none = 还没有收藏。在任意卡片上点**收藏**，就能在这里找到。
library-saved-page = 第 { $page } 页，共 { $pages } 页
library-saved-before = ◀ 较新
library-saved-after = 较早 ▶

library-dismissed = -# 不会再向你推荐《{ TITLE($title) }》。
library-undo = 撤销
library-shared-saved = 已收藏《{ TITLE($title) }》，用 `/saved` 查看。
library-shared-unsaved = 已把《{ TITLE($title) }》移出收藏夹。

error-library-gone = 这个资源已经不在目录里了，请用 `/search` 找找别的。
error-library-not-yours = 这张卡片是给别人的，请用 `/recommend` 获取你自己的推荐。
error-library-untracked = 你已停止行为记录，这个操作无法保存。可以用 `/privacy` 恢复。
