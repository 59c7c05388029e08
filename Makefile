# 每个愿望一个目标；单独运行 make 列出全部。
PYTHON ?= python3
PROGRAM := .venv/bin/chuangwei

.DEFAULT_GOAL := help
.PHONY: help setup demo test lint bench docs lock coverage format

help:
	@echo "创卫 chuangwei"
	@echo
	@echo "  make demo    安装、构建，生成一座示范乡镇并评比八周，打印排名，启动页面"
	@echo "  make setup   只安装与构建"
	@echo "  make test    安装测试所需并运行全部测试（SQLite、PostgreSQL、浏览器）"
	@echo "  make lint    风格、类型、结构、模板、迁移等全部检查"
	@echo "  make bench   性能对比，结果写入 docs/bench.md"
	@echo "  make docs    生成文档中的图与表"
	@echo
	@echo "  make format  按约定整理代码格式    make coverage  测试覆盖了哪些分支    make lock  重新锁定依赖"

setup:
	@$(PYTHON) tools/bootstrap.py

demo: setup
	@$(PROGRAM) demo

test:
	@$(PYTHON) tools/bootstrap.py --system
	@.venv/bin/python tools/test.py

lint:
	@$(PYTHON) tools/bootstrap.py --dev
	@.venv/bin/python tools/lint.py

bench:
	@$(PYTHON) tools/bootstrap.py --system
	@.venv/bin/python bench/run.py

docs: setup
	@.venv/bin/python tools/docs.py

coverage:
	@$(PYTHON) tools/bootstrap.py --system
	@.venv/bin/python tools/test.py --coverage

format:
	@$(PYTHON) tools/bootstrap.py --dev
	@.venv/bin/python tools/lint.py --fix

lock:
	@$(PYTHON) tools/bootstrap.py --dev
	@.venv/bin/python tools/lock.py
