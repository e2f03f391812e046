/** Rows, conditions and updates in DynamoDB's words. Every name goes by a placeholder: many a plain word is reserved. */
import type { AttributeValue } from '@aws-sdk/client-dynamodb'
import type { Attributes, Condition, Expected, Key, Row, Scalar } from './rows.ts'

export type Item = Record<string, AttributeValue>

export const keyOf = ({ pk, sk }: Key): Item => ({ pk: { S: pk }, sk: { S: sk } })

export const itemOf = ({ attributes, ...key }: Row): Item => ({
  ...Object.fromEntries(
    Object.entries(attributes).flatMap(([name, scalar]) =>
      // An optional member may be there as undefined.
      scalar === undefined ? [] : [[name, attributeValue(scalar)]],
    ),
  ),
  ...keyOf(key),
})

export const attributesOf = ({ pk: _pk, sk: _sk, ...item }: Item): Attributes =>
  Object.fromEntries(Object.entries(item).map(([name, value]) => [name, scalarOf(name, value)]))

export const skOf = (item: Item): string => item.sk?.S ?? ''

type Expression = {
  readonly ConditionExpression: string
  readonly ExpressionAttributeNames: Record<string, string>
  readonly ExpressionAttributeValues?: Item
}

export function conditionOf(condition: Condition): Expression {
  if (condition === 'absent')
    return {
      ConditionExpression: 'attribute_not_exists(#pk)',
      ExpressionAttributeNames: { '#pk': 'pk' },
    }
  const terms = Object.entries(condition).map(([name, scalar], at) => ({
    name: { [`#${at}`]: name },
    value: scalar === undefined ? {} : { [`:${at}`]: attributeValue(scalar) },
    text: scalar === undefined ? `attribute_not_exists(#${at})` : `#${at} = :${at}`,
  }))
  const values: Item = Object.assign({}, ...terms.map(({ value }) => value))
  return {
    ConditionExpression: ['attribute_exists(#pk)', ...terms.map(({ text }) => text)].join(' AND '),
    ExpressionAttributeNames: Object.assign({ '#pk': 'pk' }, ...terms.map(({ name }) => name)),
    // It refuses an empty map.
    ...(Object.keys(values).length > 0 && { ExpressionAttributeValues: values }),
  }
}

export function updateOf(set: Attributes, onlyIf: Expected) {
  const condition = conditionOf(onlyIf)
  const entries = Object.entries(set)
  return {
    ...condition,
    UpdateExpression: `SET ${entries.map((_, at) => `#set${at} = :set${at}`).join(', ')}`,
    ExpressionAttributeNames: {
      ...condition.ExpressionAttributeNames,
      ...Object.fromEntries(entries.map(([name], at) => [`#set${at}`, name])),
    },
    ExpressionAttributeValues: {
      ...condition.ExpressionAttributeValues,
      ...Object.fromEntries(entries.map(([, scalar], at) => [`:set${at}`, attributeValue(scalar)])),
    },
  }
}

function attributeValue(scalar: Scalar): AttributeValue {
  if (typeof scalar === 'string') return { S: scalar }
  return typeof scalar === 'boolean' ? { BOOL: scalar } : { N: String(scalar) }
}

function scalarOf(name: string, { S, N, BOOL }: AttributeValue): Scalar {
  const scalar = S ?? BOOL ?? (N === undefined ? undefined : Number(N))
  if (scalar === undefined) throw new TypeError(`Attribute ${name} of a row is no scalar`)
  return scalar
}
