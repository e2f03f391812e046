import { spawnSync } from 'node:child_process'
import type { Command } from './daemon.ts'
import { which } from './programs.ts'

/** How to install Debian packages, or undefined where we cannot: no apt-get, or neither root nor a sudo that asks nothing. */
export const aptInstall = (packages: readonly string[], cwd: string): Command | undefined => {
  if (which('apt-get') === undefined) return undefined
  const sh = ['sh', '-c', script, 'sh', ...packages]
  if (process.getuid?.() === 0) return { command: 'env', args: sh, cwd }
  if (spawnSync('sudo', ['-n', 'true']).status !== 0) return undefined
  return { command: 'sudo', args: ['-n', ...sh], cwd }
}

// A Debian package starts its service when it is installed, and again at every boot. policy-rc.d forbids the first
// (one that is there already is the administrator's and stays), disabling afterwards the second.
// It is a script, so that the file is taken away again even when we are killed meanwhile.
const script = `
policy=/usr/sbin/policy-rc.d
if (set -C; printf '#!/bin/sh\\nexit 101\\n' > $policy) 2> /dev/null
then
  chmod 755 $policy
  trap 'rm -f $policy' EXIT
fi
trap '' INT TERM HUP
export DEBIAN_FRONTEND=noninteractive
install() { apt-get install -y --no-install-recommends -o DPkg::Lock::Timeout=300 "$@"; }
install "$@" || { apt-get update && install "$@"; } || exit 1
for service in mariadb redis-server
do
  case " $* " in
    *" $service"*) systemctl disable --now $service || service $service stop || true ;;
  esac
done
`
