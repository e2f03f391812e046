/** Does the work for each, so many at a time and in their order, while it may go on. Gives back those that were not begun. */
export async function inParallel<T>(
  all: readonly T[],
  atOnce: number,
  work: (one: T) => Promise<void>,
  mayGoOn: () => boolean,
): Promise<readonly T[]> {
  let next = 0
  const worker = async () => {
    while (next < all.length && mayGoOn()) {
      const one = all[next++] as T // below the length
      await work(one)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
  return all.slice(next)
}
