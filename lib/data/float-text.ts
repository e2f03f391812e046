import { parseDecimal } from './decimal.ts'

/** Java's Double.toString, as of JDK 19: the shortest digits that read back the same, two at least. */
export function doubleText(value: number): string {
  const size = Math.abs(value)
  if (size >= 1e-3 && size < 1e7) return Number.isInteger(value) ? `${value}.0` : String(value)
  if (value === 0) return Object.is(value, -0) ? '-0.0' : '0.0'
  if (!Number.isFinite(value)) return String(value)
  const shortest = value.toExponential()
  const [digits, exponent] = (shortest.includes('.') ? shortest : value.toExponential(1)).split('e')
  return `${digits}E${Number(exponent)}`
}

/** Java's Float.toString, as of JDK 19. */
export function floatText(value: number): string {
  const float = Math.fround(value)
  if (Number.isInteger(float) && Math.abs(float) < 1e7) return doubleText(float)
  return Number.isFinite(float) ? doubleText(shortestFloat(float)) : String(float)
}

const FLOAT_DIGITS = 9

/** The double nearest to the shortest decimal that reads back as this float. */
function shortestFloat(float: number): number {
  for (let digits = 2; digits < FLOAT_DIGITS; digits++) {
    const nearest = nearestDecimal(float, digits)
    if (parseFloat32(nearest) === float) return Number(nearest)
    if (!isPowerOfTwo(float)) continue
    // Below a power of two floats lie twice as dense, so that the second nearest decimal may be the one that reads back.
    const outward = outwardOf(nearest, digits)
    if (parseFloat32(outward) === float) return Number(outward)
  }
  return Number(float.toPrecision(FLOAT_DIGITS))
}

/** Half-way between two it is the even one; toPrecision takes the greater. */
function nearestDecimal(float: number, digits: number): string {
  const [mantissa = '', exponent = ''] = float.toExponential(digits).split('e')
  const isTie = mantissa.endsWith('5') && compare(`${mantissa}e${exponent}`, float) === 0
  const inward = mantissa.slice(0, -1)
  return isTie && /[02468]\.?$/.test(inward)
    ? `${inward}e${exponent}`
    : float.toExponential(digits - 1)
}

const isPowerOfTwo = (float: number): boolean => Number.isInteger(Math.log2(Math.abs(float)))

/** The next decimal of as many digits, away from zero. */
function outwardOf(decimal: string, digits: number): string {
  const value = Number(decimal)
  const exponent = Number(value.toExponential().split('e')[1])
  const unit = Number(`1e${exponent - digits + 1}`)
  return (value + Math.sign(value) * unit).toExponential(digits - 1)
}

/** The float nearest to a decimal, as Java's Float.parseFloat; never rounded twice. */
export function parseFloat32(decimal: string): number {
  const double = Number(decimal)
  const float = Math.fround(double)
  if (float === double || Number.isNaN(double)) return float
  const other = Number.isFinite(float) ? 2 * double - float : Math.sign(double) * MAX_FLOAT
  const isTie = Number.isFinite(float)
    ? Math.fround(other) === other
    : Math.abs(double) === OVERFLOW_TIE
  if (!isTie) return float
  const side = compare(decimal, double)
  if (side === 0) return float
  return side < 0 ? Math.min(float, other) : Math.max(float, other)
}

const MAX_FLOAT = 3.4028234663852886e38
/** Half-way between the greatest float and the next that there would be. */
const OVERFLOW_TIE = 3.4028235677973366e38

/** Which side of the double the decimal lies on, exactly. */
function compare(decimal: string, double: number): number {
  const { unscaled, scale } = parseDecimal(decimal)
  // 2^150 makes an integer of every midpoint of two floats: the finest is 2^-150.
  let left = unscaled << 150n
  let right = BigInt(double * 2 ** 150)
  if (scale > 0) right *= 10n ** BigInt(scale)
  else left *= 10n ** BigInt(-scale)
  return left < right ? -1 : left > right ? 1 : 0
}
