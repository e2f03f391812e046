import { sqliteRows } from '../../lib/local/sqlite-rows.ts'
import { allContracts } from './all-stores.ts'

const rows = sqliteRows(':memory:')

allContracts('SQLite', async () => rows)
