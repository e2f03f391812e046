import { fileStreamSink } from '../connectors/file-stream-sink.ts'
import { fileStreamSource } from '../connectors/file-stream-source.ts'
import { systemClock } from '../monitoring/system-clock.ts'
import type { Plugins } from '../plugin.ts'
import { plugins, pluginsOf } from '../registry.ts'

/** All plugins, with those for one machine: files and standard streams that a function in AWS does not have. */
export const localPlugins: Plugins = pluginsOf([
  ...plugins.all,
  fileStreamSource({ stdin: () => process.stdin, now: systemClock.now }),
  fileStreamSink({ stdout: process.stdout }),
])
