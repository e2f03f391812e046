/** So many answers are kept; topics of one task are fewer. */
const KEPT = 1000

/** Asks once what is always answered the same. An error is no answer: it is thrown anew. */
export function perText<T>(answer: (text: string) => T): (text: string) => T {
  const answers = new Map<string, { readonly answer: T }>()
  return (text) => {
    const known = answers.get(text)
    if (known) return known.answer
    if (answers.size >= KEPT) answers.clear()
    const found = { answer: answer(text) }
    answers.set(text, found)
    return found.answer
  }
}
