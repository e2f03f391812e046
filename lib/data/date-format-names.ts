/** Names in English as Java writes and reads them. */
export const ERAS = ['BC', 'AD']
export const HALF_DAYS = ['AM', 'PM']

export const WEEKDAYS = 'Sunday Monday Tuesday Wednesday Thursday Friday Saturday'.split(' ')

export const MONTHS =
  'January February March April May June July August September October November December'.split(' ')

const abbreviated = (name: string): string => name.slice(0, 3)

export const SHORT_WEEKDAYS = WEEKDAYS.map(abbreviated)
export const SHORT_MONTHS = MONTHS.map(abbreviated)
