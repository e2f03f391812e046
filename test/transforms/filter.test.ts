import { examples, filter } from '../../lib/transforms/filter.ts'
import { testRecorded } from '../vectors/record-vectors.ts'
import { testExamples } from './examples.ts'

testExamples([filter], examples)
testRecorded('transforms', ['Filter'])
