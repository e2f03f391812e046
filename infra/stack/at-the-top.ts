import { StackError } from './stack-error.ts'

/** Ends the process with the exit code of `main`; a fault of the surroundings is told without a stack trace. */
export const atTheTop = (main: () => Promise<number>): void => {
  main().then(
    (code) => {
      process.exitCode = code
    },
    (fault: unknown) => {
      const told = fault instanceof StackError ? fault.message : (fault as Error).stack
      process.stderr.write(`${told}\n`)
      process.exitCode = 1
    },
  )
}
