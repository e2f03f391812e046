import { dateFormat } from './date-format.ts'

/** No pattern has a year of two digits, so that none asks the clock. */
const NO_CLOCK = 0

/** How Kafka Connect's text of values has dates, times and timestamps. The Z is a letter like any other. */
export const ISO_DATE = dateFormat('yyyy-MM-dd', NO_CLOCK)
export const ISO_TIME = dateFormat("HH:mm:ss.SSS'Z'", NO_CLOCK)
export const ISO_TIMESTAMP = dateFormat("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'", NO_CLOCK)
