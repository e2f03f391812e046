const BLANK = 0x20

/** As Java's String.trim: everything up to the blank, control characters included. */
export function javaTrim(text: string): string {
  let [start, end] = [0, text.length]
  while (start < end && text.charCodeAt(start) <= BLANK) start++
  while (end > start && text.charCodeAt(end - 1) <= BLANK) end--
  return text.slice(start, end)
}
