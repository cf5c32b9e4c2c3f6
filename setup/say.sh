# Sourced by the other scripts: how set-up speaks, stops, and asks for what the system lacks.

say() { printf '督考：%s\n' "$*"; }

stop() {
  printf '督考：%s\n' "$*" >&2
  exit 1
}

# need PACKAGES REASON: say in one line to copy how to get Debian packages, and end
need() { stop "$2。请执行：sudo apt-get update && sudo apt-get install -y --no-install-recommends $1"; }

# install PACKAGES...: get Debian packages as root, else say how
install() {
  command -v apt-get >/dev/null || stop "这里没有 apt-get，请自行安装：$*"
  [ "$(id -u)" = 0 ] || need "$*" "缺少系统软件包"
  say "正在安装系统软件包：$*"
  quietly apt-get update -o DPkg::Lock::Timeout=300
  DEBIAN_FRONTEND=noninteractive quietly apt-get install -y -o DPkg::Lock::Timeout=300 --no-install-recommends "$@"
}

# quietly COMMAND...: show what it says only when it fails
quietly() {
  local said
  said=$("$@" 2>&1) || stop "$* 失败：
$said"
}
