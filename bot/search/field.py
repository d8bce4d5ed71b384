"""The words of the field, in both languages: what means the same, what is a part of what, names."""

LINES = """\
# languages
javascript, js, ecmascript
typescript, ts
python, py, python3, 派森
golang, go, go语言
c++, cpp, cplusplus, c plus plus
c#, csharp, c sharp
.net, dotnet, dot net
java, java语言
c, c语言
rust, rust语言, rustlang
objective-c, objc
kotlin, kotlin语言
r, r语言, rlang
assembly, asm, 汇编, 汇编语言, assembly language
shell, bash, 命令行, command line, cli, shell脚本, terminal, 终端
regex, regexp, regular expression, 正则, 正则表达式
haskell, 哈斯克尔

# frontend
frontend, front end, 前端, 前端开发
react, reactjs, react.js
vue, vuejs, vue.js
angular, angularjs, angular.js
node.js, nodejs, node js
next.js, nextjs
express.js, expressjs
d3, d3.js, d3js
three.js, threejs
css, 样式表, stylesheet
html, 网页
web, 网站, web开发, web development, 网页开发
browser, 浏览器
webassembly, wasm
ui, user interface, 界面, 用户界面
ux, user experience, 用户体验, 交互设计
accessibility, a11y, 无障碍
i18n, internationalization, internationalisation, 国际化
l10n, localization, localisation, 本地化
mobile, 移动端, 移动开发, mobile development
android, 安卓
ios, 苹果开发

# backend, systems
backend, back end, server side, 后端, 服务端
api, apis, 接口
rest, restful
graphql, gql
rpc, remote procedure call, 远程调用
microservices, 微服务
distributed systems, 分布式, 分布式系统
consensus, 共识, 共识算法, 一致性算法
architecture, software architecture, 架构, 软件架构
system design, 系统设计
ddd, domain driven design, 领域驱动设计, 领域驱动
design patterns, 设计模式
concurrency, 并发, 并发编程
parallelism, parallel programming, parallel computing, 并行, 并行计算
multithreading, multi-threading, threads, 多线程, 线程
async, asynchronous, asyncio, 异步, 异步编程
message queue, mq, 消息队列
cache, 缓存
load balancing, load balancer, 负载均衡
operating systems, os, 操作系统
kernel, 内核
memory management, 内存管理
garbage collection, gc, 垃圾回收
compilers, 编译器, 编译原理
interpreter, 解释器
embedded, embedded systems, 嵌入式, 嵌入式系统
networking, computer network, computer networking, 计算机网络, 网络编程
http, 超文本传输协议
tcp/ip, tcp
protocol, 协议
performance, 性能, 性能优化, optimization, optimisation, 优化
profiling, profiler, 性能分析
debugging, debugger, 调试
linux, gnu/linux, linux系统
unix, unix系统
virtualization, virtualisation, 虚拟化
systems programming, 系统编程

# data
database, db, dbs, 数据库
sql, structured query language, 结构化查询语言
nosql, non relational, 非关系型数据库
postgresql, postgres, pgsql, psql, pg
mysql, mariadb
sqlite, sqlite3
mongodb, mongo
redis, redis数据库
elasticsearch, elastic search
index, indices, 索引
transaction, 事务
data structures, 数据结构
algorithms, algo, 算法
dynamic programming, dp, 动态规划
graph theory, 图论
leetcode, 刷题, 力扣
big data, 大数据
data engineering, 数据工程
etl, 数据管道, data pipeline
data warehouse, 数据仓库, 数仓
data analysis, data analytics, 数据分析
data science, 数据科学
data mining, 数据挖掘
visualization, visualisation, data visualization, dataviz, data viz, 可视化, 数据可视化
spreadsheet, excel, 电子表格
statistics, stats, 统计, 统计学
probability, 概率, 概率论
math, mathematics, 数学
linear algebra, 线性代数, 线代
calculus, 微积分
discrete math, discrete mathematics, 离散数学
time series, timeseries, 时间序列, 时序
forecasting, 预测
bayesian, bayes, 贝叶斯
causal inference, 因果推断
a/b testing, ab testing, ab测试, a/b测试

# machine learning
machine learning, ml, 机器学习
deep learning, dl, 深度学习
artificial intelligence, ai, 人工智能
neural network, nn, 神经网络
cnn, convolutional neural network, convnet, 卷积神经网络
rnn, recurrent neural network, 循环神经网络
gan, generative adversarial network, 生成对抗网络
transformer, 变换器
attention, 注意力, 注意力机制, attention mechanism
large language model, llm, 大模型, 大语言模型, 语言模型, language model
gpt, chatgpt
rag, retrieval augmented generation, 检索增强, 检索增强生成
agents, ai agent, 智能体
prompting, prompt engineering, 提示词, 提示工程, 提示词工程
fine-tuning, finetuning, 微调
nlp, natural language processing, 自然语言处理
computer vision, cv, 计算机视觉, 机器视觉
image recognition, 图像识别
object detection, 目标检测, 物体检测
image segmentation, 图像分割
speech recognition, asr, 语音识别
text to speech, tts, 语音合成
machine translation, nmt, 机器翻译
reinforcement learning, rl, 强化学习
recommender systems, recommendation systems, recsys, 推荐系统, 推荐算法
collaborative filtering, 协同过滤
matrix factorization, matrix factorisation, mf, 矩阵分解
embedding, 嵌入, 向量表示
vector database, vector search, 向量数据库, 向量检索
knowledge graph, 知识图谱
information retrieval, 信息检索
search engine, 搜索引擎
gradient descent, sgd, 梯度下降
backpropagation, backprop, back propagation, 反向传播
diffusion, diffusion model, 扩散模型
mlops, ml ops, 模型部署
pytorch, torch
tensorflow, tf
scikit-learn, sklearn
numpy, np
pandas, 数据框, dataframe
jupyter, jupyter notebook, notebook
gpu, gpus, 显卡
cuda, cuda编程

# operations
devops, dev ops, 运维, 运维开发
sre, site reliability, site reliability engineering, 网站可靠性, 站点可靠性
kubernetes, k8s, kube, k3s
docker, 容器, container, containerization, 容器化
ci/cd, cicd, continuous integration, continuous delivery, 持续集成, 持续交付
git, git版本控制, version control, 版本控制
github, gh
cloud, cloud computing, 云计算, 云
cloud native, 云原生
aws, amazon web services, 亚马逊云
gcp, google cloud
serverless, 无服务器
infrastructure as code, iac, 基础设施即代码
terraform, opentofu
observability, monitoring, 可观测性, 监控
logging, 日志
security, infosec, cybersecurity, cyber security, 安全, 信息安全, 网络安全
cryptography, crypto, 密码学, 加密
authentication, auth, authn, 认证, 身份验证
authorization, authz, 授权
oauth, oauth2
web security, web安全
penetration testing, pentest, 渗透测试
reverse engineering, 逆向, 逆向工程
blockchain, 区块链

kafka, apache kafka
spark, apache spark
hadoop, apache hadoop
flink, apache flink
nginx, 反向代理, reverse proxy
grpc, g rpc
jwt, json web token, json web tokens
orm, object relational mapping, 对象关系映射
websocket, web socket
dns, 域名解析, domain name system
deployment, deploy, deploying, 部署
scalability, 高并发, 可扩展性, high concurrency
replication, 复制, 主从复制
sharding, 分片, 分库分表
file system, filesystem, 文件系统
deadlock, 死锁
pipelines, pipeline, 流水线

# concepts
recursion, recursive, 递归
sorting, 排序, 排序算法
binary search, 二分查找
linked list, 链表
hash table, hash map, hashmap, 哈希表, 散列表
pointers, pointer, 指针
closures, closure, 闭包
ownership, 所有权
generics, 泛型
type system, 类型系统
decorators, decorator, 装饰器
consistency, 一致性
query, 查询
slow query, 慢查询
state management, 状态管理
web3, dapp
linear regression, 线性回归
logistic regression, 逻辑回归
decision tree, decision trees, 决策树
random forest, 随机森林
svm, support vector machine, 支持向量机
clustering, 聚类, k-means
pca, principal component analysis, 主成分分析
overfitting, 过拟合
transfer learning, 迁移学习
multimodal, multi modal, 多模态
sentiment analysis, 情感分析
text classification, 文本分类
graph neural network, gnn, graph neural networks, 图神经网络
design, 设计

# practice
system, 系统
programming, coding, 编程, 程序设计, 写代码, learn to code
functional, functional programming, fp, 函数式, 函数式编程
object oriented, oop, 面向对象
clean code, code quality, 代码质量, 整洁代码
code style, style guide, 代码规范, 编码规范
refactoring, 重构
testing, 测试, software testing, 软件测试
unit testing, 单元测试
tdd, test driven development, 测试驱动开发
code review, 代码评审, 代码审查
technical debt, tech debt, 技术债
open source, opensource, oss, 开源
agile, scrum, 敏捷, 敏捷开发
project management, 项目管理
product management, product manager, 产品经理, 产品
career, 职业, 职业发展, 求职
interview, job interview, 面试
resume, 简历, 写简历
technical writing, 写作, 技术写作
documentation, docs, 文档
freelancing, 自由职业
startup, 创业
exercises, practice, 练习, 习题
cheat sheet, cheatsheet, 速查, 速查表
roadmap, learning path, 学习路线, 路线图
game development, gamedev, game dev, 游戏开发
computer graphics, graphics, 图形学, 计算机图形学
robotics, robot, 机器人
iot, internet of things, 物联网
quantum computing, 量子计算
low code, no code, 低代码
web scraping, scraping, scraper, crawler, crawling, web crawler, 爬虫, 网络爬虫
automation, automate, 自动化
editor, 编辑器
vim, neovim
vscode, vs code, visual studio code
latex, 排版
"""

