# 成员收藏的内容：/saved，以及“收藏”“不感兴趣”和“撤销”的回答。

library-cmd-saved = 收藏夹
library-cmd-saved-desc = 查看你收藏的内容

library-saved-header = ## 🔖 收藏了 { $count } 个资源
library-saved-none = 还没有收藏。在任意卡片上点**收藏**，就能在这里找到。
library-saved-page = 第 { $page } 页，共 { $pages } 页
library-saved-before = ◀ 较新
library-saved-after = 较早 ▶

library-cmd-library = 资料库
library-cmd-library-desc = 你留下的一切：收藏、在学、学完的和笔记
library-opt-show = 显示
library-opt-show-desc = 显示哪些；不选则显示全部
library-header = ## 📚 资料库里有 { $count } 个资源
library-none = 这里还是空的。在任意卡片上点**收藏**，或点 **更多……** 标记在学、学完了，或写一条笔记。
library-shelf-empty = 这一类还没有内容，可以在下面换一类。
library-shelf-choose = 换一类
library-shelf-count = { $count } 个
library-shelf-all = 全部
library-shelf-saved = 收藏的
library-shelf-started = 在学的
library-shelf-done = 学完的
library-shelf-noted = 有笔记的
library-shelf-bought = 买下的
library-lessons = { $count } 课学完 { $done } 课
library-onward = ▶️ 继续上次的学习
library-onward-course = 《{ $title }》的下一课
library-file-make = 导出文件
library-file = 📄 共 { $count } 个资源，这个文件只有你能看到。
library-column-title = 标题
library-column-kind = 类型
library-column-address = 网址
library-column-shelves = 分类
library-column-note = 笔记
library-column-changed = 更新日期（UTC）
library-note = 你的笔记
library-note-hint = 只有你能看到；清空即删除

library-dismissed = -# 不会再向你推荐《{ TITLE($title) }》。
library-undo = 撤销
library-shared-saved = 已收藏《{ TITLE($title) }》，用 `/saved` 查看。
library-shared-unsaved = 已把《{ TITLE($title) }》移出收藏夹。

error-library-gone = 这个资源已经不在目录里了，请用 `/search` 找找别的。
error-library-not-yours = 这张卡片是给别人的，请用 `/recommend` 获取你自己的推荐。
error-library-untracked = 你已停止行为记录，这个操作无法保存。可以用 `/privacy` 恢复。
error-library-note-blank = 里面没有看得见的内容。请写点什么，或清空以删除笔记。
error-library-note-long = 笔记最多 { $limit } 个字符。
