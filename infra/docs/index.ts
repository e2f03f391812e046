/** `npm run docs` writes docs/plugins.md. */
import { writeFile } from 'node:fs/promises'
import { PLUGINS_PAGE, pluginsPage } from './plugins-page.ts'

await writeFile(PLUGINS_PAGE, await pluginsPage())
