import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { hostname, userInfo } from 'node:os'
import { join } from 'node:path'
import { host } from './ports.ts'
import { program } from './programs.ts'
import type { Service } from './service.ts'

const user = 'connectless'
const password = 'connectless'
const database = 'connectless'

/** MariaDB, the MySQL that Debian has. MySQL itself is what infra/compose.yml starts, or what STACK_MYSQL names. */
export const mysql: Service<'mysql'> = {
  name: 'mysql',
  title: 'MariaDB',
  firstPort: 23306,
  portCount: 1,
  needs: [{ command: 'mariadbd', debianPackage: 'mariadb-server' }],
  isInstalled: () => true,
  async install() {},

  async prepare({ dir, step }) {
    writeFileSync(join(dir, 'init.sql'), `${init.join('\n')}\n`)
    if (existsSync(join(dir, 'data'))) return
    // Made beside and renamed when complete, so that an interrupted attempt is no database.
    rmSync(join(dir, 'data.new'), { recursive: true, force: true })
    mkdirSync(join(dir, 'data.new'))
    await step('creating an empty database', {
      command: program('mariadb-install-db'),
      args: [
        '--no-defaults',
        '--datadir=./data.new',
        `--user=${userInfo().username}`,
        '--auth-root-authentication-method=normal',
        '--skip-test-db',
        '--skip-name-resolve',
      ],
      cwd: dir,
    })
    renameSync(join(dir, 'data.new'), join(dir, 'data'))
  },

  daemon: (dir, port) => ({
    command: program('mariadbd'),
    args: [
      '--no-defaults',
      '--datadir=./data',
      `--user=${userInfo().username}`,
      `--port=${port}`,
      `--bind-address=${host}`,
      // Relative to the data: the path of a socket has room for 107 characters only.
      '--socket=mysql.sock',
      '--pid-file=mysql.pid',
      `--init-file=${join(dir, 'init.sql')}`,
      '--skip-name-resolve',
      '--server-id=1',
      '--log-bin=binlog',
      '--binlog-format=ROW',
      '--binlog-row-image=FULL',
      '--binlog-expire-logs-seconds=86400',
      // What MySQL 8 has by default and MariaDB 10 has not.
      '--character-set-server=utf8mb4',
      '--default-time-zone=+00:00',
      '--max-connections=500',
      // A crash of the machine may cost the last second; a crash of the server costs nothing.
      '--innodb-flush-log-at-trx-commit=2',
      '--sync-binlog=0',
    ],
    cwd: dir,
  }),

  address: (port) => ({ host, port, user, password, database }),

  async probe(address) {
    const { createConnection } = await import('mysql2/promise')
    const connection = await createConnection({ ...address, connectTimeout: 2_000 })
    try {
      await connection.query('SELECT 1')
    } finally {
      connection.destroy()
    }
  },
}

// An anonymous user at a host stands before ours at any host, so it must go.
const init = [
  `DROP USER IF EXISTS ''@'localhost';`,
  `DROP USER IF EXISTS ''@'${hostname()}';`,
  `CREATE DATABASE IF NOT EXISTS ${database};`,
  ...['localhost', '127.0.0.1'].flatMap((from) => [
    `CREATE USER IF NOT EXISTS '${user}'@'${from}' IDENTIFIED BY '${password}';`,
    `GRANT ALL ON *.* TO '${user}'@'${from}' WITH GRANT OPTION;`,
  ]),
]
