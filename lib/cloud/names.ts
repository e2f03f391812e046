import { createHash } from 'node:crypto'
import type { TaskEvent } from '../ports.ts'

/**
 * What is made in AWS is named by a readable slug and a hash of the exact name: lengths and characters are limited there,
 * and two names that differ only in what the slug leaves out must not meet.
 */

/** Of the sink function, one a sink connector: `[A-Za-z0-9-_]`, at most 128, not all digits. */
export const aliasOf = (connector: string): string => named(connector, 128)

/** In the stage's schedule group, one a source task: `[0-9A-Za-z-_.]`, at most 64. */
export const scheduleOf = (stage: string, { connector, task }: TaskEvent): string =>
  `${schedulePrefix(stage, connector)}${task}`

/** What the names of all schedules of a connector begin with, and of no other's. */
export const schedulePrefix = (stage: string, connector: string): string => {
  const start = `${slug(stage, 20)}-`
  return `${start}${named(connector, 64 - start.length - '-'.length - TASK_DIGITS)}-`
}

/** @returns undefined when the name is not of a schedule of this connector. */
export function taskOfSchedule(stage: string, connector: string, name: string): number | undefined {
  const prefix = schedulePrefix(stage, connector)
  const task = name.slice(prefix.length)
  return name.startsWith(prefix) && /^\d+$/.test(task) ? Number(task) : undefined
}

const TASK_DIGITS = 6
const HASH_DIGITS = 12

const named = (text: string, limit: number): string =>
  `${slug(text, limit - HASH_DIGITS - '-'.length)}-${createHash('sha256').update(text).digest('hex').slice(0, HASH_DIGITS)}`

/** Accents are dropped, other characters become dashes; a name with none that may stay is called `x`. */
const slug = (text: string, limit: number): string =>
  text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .replace(/[^A-Za-z0-9_]+/g, '-')
    .replace(/^-+/, '')
    .slice(0, limit)
    .replace(/-+$/, '') || 'x'
