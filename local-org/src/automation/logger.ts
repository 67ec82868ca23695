/** Where the org says what people should know; silent in normal operation. */
export interface Logger {
  warn(message: string): void;
  error(message: string): void;
}

export const stderrLogger: Logger = {
  warn: (message) => void process.stderr.write(`warning: ${message}\n`),
  error: (message) => void process.stderr.write(`ERROR: ${message}\n`),
};
