import { dropHeaders, examples } from '../../lib/transforms/drop-headers.ts'
import { testRecorded } from '../vectors/record-vectors.ts'
import { testExamples } from './examples.ts'

testExamples([dropHeaders], examples)
testRecorded('transforms', ['DropHeaders'])
