// Node 24 has been seen spinning for ever in its own cleanup, Environment::CleanupHandles, when all tests of a file had passed: what has
// nothing left to do ends before that. What is still open keeps the process alive as ever. Added last, since what came earlier writes results.
process.once('beforeExit', () => process.once('exit', () => process.exit()))
