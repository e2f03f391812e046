/** Something the person at the keyboard can mend: its message is all there is to print. */
export class StackError extends Error {
  override readonly name = 'StackError'
}
