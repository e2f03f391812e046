/** What of a packaged template decides how its values come out. */
export type Undeployed = {
  readonly Parameters: Readonly<Record<string, { readonly Default: unknown }>>
  readonly Conditions: Readonly<Record<string, unknown>>
}

/** What stands for the resources and places that a packaged template refers to. */
export type Resolved = {
  readonly template: Undeployed
  /** physical names by resource id, for `Ref` */
  readonly names: Readonly<Record<string, string>>
  readonly region: string
  readonly account: string
}

/**
 * A function's environment with CloudFormation's functions worked out, parameters by their defaults.
 * @throws Error with a function or a name that is not known here.
 */
export const resolvedEnvironment = (
  variables: Readonly<Record<string, unknown>>,
  resolved: Resolved,
): Record<string, string> =>
  Object.fromEntries(
    Object.entries(variables).map(([name, value]) => [name, String(workedOut(value, resolved))]),
  )

type Work = (of: never, resolved: Resolved) => unknown

function workedOut(value: unknown, resolved: Resolved): unknown {
  if (typeof value !== 'object' || value === null) return value
  // A function of CloudFormation is an object of one member.
  const [[called = '', of] = []] = Object.entries(value)
  const work = WORK[called]
  if (!work) throw new Error(`${JSON.stringify(value)} is not worked out here`)
  return work(of as never, resolved) // what this function takes, in a template that CloudFormation takes
}

const isMet = (value: unknown, resolved: Resolved): boolean => workedOut(value, resolved) === true

const WORK: Readonly<Record<string, Work>> = {
  Ref: (name: string, { names, template }) =>
    names[name] ?? template.Parameters[name]?.Default ?? unknown(name),
  'Fn::GetAtt': ([id]: readonly string[], { account }) => `arn:aws:iam::${account}:role/${id}`,
  'Fn::Sub': (text: string, { region, account }) =>
    Object.entries({ Partition: 'aws', Region: region, AccountId: account }).reduce(
      (before, [name, value]) => before.replaceAll(`\${AWS::${name}}`, value),
      text,
    ),
  'Fn::Join': ([between, list]: readonly [string, unknown], resolved) =>
    [workedOut(list, resolved)].flat().join(between),
  'Fn::If': ([condition, yes, no]: readonly [string, unknown, unknown], resolved) =>
    workedOut(isMet({ Condition: condition }, resolved) ? yes : no, resolved),
  Condition: (name: string, resolved) =>
    workedOut(resolved.template.Conditions[name] ?? unknown(name), resolved),
  'Fn::Equals': ([one, other]: readonly unknown[], resolved) =>
    String(workedOut(one, resolved)) === String(workedOut(other, resolved)),
  'Fn::Not': ([one]: readonly unknown[], resolved) => !isMet(one, resolved),
  'Fn::And': (all: readonly unknown[], resolved) => all.every((one) => isMet(one, resolved)),
  'Fn::Or': (any: readonly unknown[], resolved) => any.some((one) => isMet(one, resolved)),
}

function unknown(name: string): never {
  throw new Error(`${name} stands for nothing here`)
}
