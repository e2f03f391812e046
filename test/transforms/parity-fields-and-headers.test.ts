/** Answers of connect-transforms 4.3.1 (JDK 17, UTC) to random configurations and records, odd numbers, names and misfits among them. */
import { testRecorded } from '../vectors/record-vectors.ts'

testRecorded('transforms', ['parity-fields-and-headers'])
