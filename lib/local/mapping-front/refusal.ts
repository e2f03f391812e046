/** An answer of Lambda's API that is an error; SDKs make their exceptions of it. */
export class Refusal extends Error {
  override name = 'Refusal'
  readonly kind: keyof typeof STATUS
  readonly headers: Readonly<Record<string, string>>
  readonly more: Readonly<Record<string, string>>

  constructor(
    kind: keyof typeof STATUS,
    message: string,
    extra: {
      readonly headers?: Readonly<Record<string, string>>
      readonly more?: Readonly<Record<string, string>>
    } = {},
  ) {
    super(message)
    this.kind = kind
    this.headers = extra.headers ?? {}
    this.more = extra.more ?? {}
  }

  get status(): number {
    return STATUS[this.kind]
  }

  /** Lambda writes the text of some with a capital, as the service model has it. */
  get body(): object {
    const text = CAPITAL.has(this.kind) ? { Message: this.message } : { message: this.message }
    return { Type: this.status >= 500 ? 'Service' : 'User', ...text, ...this.more }
  }
}

const STATUS = {
  InvalidParameterValueException: 400,
  InvalidRequestContentException: 400,
  ResourceInUseException: 400,
  ValidationException: 400,
  UnknownOperationException: 404,
  ResourceNotFoundException: 404,
  ResourceConflictException: 409,
  TooManyRequestsException: 429,
  ServiceException: 500,
} as const

const CAPITAL: ReadonlySet<string> = new Set([
  'ResourceInUseException',
  'ResourceNotFoundException',
  'ServiceException',
])

export const invalid = (message: string): Refusal =>
  new Refusal('InvalidParameterValueException', message)

export const notFound = (): Refusal =>
  new Refusal('ResourceNotFoundException', 'The resource you requested does not exist.')
