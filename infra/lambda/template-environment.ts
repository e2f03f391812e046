/** What stands for the resources and places that a packaged template refers to. */
export type Resolved = {
  /** physical names by resource id, for `Ref` */
  readonly names: Readonly<Record<string, string>>
  readonly region: string
  readonly account: string
}

/** A function's environment with CloudFormation's functions worked out. @throws Error with one that is not known here. */
export const resolvedEnvironment = (
  variables: Readonly<Record<string, unknown>>,
  resolved: Resolved,
): Record<string, string> =>
  Object.fromEntries(
    Object.entries(variables).map(([name, value]) => [name, textOf(value, resolved)]),
  )

function textOf(value: unknown, { names, region, account }: Resolved): string {
  if (typeof value === 'string') return value
  // A function of CloudFormation is an object of one member.
  const [[called, of] = []] = Object.entries(value as Readonly<Record<string, unknown>>)
  if (called === 'Ref' && names[String(of)]) return names[String(of)] ?? ''
  if (called === 'Fn::GetAtt') return `arn:aws:iam::${account}:role/${[of].flat()[0]}`
  const pseudo = { Partition: 'aws', Region: region, AccountId: account }
  if (called === 'Fn::Sub')
    return Object.entries(pseudo).reduce(
      (text, [name, value]) => text.replaceAll(`\${AWS::${name}}`, value),
      String(of),
    )
  throw new Error(`${JSON.stringify(value)} in a function's environment`)
}
