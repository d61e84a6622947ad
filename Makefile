# Ｊ－クレジット相談アシスタント。どの命令も、要るものを自分で用意します。
PYTHON ?= python3
.PHONY: run test train eval bench lint soak lock admin seed

run:    ; @exec $(PYTHON) -m ops.run          # 起動する
test:   ; @exec $(PYTHON) -m ops.check test   # 書き方と型を調べ、すべての試験をする（CI と同じ）
lint:   ; @exec $(PYTHON) -m ops.check lint   # 書き方・型・知識だけを調べる
soak:   ; @exec $(PYTHON) -m ops.check soak   # 回数を増やした試験
train:  ; @exec $(PYTHON) -m ops.training     # 学習だけする
eval:   ; @exec $(PYTHON) -m ops.measure      # 答えの正しさを測る
bench:  ; @exec $(PYTHON) -m ops.bench        # 速さとメモリーを測る
lock:   ; @exec $(PYTHON) -m ops.lock         # requirements/*.txt を作り直す
admin:  ; @exec $(PYTHON) -m ops.admin        # 担当者の画面の管理者を作る
seed:   ; @exec $(PYTHON) -m ops.seed         # 見本の会話を入れる（make seed TURNS=100000）
