const DIGITS = `(${Array.from({ length: 10 }, (_, digit) => `SELECT ${digit} d`).join(' UNION ALL ')})`

/** A derived table of the numbers n from 1 to `last`, made by the server itself: ten digits crossed with themselves. */
export function numbersTo(last: number): string {
  const places = Array.from({ length: Math.max(1, String(last - 1).length) }, (_, place) => place)
  const number = places.map((place) => `p${place}.d * ${10 ** place}`).join(' + ')
  const from = places.map((place) => `${DIGITS} p${place}`).join(' CROSS JOIN ')
  return `(SELECT ${number} + 1 AS n FROM ${from} HAVING n <= ${last}) numbers`
}
