import { Decimal, Instant, Sized, type Value } from './value.ts'

/** Numbers values so that those have the same that are equal in Java: by class and worth. Every part of a value is looked at once. */
export function valueIdentity(): (value: Value) => number {
  const byText = new Map<string, number>()
  const ofContainers = new WeakMap<object, number>()
  const identify = (value: Value): number => {
    const known = isContainer(value) ? ofContainers.get(value) : undefined
    if (known !== undefined) return known
    const text = textOf(value, identify)
    const identity = byText.get(text) ?? byText.size
    byText.set(text, identity)
    if (isContainer(value)) ofContainers.set(value, identity)
    return identity
  }
  return identify
}

const isContainer = (value: Value): value is readonly Value[] | ReadonlyMap<Value, Value> =>
  Array.isArray(value) || value instanceof Map

function textOf(value: Value, identify: (value: Value) => number): string {
  if (value instanceof Sized) return `${value.type} ${zeroWithSign(value.value)}`
  if (value instanceof Decimal) return `decimal ${value.unscaled} ${value.scale}`
  if (value instanceof Instant) return `date ${value.epochMs}`
  if (Array.isArray(value)) return `list ${value.map(identify)}`
  if (value instanceof Map) return `map ${entryTexts(value, identify).sort().join(';')}`
  return `${typeof value} ${value}`
}

const zeroWithSign = (number: number): string => (Object.is(number, -0) ? '-0' : String(number))

const entryTexts = (map: ReadonlyMap<Value, Value>, identify: (value: Value) => number): string[] =>
  Array.from(map, ([key, value]) => `${identify(key)},${identify(value)}`)
