import { sameLetters } from './date-format-letters.ts'
import { ZONE_NAMES } from './date-format-zone-names.ts'

/** A time zone by the rules of the IANA database, with Java's names. */
export type Zone = {
  /** IANA name, long and short name of standard time, long and short name of daylight saving time */
  readonly names: readonly string[]
  readonly offsetAt: (epochMs: number) => Offset
  /** What holds when clocks show this; `wallMs` counts as if the clocks were in UTC. Of two times standard time counts, and where there is none. */
  readonly offsetOfWall: (wallMs: number) => Offset
  /** By how much clocks are ahead in summer nowadays. */
  readonly savingMs: number
}

/** Clocks are ahead of UTC by the sum. */
export type Offset = { readonly standardMs: number; readonly daylightMs: number }

const NO_OFFSET: Offset = { standardMs: 0, daylightMs: 0 }

const UTC_NAME = 'Coordinated Universal Time'

export const UTC: Zone = {
  names: ['UTC', UTC_NAME, 'UTC', UTC_NAME, 'UTC'],
  offsetAt: () => NO_OFFSET,
  offsetOfWall: () => NO_OFFSET,
  savingMs: 0,
}

export const totalMs = ({ standardMs, daylightMs }: Offset): number => standardMs + daylightMs

export function zoneName(zone: Zone, epochMs: number, length: 'short' | 'long'): string {
  const daylight = zone.offsetAt(epochMs).daylightMs === 0 ? 0 : 2
  return zone.names[(length === 'long' ? 1 : 2) + daylight] ?? ''
}

export type NamedZone = {
  readonly zone: Zone
  /** where the name ends */
  readonly end: number
  /** by how much the name says clocks are ahead of standard time; undefined: the date tells */
  readonly daylightMs: number | undefined
}

/** Finds the time zone that a text names at a place: the current one first, then UTC, then the first of the list; each is made once. */
export function zoneFinder(): (text: string, at: number, current: Zone) => NamedZone | undefined {
  const made = new Map<string, Zone>([['UTC', UTC]])
  return (text, at, current) => {
    for (const names of [current.names, UTC.names, ...ZONE_NAMES]) {
      const index = names.findIndex(
        (name, nth) => nth > 0 && name !== '' && sameLetters(text, at, name),
      )
      if (index < 0) continue
      const [id = '', name = ''] = [names[0], names[index]]
      const zone = made.get(id) ?? ianaZone(names)
      made.set(id, zone)
      return { zone, end: at + name.length, daylightMs: daylightOf(zone, index) }
    }
    return undefined
  }
}

function daylightOf({ names, savingMs }: Zone, index: number): number | undefined {
  if (index > 2) return savingMs || undefined
  const isSameName = names[index]?.toLowerCase() === names[index + 2]?.toLowerCase()
  return isSameName ? undefined : 0
}

/** Java knows no rules of before 1900, and takes today's standard time for what was then. */
const FIRST_RULE_MS = Date.UTC(1900, 0)
/** Rules go on for ever as they are then, and no announced change comes after. */
const NOWADAYS = 2037
/** After so many years the calendar repeats itself, to the weekday. */
const CYCLE_MS = 146_097 * 86_400_000

function ianaZone(names: readonly string[]): Zone {
  const total = offsetsOf(names[0] ?? 'UTC')
  const standardIn = (year: number) =>
    Math.min(total(Date.UTC(year, 0, 1)), total(Date.UTC(year, 6, 1)))
  const today = standardIn(NOWADAYS)
  const offsetAt = (epochMs: number): Offset => {
    if (epochMs < FIRST_RULE_MS) return { standardMs: today, daylightMs: 0 }
    const past = Math.max(0, epochMs - Date.UTC(NOWADAYS, 0))
    const within = epochMs - Math.floor(past / CYCLE_MS) * CYCLE_MS
    const standardMs = standardIn(new Date(within).getUTCFullYear())
    return { standardMs, daylightMs: total(within) - standardMs }
  }
  const offsetOfWall = (wallMs: number): Offset => {
    const standard = { ...offsetAt(wallMs), daylightMs: 0 }
    const early = offsetAt(wallMs - standard.standardMs)
    if (early.daylightMs === 0) return early
    return offsetAt(wallMs - totalMs(early)).daylightMs === 0 ? standard : early
  }
  const summer = Math.max(total(Date.UTC(NOWADAYS, 0, 1)), total(Date.UTC(NOWADAYS, 6, 1)))
  return { names, offsetAt, offsetOfWall, savingMs: summer - today }
}

/** Milliseconds that clocks are ahead of UTC. */
function offsetsOf(timeZone: string): (epochMs: number) => number {
  const format = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' })
  return (epochMs) => {
    const name = format.formatToParts(epochMs).find(({ type }) => type === 'timeZoneName')?.value
    const [, sign = '+', hours = '0', minutes = '0', seconds = '0'] =
      /([+-])(\d\d):(\d\d)(?::(\d\d))?$/.exec(name ?? '') ?? []
    const ms = (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1000
    return sign === '-' ? -ms : ms
  }
}
