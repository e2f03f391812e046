/* Loaded before a function by --require: appends a line of JSON to the file LOADING_FILE for each file that is loaded, with all that it loads. */
const { appendFileSync } = require('node:fs')
const Module = require('node:module')

const { require: load } = Module.prototype
const { LOADING_FILE } = process.env
let depth = 0

Module.prototype.require = function (...args) {
  if (depth > 0) return load.apply(this, args)
  depth++
  const [at, from] = [Date.now(), performance.now()]
  try {
    return load.apply(this, args)
  } finally {
    depth--
    const ms = performance.now() - from
    appendFileSync(LOADING_FILE, `${JSON.stringify({ at, ms, file: args[0] })}\n`)
  }
}
