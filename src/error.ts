/** What went wrong, for a person: the message says what happened, the hint is the command or the change that mends it. */
export class ToolError extends Error {
  constructor(
    /** A stable word for programs, such as `damaged-file`. */
    readonly code: string,
    message: string,
    readonly hint?: string,
  ) {
    super(message);
    this.name = 'ToolError';
  }
}