PARTS = """\
testing: unit testing, tdd, integration testing, pytest, junit, 集成测试
databases: sql, nosql, postgresql, mysql, redis, mongodb, sqlite, elasticsearch, vector database
databases: transaction, replication, sharding, slow query, orm
frontend: react, vue, angular, svelte, css, html, next.js, vite, webpack, browser, layout
frontend: components, state management, accessibility
node.js: node, express
backend: node.js, express.js, django, flask, spring, fastapi, rails, laravel, graphql, grpc, orm
backend: nginx, microservices
architecture: microservices, ddd, design patterns, clean code, refactoring, technical debt
code-style: clean code, code review, refactoring, code quality
security: web security, penetration testing, cryptography, authentication, authorization, oauth
security: jwt, reverse engineering, xss, csrf
devops: kubernetes, docker, ci/cd, terraform, infrastructure as code, observability, sre, ansible
devops: helm, prometheus, grafana, deployment, logging
cloud: aws, gcp, azure, serverless, terraform, cloud native
linux: shell, vim, systemd, bash, awk, sed
networking: tcp/ip, http, dns, websocket, nginx, load balancing
distributed-systems: consensus, consistency, raft, paxos, message queue, kafka, rpc, grpc
distributed-systems: sharding, replication, scalability, microservices
system-design: scalability, load balancing, cache, sharding
operating-systems: kernel, virtualization, memory management, file system, deadlock
operating-systems: multithreading
concurrency: 高并发, multithreading, async, parallelism, deadlock, goroutine, goroutines
algorithms: data structures, dynamic programming, graph theory, leetcode, recursion, sorting
algorithms: binary search, linked list, hash table
data-engineering: etl, big data, data warehouse, spark, hadoop, flink, kafka, airflow, dbt
data-analysis: pandas, spreadsheet, numpy, power bi, tableau
visualization: d3, matplotlib, echarts, ggplot2, seaborn, plotly
statistics: probability, bayesian, a/b testing, causal inference, linear regression
statistics: hypothesis testing, 假设检验, 统计检验
math: linear algebra, calculus, discrete math, probability, graph theory
machine-learning: deep learning, linear regression, logistic regression, decision tree
machine-learning: random forest, svm, clustering, pca, overfitting, xgboost, scikit-learn
machine-learning: gradient descent
deep-learning: neural network, cnn, rnn, gan, transformer, attention, diffusion, backpropagation
deep-learning: pytorch, tensorflow, keras, graph neural network, transfer learning
deep-learning: speech recognition, text to speech
computer-vision: image recognition, object detection, image segmentation, opencv, ocr, yolo
nlp: machine translation, sentiment analysis, text classification, transformer, bert, embedding
nlp: speech recognition, knowledge graph, information retrieval
llm: gpt, rag, agents, prompting, fine-tuning, langchain, lora, multimodal
reinforcement-learning: q-learning, ppo, dqn, policy gradient
recommender-systems: collaborative filtering, matrix factorization
time-series: forecasting, arima
mlops: model serving, deployment, feature store
python: django, flask, fastapi, pandas, numpy, asyncio, decorators
javascript: react, vue, node.js, next.js, typescript, closures, svelte, express.js, angular
java: spring, spring boot, jvm, maven, kotlin
compilers: interpreter, llvm, parser, webassembly
career: interview, resume, freelancing, startup
git: github, gitlab, rebase, merge conflict, 合并冲突
"""
"""A topic, and what is a part of it: where little is about the part, the topic is nearest."""

NAMES = """\
scala svelte kafka spark hadoop flink hive nginx grpc django flask fastapi rails laravel spring
elixir erlang clojure perl lua julia dart zig nim ocaml scheme lisp fortran cobol matlab solidity
vite webpack babel redux pinia nuxt gatsby jquery bootstrap tailwind electron flutter unity unreal
godot ansible helm prometheus grafana vagrant puppet chef jenkins gitlab bazel cmake maven gradle
airflow dbt snowflake bigquery cassandra neo4j clickhouse duckdb influxdb milvus faiss pinecone
keras xgboost lightgbm langchain llama mistral claude gemini qwen deepseek bert lora qlora opencv
yolo whisper ollama huggingface pytest junit jest cypress selenium playwright postman figma tableau
excel latex emacs tmux zsh bash awk sed grep ubuntu debian fedora arch azure firebase supabase
heroku vercel cloudflare kotlin swift xcode raft paxos jwt oauth tls ssl ssh ftp smtp dns dhcp udp
tcp xss csrf orm jvm llvm cuda opengl vulkan ros arduino raspberry
"""
"""Words that are no misspelling of others, though a catalogue may not hold them."""
