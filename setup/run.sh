#!/usr/bin/env bash
# Bring the database up to date, fill an empty one with the demo county, then serve and work until told to end.
set -euo pipefail
cd "$(dirname "$0")/.."
source setup/say.sh

export DUKAO_INSTANCE="${DUKAO_INSTANCE:-$PWD/instance}"
export PORT="${PORT:-8000}"
host="${DUKAO_HOST:-127.0.0.1}"
python=.venv/bin/python
flask=.venv/bin/flask
loading="$DUKAO_INSTANCE/demo-is-loading"

[[ "$PORT" =~ ^[0-9]+$ ]] && [ "$PORT" -ge 1 ] && [ "$PORT" -le 65535 ] || stop "端口号 PORT=$PORT 不对，应为 1 到 65535"
$python setup/port.py free "$host" "$PORT" || stop "端口 $PORT 已被占用，请换一个再运行，例如：PORT=8001 make run"
mkdir -p "$DUKAO_INSTANCE"

if [ -f "$loading" ]; then
  [ -z "${DUKAO_DATABASE_URL:-}" ] || stop "上次载入演示数据没有完成。请清空该数据库，删除 $loading 后再运行"
  say "上次载入演示数据没有完成，现在重新开始"
  rm -f "$DUKAO_INSTANCE"/dukao.db* "$loading"
fi
$flask db upgrade
if $python -m setup.is_empty; then
  say "数据库是空的，正在载入演示县“云岭县”（约一分钟）"
  touch "$loading"
  $flask demo load --no-show # they are said with the address
  rm -f "$loading"
fi

if ! fc-list :lang=zh 2>/dev/null | grep . >/dev/null && [ ! -d "$DUKAO_INSTANCE/fonts" ]; then
  say "没有找到中文字体，公文 PDF 暂不能生成（Word 不受影响）。可执行：sudo apt-get install -y fontconfig fonts-noto-cjk fonts-lxgw-wenkai"
fi

pids=()
finish() {
  trap '' INT TERM
  say "正在结束"
  [ ${#pids[@]} -eq 0 ] || kill -TERM "${pids[@]}" 2>/dev/null || true
  wait || true
}
trap 'finish; exit 0' INT TERM

# workers are renewed now and then: setting papers leaves memory behind that the compositor never gives back
.venv/bin/gunicorn --bind "$host:$PORT" --worker-class gthread --workers 2 --threads 4 --graceful-timeout 10 \
  --max-requests 5000 --max-requests-jitter 500 --limit-request-line 8190 \
  --log-level warning --no-control-socket wsgi:app &
pids+=($!)
$flask worker &
pids+=($!)

if $python setup/port.py answers "$host" "$PORT"; then
  say "已启动：http://$host:$PORT （按 Ctrl-C 结束，数据保存在 $DUKAO_INSTANCE）"
  [ ! -f "$DUKAO_INSTANCE/demo-accounts.txt" ] || cat "$DUKAO_INSTANCE/demo-accounts.txt"
fi
status=0
wait -n || status=$?
finish
stop "网页服务或后台任务意外停止（状态 $status），请查看上面的输出"
