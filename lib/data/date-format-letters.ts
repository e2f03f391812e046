/** Whether a text has this at a place, in any case: String.regionMatches. */
export function sameLetters(text: string, start: number, wanted: string): boolean {
  if (start + wanted.length > text.length) return false
  for (let at = 0; at < wanted.length; at++)
    if (!sameLetter(text.charAt(start + at), wanted.charAt(at))) return false
  return true
}

function sameLetter(one: string, other: string): boolean {
  if (one === other) return true
  const [upper, otherUpper] = [one.toUpperCase(), other.toUpperCase()]
  return upper === otherUpper || upper.toLowerCase() === otherUpper.toLowerCase()
}
