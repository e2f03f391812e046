import assert from 'node:assert/strict'
import { test } from 'node:test'
import { versionRange } from '../../lib/config/version-range.ts'

for (const { spec, within, without, text } of [
  { spec: '4.3.1', within: ['4.3.1'], without: ['4.3', '4.3.10', '4.3.2'], text: '[4.3.1,4.3.1]' },
  { spec: '[4.3]', within: ['4.3', '4.3.0'], without: ['4.3.1'], text: '[4.3,4.3]' },
  { spec: '[1.2,2.0)', within: ['1.2', '1.10'], without: ['1.1.9', '2.0', '2'], text: '[1.2,2.0)' },
  { spec: '(1.2, 2.0]', within: ['1.3', '2'], without: ['1.2', '2.0.1'], text: '(1.2,2.0]' },
  {
    spec: '(,1.0],[1.2,)',
    within: ['0.1', '1.0', '1.2', '9'],
    without: ['1.1'],
    text: '(,1.0],[1.2,)',
  },
  { spec: 'not a version', within: [], without: ['4.3.1'], text: '[not a version,not a version]' },
  { spec: '', within: [], without: ['4.3.1'], text: '[,]' },
  { spec: ' latest ', within: [], without: ['4.3.1'], text: '[latest,latest]' },
]) {
  test(`the version range ${spec}`, () => {
    const range = versionRange(spec)

    assert.ok(range)
    assert.deepEqual(
      within.filter((version) => !range.includes(version)),
      [],
    )
    assert.deepEqual(
      without.filter((version) => range.includes(version)),
      [],
    )
    assert.equal(range.text, text)
  })
}

test('the latest version, or none in particular, is no restriction', () => {
  for (const spec of ['latest', null, undefined]) assert.equal(versionRange(spec), undefined)
})

for (const [spec, message] of [
  ['[1.0', 'Unbounded range: [1.0'],
  ['(1.0)', 'Single version must be surrounded by []: (1.0)'],
  ['[2,1]', 'Range defies version ordering: [2,1]'],
  ['(1,1]', 'Range defies version ordering: (1,1]'],
  ['[1,2],[1.5,3]', 'Ranges overlap: [1,2],[1.5,3]'],
  ['[1,2],(,3]', 'Ranges overlap: [1,2],(,3]'],
  ['[1,2]x', 'Only fully-qualified sets allowed in multiple set scenario: [1,2]x'],
] as const) {
  test(`${spec} is no version range, in Maven's words`, () => {
    assert.throws(() => versionRange(spec), { name: 'ConfigException', message })
  })
}
