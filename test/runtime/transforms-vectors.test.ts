import { testRecorded } from '../vectors/record-vectors.ts'

testRecorded('transforms', ['Chain'])
