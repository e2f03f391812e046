/** Invariant 7: a password is a Password from the moment it is read; however it is printed, it prints as `[hidden]`. */
export class Password {
  readonly #secret: string
  constructor(secret: string) {
    this.#secret = secret
  }
  reveal(): string {
    return this.#secret
  }
  toString(): string {
    return HIDDEN
  }
  toJSON(): string {
    return HIDDEN
  }
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return HIDDEN
  }
}

export const HIDDEN = '[hidden]'
