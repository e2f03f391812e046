/** The same promise for every call; a failed one is forgotten, so that the next call tries again. */
export function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined
  return () => {
    made ??= make().catch((error: unknown) => {
      made = undefined
      throw error
    })
    return made
  }
}

type Port = { readonly [method: string]: (...args: never[]) => Promise<unknown> }

/** A port whose adapter, with the client library behind it, is loaded by the first call: a function pays at its cold start for what it uses. */
export function onFirstUse<P extends Port>(load: () => Promise<P>): P {
  const loaded = once(load)
  const call =
    (method: string) =>
    async (...args: never[]) =>
      (await loaded())[method]?.(...args)
  // Each member of P is such a call: a port's methods are asynchronous, and nothing else is asked of it.
  return new Proxy({}, { get: (_, method) => call(String(method)) }) as P
}
