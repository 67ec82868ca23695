const path = require('node:path');

/** A formatter for ESLint: one line a finding, as every other step of the check writes it. */
module.exports = (results) =>
  results
    .flatMap(({ filePath, messages }) =>
      messages.map(
        ({ line, ruleId, message }) =>
          `${path.relative(process.cwd(), filePath)}:${line ?? 1}: ${message} (${ruleId ?? 'syntax'})`,
      ),
    )
    .join('\n');
