# 网页为什么没有读取：都可以改为手动填写表单。

error-pages-off = 这个机器人没有开启网页读取，所以没有自动填写。
error-pages-address = 这不是网址，请用 https:// 或 http:// 开头的地址。
error-pages-credentials = 这个网址带有用户名或密码，所以没有打开。
error-pages-port = 这个网址指定了端口；只读取 http 和 https 默认端口上的网页。
error-pages-long = 这个网址太长，无法读取。
error-pages-private = 这个网址不在公网上，所以没有打开。
error-pages-name = 找不到这个域名对应的网站。
error-pages-unreachable = 无法连接到这个网站。
error-pages-slow = 网站太久没有回应。
error-pages-certificate = 网站的证书无效或与域名不符，所以没有打开。
error-pages-redirects = 这个网址跳转次数太多，已放弃。
error-pages-status = 网站返回了错误 { $status }，没有给出网页。
error-pages-robots = 网站不允许机器人读取这个网页，所以没有自动填写。
error-pages-type = 这个网址不是网页，而是其他类型的文件，所以没有自动填写。
error-pages-unreadable = 这个网页无法读取，所以没有自动填写。
