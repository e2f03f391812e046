import { isOptional, type Repeat, type Tree, UNLIMITED } from './java-pattern-tree.ts'

/** How many characters a part of a pattern takes, in Java's arithmetic of 32 bits: what it makes of overflows tells whether a lookbehind is allowed. */
export type Lengths = { least: number; most: number; hasMost: boolean }

export function lengthsOf(tree: Tree): Lengths {
  const lengths: Lengths = { least: 0, most: 0, hasMost: true }
  measure(lengths, tree, () => {})
  return lengths
}

/** Adds what follows. */
type Rest = (lengths: Lengths) => void

function measure(lengths: Lengths, tree: Tree, rest: Rest): void {
  switch (tree.kind) {
    case 'sequence':
      tree.items.reduceRight<Rest>(
        (after, item) => (sum) => measure(sum, item, after),
        rest,
      )(lengths)
      break
    case 'branch':
      measureBranch(lengths, tree.items, rest)
      break
    case 'group':
      measure(lengths, tree.body, rest)
      break
    case 'repeat':
      measureRepeat(lengths, tree, rest)
      break
    default:
      measureOne(lengths, tree)
      rest(lengths)
  }
}

function measureOne(lengths: Lengths, tree: Tree): void {
  if (tree.kind === 'char') add(lengths, 1, 1)
  else if (tree.kind === 'slice') add(lengths, tree.codes.length, tree.codes.length)
  else if (tree.kind === 'lineEnding') add(lengths, 1, 2)
  else if (tree.kind === 'reference') lengths.hasMost = false
  else if (tree.kind === 'atomic') measure(lengths, tree.body, () => {})
}

function add(lengths: Lengths, least: number, most: number): void {
  lengths.least = (lengths.least + least) | 0
  lengths.most = (lengths.most + most) | 0
}

/** What follows is measured by itself, and then added. Of lengths that have overflowed Java takes -1. */
function measureBranch(lengths: Lengths, items: readonly Tree[], rest: Rest): void {
  const ways = items.map(lengthsOf)
  const after: Lengths = { least: 0, most: 0, hasMost: true }
  rest(after)
  const least = Math.min(...ways.map((way) => way.least))
  add(lengths, least, Math.max(-1, ...ways.map((way) => way.most)))
  add(lengths, after.least, after.most)
  lengths.hasMost &&= after.hasMost && ways.every((way) => way.hasMost)
}

const NOTHING: Tree = { kind: 'sequence', items: [] }

function measureRepeat(lengths: Lengths, repeat: Repeat, rest: Rest): void {
  const { body, least, greed } = repeat
  if (isLoop(repeat)) {
    lengths.hasMost = false
    return
  }
  if (isOptional(repeat) && body.kind === 'group' && greed !== 'possessive') {
    measureBranch(lengths, [body, NOTHING], rest)
    return
  }
  if (isOptional(repeat)) {
    const before = lengths.least
    measure(lengths, body, () => {})
    lengths.least = before
  } else if (isRun(repeat)) add(lengths, least, lengths.hasMost ? UNLIMITED : 0)
  else multiply(lengths, repeat)
  rest(lengths)
}

function multiply(lengths: Lengths, { body, least, most }: Repeat): void {
  const once = lengthsOf(body)
  const total = {
    least: (Math.imul(once.least, least) + lengths.least) | 0,
    most: (Math.imul(once.most, most) + lengths.most) | 0,
  }
  lengths.least = total.least < lengths.least ? 0xfffffff : total.least
  if (!lengths.hasMost || !once.hasMost) {
    // Java goes on from the body's length then.
    lengths.most = once.most
    lengths.hasMost = false
    return
  }
  lengths.hasMost = total.most >= lengths.most
  lengths.most = total.most
}

/** One character over and over, as often as it goes. */
const isRun = ({ body, most, greed }: Repeat): boolean =>
  body.kind === 'char' && most === UNLIMITED && greed === 'greedy'

/** A group that may match in several ways is repeated with a way back into each repetition; others without one. */
const isLoop = (repeat: Repeat): boolean =>
  repeat.body.kind === 'group' &&
  repeat.greed !== 'possessive' &&
  !isOptional(repeat) &&
  !isDeterministic(repeat.body)

/** Whether a part matches at a place in one way at most, as far as Java looks. */
export function isDeterministic(tree: Tree): boolean {
  switch (tree.kind) {
    case 'branch':
      return false
    case 'sequence':
      return tree.items.every(isDeterministic)
    case 'group':
    case 'atomic':
      return isDeterministic(tree.body)
    case 'repeat':
      return tree.least === tree.most && isDeterministic(tree.body)
    default:
      return true
  }
}
