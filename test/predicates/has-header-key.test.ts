import { testRecorded } from '../vectors/record-vectors.ts'

testRecorded('predicates', ['HasHeaderKey'])
