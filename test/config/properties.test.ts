import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseProperties } from '../../lib/config/properties.ts'

for (const { title, text, want } of [
  {
    title: 'separators: equals, colon, blank, none',
    text: 'a=1\nb : 2\nc 3\nd\ne = =x',
    want: { a: '1', b: '2', c: '3', d: '', e: '=x' },
  },
  { title: 'comments and empty lines', text: '# a=1\n  ! b=2\n\n  c=3', want: { c: '3' } },
  { title: 'lines of Windows', text: 'a=1\r\nb=2\r\n', want: { a: '1', b: '2' } },
  { title: 'a continued line', text: 'a=one,\\\n   two\nb=2', want: { a: 'one,two', b: '2' } },
  { title: 'a comment is not continued', text: '# off \\\na=1', want: { a: '1' } },
  {
    title: 'an escaped backslash continues nothing',
    text: 'a=C:\\\\\nb=2',
    want: { a: 'C:\\', b: '2' },
  },
  { title: 'a continuation that looks like a comment', text: 'a=x\\\n#y', want: { a: 'x#y' } },
  { title: 'escapes', text: 'a\\ b\\=c=\\u00e4\\t\\:', want: { 'a b=c': 'ä\t:' } },
  { title: 'a value with odd line separators', text: 'a=x\u2028y', want: { a: 'x\u2028y' } },
  { title: 'blanks at the end of a value', text: 'a= x \t\nb=1', want: { a: 'x \t', b: '1' } },
  { title: 'blanks of other kinds', text: 'a\u00a0b=\u00a0c', want: { 'a\u00a0b': '\u00a0c' } },
  { title: 'lines of the old Macintosh', text: 'a=1\rb=2', want: { a: '1', b: '2' } },
  { title: 'the last of two', text: 'a=1\na=2', want: { a: '2' } },
])
  test(`a properties file: ${title}`, () => assert.deepEqual(parseProperties(text), want))
