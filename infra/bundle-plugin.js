import { createWriteStream } from 'node:fs'
import { mkdir, readdir, realpath, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { pipeline } from 'node:stream/promises'
import { build, transform } from 'esbuild'
import { ZipFile } from 'yazl'
import { lineMap } from './line-map.js'

/** Plugin of the Serverless Framework: one CommonJS bundle and one zip a function. Plain JavaScript, since the framework loads it. */
export default class BundlePlugin {
  constructor(serverless) {
    this.hooks = {
      'before:package:createDeploymentArtifacts': () => packageFunctions(serverless),
      'before:package:function:package': () => packageFunctions(serverless),
    }
  }
}

async function packageFunctions({ service, serviceDir }) {
  // The framework compares the zips of this folder with those deployed, and looks nowhere else.
  const zips = path.join(serviceDir, '.serverless')
  await mkdir(zips, { recursive: true })
  const bundles = path.join(serviceDir, '.build')
  await mkdir(bundles, { recursive: true })
  // The project's package.json says that .js is an ES module; in Lambda there is none.
  await writeFile(path.join(bundles, 'package.json'), '{ "type": "commonjs" }\n')
  for (const name of service.getAllFunctions()) {
    const declared = service.getFunction(name)
    const entry = path.join(serviceDir, declared.handler.replace(/\.\w+$/, '.ts'))
    const folder = await bundle(entry, path.join(bundles, name))
    const artifact = await zip(folder, path.join(zips, `${name}.zip`))
    declared.handler = 'index.handler'
    declared.package = { artifact: path.relative(serviceDir, artifact) }
  }
}

/**
 * A function's files in `folder`: index.js, and a chunk for whatever is imported on first use, since code that a function does not run
 * is costly even to parse. Beside it `<folder>.json` says what was taken into each file, and how much of it.
 */
export async function bundle(entry, folder) {
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  const root = path.dirname(path.dirname(await realpath(entry)))
  // Nothing is written there: names of chunks are made of paths from here to the sources, and must not tell where the project lies.
  const outdir = path.join(root, '.build', 'function')
  const { outputFiles, metafile } = await build({
    ...SMALL,
    absWorkingDir: root,
    entryPoints: { index: entry },
    outdir,
    bundle: true,
    // Only ES modules are cut into chunks.
    format: 'esm',
    splitting: true,
    // The CommonJS builds of packages, which esbuild would prefer, cannot be shaken.
    mainFields: ['module', 'main'],
    metafile: true,
    write: false,
    sourcemap: 'inline',
    logLevel: 'warning',
  })
  // Traces name files as the project does, such as lib/runtime/source-task.ts.
  const nameOf = (source) => path.relative(root, path.resolve(outdir, source))
  const namesToo = importedCommonJs(metafile)
  for (const { path: file, text } of outputFiles) {
    const name = path.basename(file)
    const { code, map } = await commonJs(text)
    const lines = lineMap(JSON.parse(map), nameOf)
    if (lines) await writeFile(path.join(folder, `${name}.map`), JSON.stringify(lines))
    const more = [
      ...(namesToo.has(name) ? [NAMES_TOO] : []),
      ...(lines ? [`//# sourceMappingURL=${name}.map\n`] : []),
    ]
    await writeFile(path.join(folder, name), [code, ...more].join(''))
  }
  await writeFile(`${folder}.json`, JSON.stringify(metafile))
  return folder
}

/** An ES module that imports node:http starts 27 ms later than this: Node evaluates all of that module's lazy exports. */
const commonJs = (text) =>
  transform(text, {
    ...SMALL,
    format: 'cjs',
    supported: { 'dynamic-import': false },
    sourcemap: 'external',
  })

/** The chunks that are CommonJS packages imported on first use: esbuild gives them a default export alone, where Node adds the names in it. */
function importedCommonJs({ inputs, outputs }) {
  const files = Object.entries(outputs).filter(
    ([, { entryPoint }]) => entryPoint && inputs[entryPoint].format === 'cjs',
  )
  return new Set(files.map(([file]) => path.basename(file)))
}

const NAMES_TOO = `
for (const name of Object.keys(module.exports.default))
  if (!(name in module.exports))
    Object.defineProperty(module.exports, name, { enumerable: true, get: () => module.exports.default[name] })
`

/** Names stay: drivers' errors are told apart by those of their classes, and people read traces. */
const SMALL = {
  sourcesContent: false,
  platform: 'node',
  target: 'node24',
  minifyWhitespace: true,
  minifySyntax: true,
  legalComments: 'none',
}

/** The same files make the same bytes, wherever and whenever: sorted, one date, one mode. So an unchanged function is not deployed again. */
export async function zip(folder, file) {
  const archive = new ZipFile()
  for (const name of (await readdir(folder)).sort())
    archive.addFile(path.join(folder, name), name, {
      mtime: new Date(1980, 0, 1),
      mode: 0o100644,
      forceDosTimestamp: true,
    })
  archive.end()
  await pipeline(archive.outputStream, createWriteStream(file))
  return file
}
