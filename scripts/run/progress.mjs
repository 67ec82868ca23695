const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
/* A log wants few lines: one every ten seconds tells that something still happens. */
const LINE_EVERY_S = 10;

/**
 * Shows one line of work in progress: a spinner that redraws itself on a terminal, plain lines otherwise.
 * `text` is asked for the words each time, so they may change while the work goes on.
 */
export function showProgress(text, output = process.stderr) {
  const startedAt = Date.now();
  const seconds = () => Math.round((Date.now() - startedAt) / 1000);
  const stop = output.isTTY ? spin(text, seconds, output) : report(text, seconds, output);
  return {
    /** Ends the line with a last word, e.g. "installed 322 packages". */
    done(lastWord) {
      stop();
      output.write(`${lastWord} (${seconds()} s)\n`);
    },
    /** Ends it without one. */
    stop,
  };
}

function spin(text, seconds, output) {
  let frame = 0;
  const draw = () => {
    const line = `${FRAMES[frame++ % FRAMES.length]} ${text()} (${seconds()} s)`;
    output.write(`\r\x1b[K${line.slice(0, (output.columns || 80) - 1)}`);
  };
  draw();
  const timer = setInterval(draw, 100);
  return () => {
    clearInterval(timer);
    output.write('\r\x1b[K');
  };
}

function report(text, seconds, output) {
  output.write(`${text()}\n`);
  const timer = setInterval(
    () => output.write(`${text()} (${seconds()} s)\n`),
    LINE_EVERY_S * 1000,
  );
  return () => clearInterval(timer);
}
