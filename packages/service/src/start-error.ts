/** A reason not to start that a person can act on: logged as one line without a stack, then the process exits. */
export class StartError extends Error {
  /** 2: a variable has a wrong value. 1: the configuration is right but the place it names cannot be used. */
  readonly exitCode: 1 | 2

  constructor(message: string, exitCode: 1 | 2 = 1, options?: ErrorOptions) {
    super(message, options)
    this.exitCode = exitCode
  }
}
